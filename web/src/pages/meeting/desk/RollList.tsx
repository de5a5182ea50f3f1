import { useTranslation } from "react-i18next";

import { Bar } from "../../../ui/Bar";
import { useTimeWords } from "../../../ui/words";
import { useConducting } from "../Conducting";
import type { Conduct, RollMark } from "../model";
import { isHere } from "./found";
import styles from "./Tools.module.css";

const MARKS: readonly RollMark[] = ["present", "late", "absent"];

/** The roll as a list that fills; a press answers for a venue. */
export function RollList({ conduct }: { conduct: Conduct }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const { run } = useConducting();
  const { roll, shown } = conduct;
  const called = conduct.venues.filter(({ id, is_expected: isExpected }) => isExpected || roll.answers[id]);
  const many = (mark: RollMark) => called.filter(({ id }) => roll.answers[id]?.mark === mark).length;
  const open = called.filter(({ id }) => !roll.answers[id]);
  if (roll.begun === null) return <p className={styles.none}>{t("desk.roll.not_called")}</p>;
  const mayMark = ["roll_call", "in_session", "break"].includes(shown.phase);
  return (
    <>
      <p className={styles.sum} role="status" data-roll-open={open.length}>
        {t("desk.roll.sum", { answered: called.length - open.length, all: called.length, present: many("present"), late: many("late"), absent: many("absent") })}
      </p>
      <Bar value={called.length === 0 ? null : (called.length - open.length) / called.length} label={t("desk.tool.roll")} />
      <ul className={styles.list}>
        {called.map((venue) => {
          const answer = roll.answers[venue.id];
          return (
            <li key={venue.id} className={styles.rolled} data-roll={venue.id} data-mark={answer?.mark ?? "none"}>
              <span className={styles.name}>
                {venue.title}
                <span className={styles.since}>
                  {answer ? `${t(`desk.roll.${answer.mark}`)} ${clock(answer.at)}${answer.is_by_chair ? ` · ${t("desk.roll.by_chair")}` : ""}` : t(isHere(venue) ? "desk.roll.silent" : "desk.roll.not_in")}
                </span>
              </span>
              <span className={styles.marks} role="group" aria-label={venue.title}>
                {MARKS.map((mark) => (
                  <button key={mark} type="button" disabled={!mayMark} aria-pressed={answer?.mark === mark} aria-label={`${venue.title}: ${t(`desk.roll.${mark}`)}`} onClick={() => void run({ act: "mark_roll", venue: venue.id, mark })} data-set={mark}>
                    {t(`desk.roll.short.${mark}`)}
                  </button>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
