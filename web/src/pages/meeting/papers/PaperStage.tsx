import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ToolButton } from "../../../ui/ToolButton";
import type { Of } from "../../meetings/papers/api";
import { PageTurner } from "../../meetings/papers/PageTurner";
import { PaperView } from "../../meetings/papers/PaperView";
import { useConducting } from "../Conducting";
import type { Shown } from "../model";
import styles from "./PaperStage.module.css";
import type { Reading } from "./useReading";

interface Props {
  of: Of;
  shown: Shown;
  reading: Reading;
  mayShare: boolean;
  /** One may put away what others show. */
  steers: boolean;
}

/** A paper in the place of the slides, with whose page it is. */
export function PaperStage({ of, shown, reading, mayShare, steers }: Props) {
  const { t } = useTranslation();
  const { title } = useConducting();
  const { paper, page, follows, presents, isShown } = reading;
  const [pages, setPages] = useState({ of: "", count: 0 });
  if (!paper) return null;
  const count = pages.of === paper.id ? pages.count : 0;
  const by = shown.paper?.by ?? null;
  return (
    <article className={styles.stage} data-place="paper" data-paper={paper.title} data-paper-page={page} data-follows={follows} aria-label={paper.title}>
      <PaperView key={paper.id} of={of} paper={paper} page={page} onPages={(found) => setPages({ of: paper.id, count: found })} />
      <div className={styles.foot}>
        <span className={styles.name}>
          {paper.title}
          <span className={styles.who}>{presents ? t("papers.you_present") : follows ? t("papers.presents", { name: by === null ? t("papers.desk") : title(by) }) : t("papers.own_look")}</span>
        </span>
        {count > 1 && <PageTurner page={Math.min(page, count)} pages={count} onPage={reading.turn} />}
        {isShown && !follows && (
          <Button variant="default" onClick={reading.follow} data-follow>
            {t("papers.follow")}
          </Button>
        )}
        {mayShare && !follows && paper.kind !== "office" && (
          <Button color="accent" onClick={() => reading.show(paper, Math.max(1, page))} data-show-all>
            {t("papers.show")}
          </Button>
        )}
        {follows && (presents || steers) && (
          <Button variant="default" onClick={reading.hide} data-hide>
            {t("papers.hide")}
          </Button>
        )}
        {!presents && (
          <ToolButton label={t("papers.close")} onClick={reading.close}>
            <IconX />
          </ToolButton>
        )}
      </div>
    </article>
  );
}
