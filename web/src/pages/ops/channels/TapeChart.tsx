import { useTranslation } from "react-i18next";

import type { Tape } from "../../../api/model";
import { At } from "../../../ui/At";
import { weekdayOf } from "../../../ui/time";
import { size, useHalf, useTimeWords } from "../../../ui/words";
import styles from "./Channels.module.css";
import { tapeDays, type TapeHour } from "./tape_hours";

const percent = ({ start, end }: { start: number; end: number }) => ({ insetInlineStart: `${start * 100}%`, inlineSize: `${(end - start) * 100}%` });

/** What the tape holds, a row for each day and a box for each hour; and its interruptions in words. */
export function TapeChart({ tape }: { tape: Tape }) {
  const { t } = useTranslation();
  const { zone, say, clock, duration, weekday } = useTimeWords();
  const half = useHalf();
  if (tape.from === null || tape.to === null) return <p className={styles.quiet}>{t("channels.tape_none")}</p>;
  const words = ({ from, to, held, gapMs, errors }: TapeHour): string => {
    const facts = held === null ? [t("channels.tape_empty")] : [gapMs > 0 && t("channels.tape_gap", { length: duration(gapMs) }), errors > 0 && t("channels.tape_errors", { count: errors })].filter(Boolean);
    return t("channels.tape_hour", { from: clock(from), to: clock(to) }) + (facts.length > 0 ? facts.join("，") : t("channels.tape_full"));
  };
  const gaps = [...tape.gaps].sort((one, other) => other.from - one.from);
  return (
    <>
      <p className={styles.quiet}>{t("channels.tape_span", { from: say(tape.from), to: say(tape.to), size: size(tape.bytes) })}</p>
      <div className={styles.days}>
        <div className={styles.ticks} aria-hidden>
          <span />
          {["00:00", "06:00", "12:00", "18:00"].map((tick) => (
            <span key={tick}>{tick}</span>
          ))}
        </div>
        {tapeDays(tape, zone).map(({ day, hours }) => (
          <div key={day} className={styles.day}>
            <span className="numbers">
              {day.slice(5).replace("-", "/")} {weekday(weekdayOf(day))}
            </span>
            <div className={styles.hours} role="img" aria-label={`${day}: ${hours.filter(({ gapMs, errors }) => gapMs > 0 || errors > 0).map(words).join("; ") || t("channels.tape_no_gaps")}`}>
              {hours.map((hour) => (
                <span key={hour.from} className={styles.hour} title={words(hour)}>
                  {hour.held && <span className={styles.held} style={percent(hour.held)} />}
                  {hour.gaps.map((gap) => (
                    <span key={gap.start} className={styles.gap} style={percent(gap)} />
                  ))}
                  {hour.errors > 0 && <span className={styles.mark} />}
                </span>
              ))}
            </div>
          </div>
        ))}
      </div>
      <ul className={styles.legend} aria-label={t("channels.legend")}>
        <li>
          <i className={styles.held} />
          {t("channels.tape_full")}
        </li>
        <li>
          <i className={styles.gap} />
          {t("channels.tape_gaps")}
        </li>
        <li>
          <i style={{ background: "var(--bad)" }} />
          {t("signal.error")}
        </li>
      </ul>
      {gaps.length > 0 && (
        <ul className={styles.gaps}>
          {gaps.slice(0, 20).map((gap) => (
            <li key={gap.from}>
              <At at={gap.from} /> · {t("channels.tape_gap", { length: duration(gap.to - gap.from) })} · {half(gap.reason)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
