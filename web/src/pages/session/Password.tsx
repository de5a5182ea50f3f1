import "../../ui/mantine_forms.css";

import { Button, PasswordInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useMe } from "../../api/hooks";
import { Empty } from "../../ui/Empty";
import { Need } from "../../ui/Need";
import { useTitle } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import { Email } from "./Email";
import styles from "./Session.module.css";

const SHORTEST = 10;

export default function Password() {
  return (
    <Need>
      <PasswordForm />
    </Need>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useAct("/session");
  useTitle(t("account.title"));
  const short = next !== "" && next.length < SHORTEST;
  const differ = again !== "" && again !== next;
  const ready = old !== "" && next.length >= SHORTEST && again === next;
  const eye = { "aria-label": t("sign_in.show_password") };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) change.mutate({ method: "POST", path: "/session/password", body: { old, new: next } });
  };
  if (change.isSuccess) return <Empty title={t("password.changed")} hint={t("password.changed_hint")} to="/" toLabel={t("common.go_home")} />;
  return (
    <div className={styles.page}>
      <h1>{t("account.title")}</h1>
      {me?.person && <Email now={me.person.email ?? ""} />}
      <h2>{t("password.title")}</h2>
      <form onSubmit={submit} className={styles.form}>
        <input type="text" autoComplete="username" value={me?.person?.name ?? ""} readOnly hidden />
        <PasswordInput label={t("password.old")} autoComplete="current-password" value={old} onChange={({ target }) => setOld(target.value)} visibilityToggleButtonProps={eye} />
        <PasswordInput
          label={t("password.new")}
          description={t("password.hint")}
          autoComplete="new-password"
          value={next}
          error={short ? t("password.short") : undefined}
          onChange={({ target }) => setNext(target.value)}
          visibilityToggleButtonProps={eye}
        />
        <PasswordInput
          label={t("password.again")}
          autoComplete="new-password"
          value={again}
          error={differ ? t("password.differ") : undefined}
          onChange={({ target }) => setAgain(target.value)}
          visibilityToggleButtonProps={eye}
        />
        {change.isError && <ProblemBox error={change.error} />}
        <Button type="submit" color="accent" size="lg" loading={change.isPending} disabled={!ready}>
          {t("act.save")}
        </Button>
      </form>
    </div>
  );
}
