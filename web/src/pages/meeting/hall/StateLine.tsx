import { useTranslation } from "react-i18next";

import { useNow } from "../../../ui/useNow";
import { useTimeWords } from "../../../ui/words";
import type { Shown } from "../model";
import { type Said, stateSaid } from "../words";
import styles from "./Hall.module.css";

/** Says what a pure function found. */
export function useSaid(): (said: Said) => string {
  const { t } = useTranslation();
  return ({ key, values }) => (t as (key: string, values?: Record<string, unknown>) => string)(key, values);
}

/** The meeting's state, and the time. */
export function StateLine({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const said = useSaid();
  const now = useNow();
  return (
    <p className={styles.state} role="status" data-phase={shown.phase}>
      {stateSaid(shown, now, clock).map((part) => (
        <span key={part.key} className={styles.chip} data-said={part.key}>
          {said(part)}
        </span>
      ))}
      <span className={styles.quiet}>{t("hall.until", { clock: clock(shown.ends) })}</span>
    </p>
  );
}
