import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Grant, Person, Unit } from "../../../api/model";
import { State } from "../../../ui/State";
import { Cell, Table } from "../../../ui/Table";
import styles from "../shared/Form.module.css";
import { PersonDialog } from "./PersonDialog";
import { RolesDialog } from "./RolesDialog";

interface Props {
  people: Person[];
  units: Unit[];
  grants: Grant[];
}

export function PeopleTable({ people, units, grants }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Person | null>(null);
  const [granting, setGranting] = useState<Person | null>(null);
  const unitTitle = (id: string) => units.find((unit) => unit.id === id)?.title ?? id;
  const roles = (person: Person) =>
    grants
      .filter((grant) => grant.person === person.id)
      .map(({ role, unit }) => t("people.grant_in", { role: t(`people.role.${role}`), unit: unitTitle(unit) }))
      .join("；");
  return (
    <>
      <Table label={t("people.title")} head={[t("people.display_name"), t("people.unit"), t("people.roles"), ""]}>
        {people.map((person) => (
          <tr key={person.id}>
            <Cell main>
              {person.display_name} <span className={styles.quiet}>
                {person.name} {person.email}
              </span>
              {person.disabled && (
                <div>
                  <State tone="off">{t("people.disabled")}</State>
                </div>
              )}
            </Cell>
            <Cell label={t("people.unit")}>{unitTitle(person.unit)}</Cell>
            <Cell label={t("people.roles")}>{roles(person) || <span className={styles.quiet}>{t("people.no_roles")}</span>}</Cell>
            <Cell acts>
              <Button variant="default" aria-label={`${t("people.grant")} ${person.display_name}`} onClick={() => setGranting(person)}>
                {t("people.grant")}
              </Button>
              <Button variant="default" aria-label={`${t("act.edit")} ${person.display_name}`} onClick={() => setEditing(person)}>
                {t("act.edit")}
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
      {editing && <PersonDialog person={editing} unit={editing.unit} onClose={() => setEditing(null)} />}
      {granting && <RolesDialog person={granting} grants={grants.filter(({ person }) => person === granting.id)} unitTitle={unitTitle} onClose={() => setGranting(null)} />}
    </>
  );
}
