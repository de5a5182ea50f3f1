import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../api/hooks";
import { useNotice } from "../../ui/Notice";
import { ProblemBox } from "../../ui/ProblemBox";
import styles from "./Session.module.css";

/** Where notices to oneself go by mail. */
export function Email({ now }: { now: string }) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [email, setEmail] = useState(now);
  const save = useAct("/session", "/people");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = email.trim();
    void save.mutateAsync({ method: "PATCH", path: "/session", body: { email: said === "" ? null : said } }).then(
      () => tell(t("account.email_saved")),
      () => undefined,
    );
  };
  return (
    <form onSubmit={submit} className={styles.form} data-own-email>
      <TextInput type="email" label={t("account.email")} description={t("account.email_hint")} value={email} autoComplete="email" spellCheck={false} onChange={({ target }) => setEmail(target.value)} />
      {save.isError && <ProblemBox error={save.error} />}
      <Button type="submit" variant="default" loading={save.isPending} disabled={email.trim() === now}>
        {t("act.save")}
      </Button>
    </form>
  );
}
