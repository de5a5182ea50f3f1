import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ToolButton } from "../../../ui/ToolButton";
import styles from "./Papers.module.css";

/** Turns the pages. */
export function PageTurner({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation();
  return (
    <p className={styles.turner}>
      <ToolButton label={t("papers.page_before")} disabled={page <= 1} onClick={() => onPage(page - 1)} data-turn="back">
        <IconChevronLeft />
      </ToolButton>
      <span className="numbers">{t("hall.page_of", { page, pages })}</span>
      <ToolButton label={t("papers.page_next")} disabled={page >= pages} onClick={() => onPage(page + 1)} data-turn="on">
        <IconChevronRight />
      </ToolButton>
    </p>
  );
}
