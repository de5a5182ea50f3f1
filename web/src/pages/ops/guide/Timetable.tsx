import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useGet } from "../../../api/hooks";
import type { Page, Slot, SlotDraft } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Loaded } from "../../../ui/Loaded";
import { ProblemBox } from "../../../ui/ProblemBox";
import { useWeekdaysWords } from "../../../ui/words";
import { Weekdays } from "../shared/Weekdays";
import styles from "./Guide.module.css";

const EMPTY: SlotDraft = { weekdays: [1, 2, 3, 4, 5, 6, 7], start: "", end: "", title: "" };

/** The week as an operator types it. */
export function Timetable({ channel }: { channel: string }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const days = useWeekdaysWords();
  const path = `/channels/${channel}/timetable`;
  const slots = useGet<Page<Slot>>(path);
  const act = useAct(`/channels/${channel}`);
  const [draft, setDraft] = useState(EMPTY);
  const ready = draft.title.trim() !== "" && draft.start !== "" && draft.end !== "" && draft.start !== draft.end && draft.weekdays.length > 0;
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const made = await act.mutateAsync({ method: "POST", path, body: { ...draft, title: draft.title.trim() } }).catch(() => null);
    if (made !== null) setDraft({ ...EMPTY, weekdays: draft.weekdays, start: draft.end });
  };
  return (
    <section className={styles.timetable} aria-labelledby="timetable">
      <h2 id="timetable">{t("guide.timetable")}</h2>
      <p className={styles.quiet}>{t("guide.timetable_hint")}</p>
      <Loaded of={slots}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.none}>{t("guide.timetable_none")}</p>
          ) : (
            <ul className={styles.slots}>
              {items.map((slot) => (
                <li key={slot.id}>
                  <span className={styles.clock}>
                    {slot.start}–{slot.end}
                  </span>
                  <span className={styles.title}>{slot.title}</span>
                  <span className={styles.quiet}>{days(slot.weekdays)}</span>
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="var(--ink-2)"
                    aria-label={`${t("act.delete")} ${slot.title}`}
                    onClick={() => ask({ question: t("guide.slot_sure", { title: slot.title }), act: t("act.delete"), run: () => act.mutateAsync({ method: "DELETE", path: `${path}/${slot.id}` }) })}
                  >
                    <IconTrash size={20} />
                  </ActionIcon>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <form className={styles.form} onSubmit={(event) => void add(event)}>
        <Weekdays label={t("guide.weekdays")} value={draft.weekdays} onChange={(weekdays) => setDraft({ ...draft, weekdays })} />
        <div className={styles.choice}>
          <TextInput type="time" label={t("guide.start")} value={draft.start} onChange={({ target }) => setDraft({ ...draft, start: target.value })} />
          <TextInput type="time" label={t("guide.end")} value={draft.end} onChange={({ target }) => setDraft({ ...draft, end: target.value })} />
          <TextInput className={styles.grow} label={t("guide.name")} value={draft.title} onChange={({ target }) => setDraft({ ...draft, title: target.value })} />
          <Button type="submit" disabled={!ready} loading={act.isPending}>
            {t("guide.add")}
          </Button>
        </div>
        {act.isError && <ProblemBox error={act.error} />}
      </form>
    </section>
  );
}
