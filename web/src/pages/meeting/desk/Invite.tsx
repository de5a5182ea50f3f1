import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAll } from "../../../api/hooks";
import type { Person } from "../../../api/model";
import { useConducting } from "../Conducting";
import type { Venue } from "../model";
import styles from "./Tools.module.css";

const MOST = 8;

/** Calls in somebody who is not on the list: a site or a person, found by name. */
export function Invite({ venues }: { venues: readonly Venue[] }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const asks = wanted !== "";
  const sites = useAll<{ id: string; title: string }>("/sites", asks);
  const people = useAll<Person>("/people", asks);
  const known = new Set(venues.map(({ id }) => id));
  const all = [...(sites.data ?? []).map(({ id, title }) => ({ venue: `site:${id}`, title })), ...(people.data ?? []).map(({ id, display_name: title }) => ({ venue: `person:${id}`, title }))];
  const fitting = asks ? all.filter(({ venue, title }) => !known.has(venue) && title.toLowerCase().includes(wanted)).slice(0, MOST) : [];
  return (
    <section>
      <TextInput type="search" label={t("desk.door.invite")} placeholder={t("desk.door.invite_hint")} value={text} onChange={({ target }) => setText(target.value)} data-invite />
      <ul className={styles.list}>
        {fitting.map(({ venue, title }) => (
          <li key={venue} className={styles.item} data-offered={venue}>
            <span className={styles.name}>{title}</span>
            <Button variant="default" onClick={() => void run({ act: "invite", venue, title })} data-do="invite">
              {t("desk.door.call")}
            </Button>
          </li>
        ))}
      </ul>
      {asks && fitting.length === 0 && !sites.isLoading && !people.isLoading && <p className={styles.none}>{t("desk.none_found")}</p>}
    </section>
  );
}
