import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useMe } from "../../../api/hooks";
import type { MadeToken, RoleOn } from "../../../api/model";
import { serverNow } from "../../../api/server_time";
import { CopyButton } from "../../../ui/CopyButton";
import { Dialog } from "../../../ui/Dialog";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";

const DAY_MS = 86_400_000;

/** Makes a token with one of the maker's own roles, or only to watch; shows it once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const make = useAct<MadeToken>("/tokens");
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | string>(365);
  const [chosen, setChosen] = useState(0);
  const own = me?.roles ?? [];
  const choices: (RoleOn & { label: string })[] = [
    ...own.slice(0, 1).map(({ unit, unit_title: title }) => ({ role: "viewer" as const, unit, label: t("people.grant_in", { role: t("people.role.viewer"), unit: title }) })),
    ...own.filter(({ role }) => role !== "viewer").map(({ role, unit, unit_title: title }) => ({ role, unit, label: t("people.grant_in", { role: t(`people.role.${role}`), unit: title }) })),
  ];
  const choice = choices[chosen];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expires = typeof days === "number" ? serverNow() + days * DAY_MS : null;
    make.mutate({ method: "POST", path: "/tokens", body: { name: name.trim(), roles: choice ? [{ role: choice.role, unit: choice.unit }] : [], expires } });
  };
  if (make.data) {
    return (
      <Dialog title={t("tokens.made")} opened onClose={onClose}>
        <div className={styles.form}>
          <p>{t("tokens.made_hint")}</p>
          <p className={styles.secret}>{make.data.token}</p>
          <div className="dialog-acts">
            <CopyButton text={make.data.token} />
            <Button onClick={onClose}>{t("act.done")}</Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("tokens.add")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput label={t("tokens.name")} description={t("tokens.name_hint")} value={name} onChange={({ target }) => setName(target.value)} required data-autofocus />
        <NativeSelect label={t("people.roles")} value={chosen} onChange={({ target }) => setChosen(Number(target.value))} data={choices.map(({ label }, value) => ({ value: String(value), label }))} />
        <NumberInput label={t("tokens.days")} placeholder={t("tokens.never")} min={1} value={days} onChange={setDays} />
        {make.isError && <ProblemBox error={make.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={name.trim() === "" || !choice} loading={make.isPending}>
            {t("tokens.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
