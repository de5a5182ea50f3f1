import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import type { Of } from "../../meetings/papers/api";
import { PaperList } from "../../meetings/papers/PaperList";
import { useBooked } from "../hall/Agenda";
import side from "../hall/Side.module.css";
import type { Shown } from "../model";
import styles from "./PaperStage.module.css";
import type { Reading } from "./useReading";

interface Props {
  of: Of;
  shown: Shown;
  reading: Reading;
  mayShare: boolean;
  steers: boolean;
  onClose: () => void;
  /** One has opened a paper: on a phone the list makes way for it. */
  onOpened: () => void;
}

/** The meeting's papers beside the pictures. */
export function PapersPanel({ of, shown, reading, mayShare, steers, onClose, onOpened }: Props) {
  const { t } = useTranslation();
  const points = (useBooked(of.meeting)?.agenda ?? []).map(({ title }) => title);
  return (
    <aside className={side.panel} aria-label={t("papers.title")} data-panel="papers">
      <div className={side.head}>
        <h2>{t("papers.title")}</h2>
        <IconButton label={t("act.close")} onClick={onClose}>
          <IconX />
        </IconButton>
      </div>
      <div className={styles.panel} tabIndex={0} role="group" aria-label={t("papers.title")}>
        <PaperList
          of={of}
          points={points}
          steers={steers}
          brings={mayShare}
          shown={shown.paper?.paper ?? null}
          onOpen={(paper) => {
            reading.open(paper);
            onOpened();
          }}
          {...(mayShare && {
            onShow: (paper) => {
              reading.show(paper, 1);
              onOpened();
            },
          })}
        />
      </div>
    </aside>
  );
}
