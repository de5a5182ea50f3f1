import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Grant, Person, Role } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Dialog } from "../../../ui/Dialog";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";
import peopleStyles from "./People.module.css";

const ROLES: Role[] = ["viewer", "column_editor", "operator", "chair", "auditor", "administrator"];

interface Props {
  person: Person;
  grants: Grant[];
  unitTitle: (id: string) => string;
  onClose: () => void;
}

/** What somebody may do and where, in words. */
export function RolesDialog({ person, grants, unitTitle, onClose }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [role, setRole] = useState<Role>("viewer");
  const [unit, setUnit] = useState(person.unit);
  const act = useAct("/grants", "/session");
  const take = ({ id, role: taken, unit: where }: Grant) => {
    onClose();
    ask({
      question: t("people.grant_sure", { name: person.display_name, unit: unitTitle(where), role: t(`people.role.${taken}`) }),
      act: t("people.grant_remove"),
      run: () => act.mutateAsync({ method: "DELETE", path: `/grants/${id}` }),
    });
  };
  return (
    <Dialog title={`${t("people.grant")} · ${person.display_name}`} opened onClose={onClose}>
      {grants.length === 0 && <p className={styles.quiet}>{t("people.no_roles")}</p>}
      <ul className={peopleStyles.grants}>
        {grants.map((grant) => (
          <li key={grant.id}>
            {t("people.grant_in", { role: t(`people.role.${grant.role}`), unit: unitTitle(grant.unit) })}
            <Button variant="subtle" color="var(--ink-2)" onClick={() => take(grant)}>
              {t("people.grant_remove")}
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.form}>
        <div className={styles.pair}>
          <NativeSelect label={t("people.grant_add")} description={t(`people.role_hint.${role}`)} value={role} onChange={({ target }) => setRole(target.value as Role)} data={ROLES.map((value) => ({ value, label: t(`people.role.${value}`) }))} />
          <UnitSelect label={t("people.unit")} value={unit} onChange={setUnit} />
        </div>
        {act.isError && <ProblemBox error={act.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.close")}
          </Button>
          <Button color="accent" loading={act.isPending} onClick={() => act.mutate({ method: "POST", path: "/grants", body: { person: person.id, role, unit } })}>
            {t("people.grant_add")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
