import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Conduct } from "../model";
import { type Seat, seatIn } from "../seats";
import styles from "./Desk.module.css";
import { type Which, WHICH, counts, found } from "./found";
import { VenueRow } from "./VenueRow";

/** All venues of the meeting, in the order of the list. */
export function VenueList({ conduct, seats }: { conduct: Conduct; seats: readonly Seat[] | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [which, setWhich] = useState<Which>("all");
  const many = counts(conduct.venues);
  const list = found(conduct.venues, text, which);
  return (
    <section className={styles.venues} aria-label={t("desk.venues")}>
      <div className={styles.search}>
        <SegmentedControl value={which} onChange={(value) => setWhich(value as Which)} data={WHICH.map((value) => ({ value, label: t(`desk.which.${value}`, { count: many[value] }) }))} fullWidth />
        <TextInput type="search" aria-label={t("desk.search")} placeholder={t("desk.search")} value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      <ul className={styles.list} tabIndex={0} aria-label={t("desk.venues")}>
        {list.map((venue) => (
          <VenueRow key={venue.id} venue={venue} conduct={conduct} seat={seats && seatIn(seats, venue.id)} />
        ))}
        {list.length === 0 && <li className={styles.none}>{t("desk.none_found")}</li>}
      </ul>
    </section>
  );
}
