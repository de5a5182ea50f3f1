import { useTranslation } from "react-i18next";

import { At } from "../../../ui/At";
import { Dialog } from "../../../ui/Dialog";
import { Loaded } from "../../../ui/Loaded";
import { type Of, type Paper, useReceipts } from "./api";
import styles from "./Papers.module.css";

/** Who has opened a paper when, and who has not: those first, as they are to be called. */
export function ReceiptsDialog({ of, paper, onClose }: { of: Of; paper: Paper; onClose: () => void }) {
  const { t } = useTranslation();
  const receipts = useReceipts(of, paper.id);
  return (
    <Dialog title={t("papers.receipts", { title: paper.title })} opened onClose={onClose} size={560}>
      <Loaded of={receipts}>
        {({ opened, not_opened: missing }) => (
          <div className={styles.receipts} data-opened={opened.length} data-missing={missing.length}>
            <h3>{t("papers.not_opened", { count: missing.length })}</h3>
            <p>{missing.length === 0 ? t("papers.all_opened") : missing.map(({ title }) => title).join("、")}</p>
            <h3>{t("papers.opened_count", { count: opened.length })}</h3>
            <ul>
              {opened.map(({ venue, title, name, at }) => (
                <li key={venue} data-opened-by={title}>
                  <span>
                    {title} {name !== "" && name !== title && <span className={styles.quiet}>{name}</span>}
                  </span>
                  <At at={at} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}
