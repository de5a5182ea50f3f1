import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Of, type Paper, usePapers } from "../../meetings/papers/api";
import { PageTurner } from "../../meetings/papers/PageTurner";
import { PaperDialog } from "../../meetings/papers/PaperDialog";
import { PaperList } from "../../meetings/papers/PaperList";
import { PaperView } from "../../meetings/papers/PaperView";
import { useConducting } from "../Conducting";
import { useBooked } from "../hall/Agenda";
import type { Shown } from "../model";
import styles from "./PaperStage.module.css";

/** Papers at the chair's desk: what is shown now with its pages, and the list with receipts. */
export function DeskPapers({ of, shown }: { of: Of; shown: Shown }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const papers = usePapers(of);
  const points = (useBooked(of.meeting)?.agenda ?? []).map(({ title }) => title);
  const [opened, setOpened] = useState<Paper | null>(null);
  const [pages, setPages] = useState({ of: "", count: 0 });
  const now = shown.paper;
  const paper = papers.data?.find(({ id }) => id === now?.paper);
  return (
    <div>
      {now && paper && (
        <section className={styles.now} aria-label={t("papers.shown")} data-desk-paper={paper.title} data-desk-page={now.page}>
          <div className={styles.preview}>
            <PaperView of={of} paper={paper} page={now.page} onPages={(count) => setPages({ of: paper.id, count })} />
          </div>
          {pages.of === paper.id && pages.count > 1 && <PageTurner page={now.page} pages={pages.count} onPage={(page) => void run({ act: "show_paper", paper: paper.id, page })} />}
          <Button variant="default" onClick={() => void run({ act: "hide_paper" })}>
            {t("papers.hide")}
          </Button>
        </section>
      )}
      <PaperList of={of} points={points} steers brings shown={now?.paper ?? null} onOpen={setOpened} onShow={(chosen) => void run({ act: "show_paper", paper: chosen.id, page: 1 }).then(() => papers.refetch())} />
      {opened && <PaperDialog of={of} paper={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}
