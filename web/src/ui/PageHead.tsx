import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import styles from "./PageHead.module.css";

/** The browser's title follows the page. */
export function useTitle(title: string | undefined) {
  const { t } = useTranslation();
  const brand = t("brand");
  useEffect(() => {
    document.title = title ? `${title} · ${brand}` : brand;
  }, [title, brand]);
}

/** The page's name, and the one thing to do here. */
export function PageHead({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  useTitle(title);
  return (
    <div className={styles.head}>
      <div>
        <h1>{title}</h1>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
      {children && <div className={styles.acts}>{children}</div>}
    </div>
  );
}
