import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import type { Front } from "../../api/model";
import { AssetCard } from "../../ui/AssetCard";
import styles from "./Front.module.css";

const IN_A_ROW = 4;

/** Each column a row of its latest. */
export function Columns({ columns }: Pick<Front, "columns">) {
  const { t } = useTranslation();
  return columns.map(({ column, items }) => (
    <section key={column.id} aria-labelledby={`column-${column.id}`}>
      <div className={styles.columnHead}>
        <h2 id={`column-${column.id}`}>{column.title}</h2>
        {items.length > 0 && (
          <Link href={`/columns/${column.id}`} aria-label={`${t("front.whole_column")} ${column.title}`}>
            {t("front.whole_column")} →
          </Link>
        )}
      </div>
      {items.length === 0 ? (
        <p className={styles.quiet}>{t("front.empty_column")}</p>
      ) : (
        <ul className={styles.cards}>
          {items.slice(0, IN_A_ROW).map((asset) => (
            <li key={asset.id}>
              <AssetCard asset={asset} />
            </li>
          ))}
        </ul>
      )}
    </section>
  ));
}
