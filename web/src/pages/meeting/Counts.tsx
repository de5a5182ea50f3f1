import { useTranslation } from "react-i18next";

import styles from "./Counts.module.css";
import type { Ballot } from "./model";

/** How many chose what, as bars whose numbers stand beside them. */
export function Counts({ ballot }: { ballot: Ballot }) {
  const { t } = useTranslation();
  const options = ballot.kind === "vote" ? ballot.options : [t("desk.ballot.signed_in")];
  const most = Math.max(1, ballot.voted);
  return (
    <dl className={styles.counts} aria-label={ballot.title}>
      {options.map((option, at) => (
        <div key={at} className={styles.row} data-count={ballot.counts[at] ?? 0}>
          <dt>{option}</dt>
          <dd className="numbers">{ballot.counts[at] ?? 0}</dd>
          <dd className={styles.bar} aria-hidden>
            <div style={{ inlineSize: `${((ballot.counts[at] ?? 0) * 100) / most}%` }} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
