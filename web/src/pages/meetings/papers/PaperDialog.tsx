import { Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Of, Paper } from "./api";
import { PageTurner } from "./PageTurner";
import styles from "./Papers.module.css";
import { PaperView } from "./PaperView";

/** A paper over the page, for who reads it outside of the meeting. */
export function PaperDialog({ of, paper, onClose }: { of: Of; paper: Paper; onClose: () => void }) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const [pages, setPages] = useState(0);
  return (
    <Modal title={paper.title} opened onClose={onClose} fullScreen closeButtonProps={{ "aria-label": t("act.close") }} className={styles.dialog}>
      <div className={styles.reader} data-reader>
        <PaperView of={of} paper={paper} page={page} onPages={setPages} />
        {pages > 1 && <PageTurner page={page} pages={pages} onPage={setPage} />}
      </div>
    </Modal>
  );
}
