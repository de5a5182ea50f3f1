import { useTranslation } from "react-i18next";

import type { components } from "../../../api/schema";
import { useTimeWords } from "../../../ui/words";
import styles from "./After.module.css";
import { fieldsOf, type FieldGrade } from "./strip";

type Venue = components["schemas"]["VenueQuality"];

/** A venue's line over the time of the meeting. */
export function QualityStrip({ venue, from, to }: { venue: Venue; from: number; to: number }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const count = (grade: FieldGrade) => venue.minutes.filter((minute) => minute.grade === grade).length;
  const label = t("after.strip", { title: venue.title, from: clock(from), to: clock(to), good: count("good"), fair: count("fair"), poor: count("poor") });
  const said = ({ at, grade, loss_percent: loss, up_kbps: up, down_kbps: down, rtt_ms: rtt, frozen_seconds: seconds }: Venue["minutes"][number]) => {
    const line = t("after.minute", { at: clock(at), grade: t(`after.grade_${grade}`), loss, up, down, rtt });
    return seconds === 0 ? line : t("after.minute_frozen", { said: line, seconds });
  };
  return (
    <div className={styles.stripRow}>
      <span className={styles.stripTitle} title={venue.title}>
        {venue.title}
      </span>
      <div className={styles.strip} role="img" aria-label={label}>
        {fieldsOf(venue.minutes, from, to).map(({ at, grade, worst }) => (
          <i
            key={at}
            data-grade={grade}
            title={worst ? said(worst) : `${clock(at)} ${t("after.grade_none")}`}
          />
        ))}
      </div>
    </div>
  );
}
