import { Button, PasswordInput, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Person } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";

interface Props {
  person: Person | null;
  unit: string;
  onClose: () => void;
}

/** A person: name, unit, whether they may sign in, and a password set for them. */
export function PersonDialog({ person, unit: start, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const ask = useAsk();
  const [name, setName] = useState(person?.name ?? "");
  const [display, setDisplay] = useState(person?.display_name ?? "");
  const [email, setEmail] = useState(person?.email ?? "");
  const [unit, setUnit] = useState(start);
  const [enabled, setEnabled] = useState(!(person?.disabled ?? false));
  const [password, setPassword] = useState("");
  const save = useAct<Person>("/people", "/grants");
  const reset = useAct("/people");
  const ready = name.trim() !== "" && display.trim() !== "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const said = email.trim() === "" ? null : email.trim();
    const body = { name: name.trim(), display_name: display.trim(), unit, disabled: !enabled };
    try {
      if (person) {
        await save.mutateAsync({ method: "PATCH", path: `/people/${person.id}`, body: { ...body, email: said } });
        if (password !== "") await reset.mutateAsync({ method: "POST", path: `/people/${person.id}/password`, body: { password } });
      } else {
        const made = await save.mutateAsync({ method: "POST", path: "/people", body: { ...body, ...(password === "" ? {} : { password }) } });
        if (said !== null) await save.mutateAsync({ method: "PATCH", path: `/people/${made.id}`, body: { email: said } });
      }
    } catch {
      return;
    }
    tell(t("act.saved"));
    onClose();
  };
  const remove = async () => {
    if (!person) return;
    await save.mutateAsync({ method: "DELETE", path: `/people/${person.id}` });
    onClose();
  };
  const problem = save.error ?? reset.error;
  return (
    <Dialog title={t(person ? "people.edit" : "people.add")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput label={t("people.display_name")} value={display} onChange={({ target }) => setDisplay(target.value)} required data-autofocus />
        <TextInput label={t("people.name")} description={t("people.name_hint")} value={name} onChange={({ target }) => setName(target.value)} spellCheck={false} autoComplete="off" required />
        <TextInput type="email" label={t("people.email")} description={t("people.email_hint")} value={email} onChange={({ target }) => setEmail(target.value)} spellCheck={false} autoComplete="off" />
        <UnitSelect label={t("people.unit")} value={unit} onChange={setUnit} />
        <PasswordInput
          label={t(person ? "people.reset_password" : "people.password")}
          description={t("people.password_hint")}
          value={password}
          autoComplete="new-password"
          onChange={({ target }) => setPassword(target.value)}
          visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
        />
        <Switch label={t("people.enabled")} checked={enabled} onChange={({ currentTarget }) => setEnabled(currentTarget.checked)} />
        {problem && <ProblemBox error={problem} />}
        <div className="dialog-acts">
          {person && (
            <Button
              variant="subtle"
              color="var(--ink-2)"
              onClick={() => {
                onClose();
                ask({ question: t("people.delete_sure", { name: person.display_name }), act: t("act.delete"), run: remove });
              }}
            >
              {t("act.delete")}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={!ready} loading={save.isPending || reset.isPending}>
            {t("act.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
