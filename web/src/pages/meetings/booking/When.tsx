import { Chip, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useZone } from "../../../api/hooks";
import { useTimeWords } from "../../../ui/words";
import styles from "./Booking.module.css";
import { type Draft, startingAt } from "./draft";
import { choicesOn, DAYS, dateOf, dayOfWeek, type Every, nthOf, type RepeatDraft } from "./repeat";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** What is booked already is not repeated anew. */
  repeats: boolean;
}

/** When it is, and how often. */
export function When({ draft, onChange, repeats }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <>
      <div className={styles.pair}>
        <TextInput type="datetime-local" label={t("meetings.starts")} value={draft.starts} onChange={({ target }) => onChange(startingAt(draft, target.value, zone))} required />
        <TextInput type="datetime-local" label={t("meetings.ends")} value={draft.ends} onChange={({ target }) => onChange({ ...draft, ends: target.value })} required />
      </div>
      {repeats && <Repeats day={draft.starts.slice(0, 10)} repeat={draft.repeat} onChange={(repeat) => onChange({ ...draft, repeat })} />}
    </>
  );
}

function Repeats({ day, repeat, onChange }: { day: string; repeat: RepeatDraft; onChange: (repeat: RepeatDraft) => void }) {
  const { t } = useTranslation();
  const { weekday } = useTimeWords();
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  const long = (of: (typeof DAYS)[number]) => weekday(DAYS.indexOf(of) + 1, true);
  const words = (every: Every) => t(`booking.every.${every}`, { date: dateOf(day), nth: nthOf(day), day: long(dayOfWeek(day)) });
  const choices = choicesOn(day);
  const shown = choices.includes(repeat.every) ? choices : [...choices, repeat.every];
  return (
    <>
      <NativeSelect label={t("booking.repeat")} value={repeat.every} onChange={({ target }) => onChange({ ...repeat, every: target.value as Every })} data={shown.map((every) => ({ value: every, label: words(every) }))} data-repeat />
      {repeat.every === "week" && (
        <Chip.Group multiple value={repeat.days} onChange={(days) => onChange({ ...repeat, days: days as RepeatDraft["days"] })}>
          <div className={styles.row} role="group" aria-label={t("booking.on_days")}>
            {DAYS.map((of) => (
              <Chip key={of} value={of} size="md">
                {long(of)}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
      {repeat.every !== "none" && (
        <div className={styles.pair}>
          <NativeSelect
            label={t("booking.ends")}
            value={repeat.ends}
            onChange={({ target }) => onChange({ ...repeat, ends: target.value as RepeatDraft["ends"] })}
            data={[
              { value: "count", label: t("booking.ends_count") },
              { value: "until", label: t("booking.ends_until") },
            ]}
          />
          {repeat.ends === "count" ? (
            <NumberInput label={t("booking.count")} min={1} max={366} value={repeat.count} onChange={(count) => onChange({ ...repeat, count: typeof count === "number" ? count : 0 })} />
          ) : (
            <TextInput type="date" label={t("booking.until")} value={repeat.until} min={day} onChange={({ target }) => onChange({ ...repeat, until: target.value })} />
          )}
        </div>
      )}
    </>
  );
}
