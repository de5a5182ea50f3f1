import { useTranslation } from "react-i18next";

import type { NumberSegment } from "../../../api/model";
import { State } from "../../../ui/State";
import styles from "./Numbers.module.css";
import { placedSegments } from "./segments";
import { UseBar } from "./UseBar";

interface Props {
  segments: NumberSegment[];
  chosen: string | null;
  onChoose: (segment: string | null) => void;
}

/** The tree of segments: range, owner, and how full each is. */
export function SegmentTree({ segments, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <section className={styles.tree} aria-labelledby="segments">
      <h2 id="segments">{t("numbers.segments")}</h2>
      <ul>
        <li>
          <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
            {t("numbers.whole")}
          </button>
        </li>
        {placedSegments(segments).map(({ segment, depth }) => (
          <li key={segment.id}>
            <button type="button" aria-pressed={segment.id === chosen} style={{ paddingInlineStart: 12 + depth * 20 }} onClick={() => onChoose(segment.id)}>
              <span className={styles.line}>
                <b className={styles.digits}>{segment.range}</b>
                <span>{segment.title === "" ? segment.unit_title : `${segment.unit_title} · ${segment.title}`}</span>
              </span>
              <UseBar usage={segment.usage} />
              {segment.foreign && <State tone="warn">{t("numbers.foreign_segment")}</State>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
