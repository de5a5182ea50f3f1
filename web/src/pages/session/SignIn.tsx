import "../../ui/mantine_forms.css";

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";

import { useAct, useMe } from "../../api/hooks";
import type { Me } from "../../api/model";
import { useTitle } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import styles from "./Session.module.css";

/** Only a place within these pages: a link from outside must not choose where one lands after signing in. */
function safePlace(place: string | null): string {
  return place && /^\/(?![/\\])/.test(place) ? place : "/";
}

export default function SignIn() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const client = useQueryClient();
  const { data: me } = useMe();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useAct<Me>();
  useTitle(t("sign_in.title"));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const next = await signIn.mutateAsync({ method: "POST", path: "/session", body: { name: name.trim(), password } });
      client.clear();
      client.setQueryData(["/session"], next);
      go(safePlace(search.get("next")), { replace: true });
    } catch {
      setPassword("");
    }
  };
  return (
    <div className={styles.page}>
      <h1>{t("sign_in.title")}</h1>
      {me?.person && <p className={styles.hint}>{t("sign_in.already", { name: me.person.display_name })}</p>}
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <TextInput label={t("sign_in.name")} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus value={name} onChange={({ target }) => setName(target.value)} />
        <PasswordInput
          label={t("sign_in.password")}
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
        />
        {signIn.isError && <ProblemBox error={signIn.error} />}
        <Button type="submit" color="accent" size="lg" loading={signIn.isPending} disabled={name.trim() === "" || password === ""}>
          {t("sign_in.submit")}
        </Button>
      </form>
      {me?.network && <p className={styles.hint}>{t("sign_in.network", { network: me.network })}</p>}
      <a className={styles.link} href="/certificate">
        {t("sign_in.certificate")}
      </a>
    </div>
  );
}
