import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { withQuery } from "../../../api/client";
import { useGet } from "../../../api/hooks";
import type { Page } from "../../../api/model";
import type { components } from "../../../api/schema";
import styles from "./Booking.module.css";
import type { Named } from "./draft";

type Invitee = components["schemas"]["Invitee"];

interface Props {
  label: string;
  description?: ReactNode;
  /** Not offered. */
  without: readonly string[];
  onPick: (person: Named) => void;
}

const MOST = 8;

/** Finds a person of the whole tree by name, unit, or the first letters of the pinyin. */
export function PersonSearch({ label, description, without, onPick }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [sought] = useDebouncedValue(text.trim(), 250);
  const list = useId();
  const found = useGet<Page<Invitee>>(withQuery("/invitees", { q: sought, people: true, limit: MOST + without.length }), { enabled: sought !== "" });
  const offered = sought === "" || text.trim() === "" ? [] : (found.data?.items ?? []).filter(({ venue }) => !without.includes(venue.slice("person:".length))).slice(0, MOST);
  const pick = ({ venue, title }: Invitee) => {
    onPick({ id: venue.slice("person:".length), name: title });
    setText("");
  };
  return (
    <div className={styles.search}>
      <TextInput
        type="search"
        label={label}
        description={description}
        placeholder={t("booking.person_hint")}
        value={text}
        autoComplete="off"
        aria-controls={list}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // The form is not sent by choosing a person.
          event.preventDefault();
          if (offered[0]) pick(offered[0]);
        }}
      />
      <ul id={list} className={styles.offers} aria-live="polite">
        {offered.map((person) => (
          <li key={person.venue}>
            <button type="button" onClick={() => pick(person)} data-person={person.title}>
              {person.title} <span>{person.unit_title}</span>
            </button>
          </li>
        ))}
        {sought !== "" && sought === text.trim() && found.isSuccess && offered.length === 0 && <li className={styles.quiet}>{t("booking.nobody")}</li>}
      </ul>
    </div>
  );
}
