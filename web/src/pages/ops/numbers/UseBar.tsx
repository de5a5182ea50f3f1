import { useTranslation } from "react-i18next";

import type { NumberUse } from "../../../api/model";
import styles from "./Numbers.module.css";
import { PARTS, usedPercent } from "./segments";

/** How full a segment is: what became of its numbers, side by side; the words say it too. */
export function UseBar({ usage }: { usage: NumberUse }) {
  const { t } = useTranslation();
  const label = usage.free === 0 ? t("numbers.full") : t("numbers.used", { percent: usedPercent(usage), free: usage.free.toLocaleString() });
  return (
    <div className={styles.use}>
      <div className={styles.bar} aria-hidden>
        {PARTS.map((part) => (
          <span key={part} data-part={part} style={{ inlineSize: `${(usage[part] / usage.total) * 100}%` }} />
        ))}
      </div>
      <small data-full={usage.free === 0 || undefined}>{label}</small>
    </div>
  );
}

/** The same with the counts, for the one chosen. */
export function UseTable({ usage }: { usage: NumberUse }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.counts}>
      {[...PARTS, "free" as const].map((part) => (
        <div key={part} data-part={part}>
          <dt>{t(`numbers.part.${part}`)}</dt>
          <dd>{usage[part].toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}
