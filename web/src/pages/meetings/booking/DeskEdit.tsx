import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import styles from "./Booking.module.css";
import { Chosen } from "./Chosen";
import type { Clerk, Draft, Duty } from "./draft";
import { PersonSearch } from "./PersonSearch";

/** Who runs the desk for the chair, and who acts for a leader. */
export function DeskEdit({ draft, onChange }: { draft: Draft; onChange: (desk: Clerk[]) => void }) {
  const { t } = useTranslation();
  const { desk, names, branches, chair } = draft;
  const leaders = branches.filter((venue) => venue.startsWith("person:")).map((venue) => ({ value: venue.slice("person:".length), label: names[venue] ?? venue }));
  const set = (person: string, part: Partial<Clerk>) => onChange(desk.map((clerk) => (clerk.person === person ? { ...clerk, ...part } : clerk)));
  return (
    <div>
      <PersonSearch
        label={t("booking.desk")}
        description={t("booking.desk_hint")}
        without={[...desk.map(({ person }) => person), ...(chair ? [chair.id] : [])]}
        onPick={({ id, name }) => onChange([...desk, { person: id, name, duty: "clerk", actsFor: null }])}
      />
      <ul className={styles.chips}>
        {desk.map((clerk) => (
          <Chosen key={`${clerk.person}/${clerk.actsFor ?? ""}`} name={clerk.name} onRemove={() => onChange(desk.filter((other) => other !== clerk))}>
            <NativeSelect
              aria-label={t("booking.duty_of", { name: clerk.name })}
              value={clerk.duty}
              onChange={({ target }) => set(clerk.person, { duty: target.value as Duty })}
              data={[
                { value: "clerk", label: t("booking.duty_clerk") },
                { value: "secretary", label: t("booking.duty_secretary") },
              ]}
            />
            {leaders.length > 0 && clerk.duty === "secretary" && (
              <NativeSelect
                aria-label={t("booking.acts_for", { name: clerk.name })}
                value={clerk.actsFor ?? ""}
                onChange={({ target }) => set(clerk.person, { actsFor: target.value === "" ? null : target.value })}
                data={[{ value: "", label: t("booking.for_chair") }, ...leaders.map(({ value, label }) => ({ value, label: t("booking.for_named", { name: label }) }))]}
              />
            )}
          </Chosen>
        ))}
      </ul>
    </div>
  );
}
