import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Site } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { ProblemBox } from "../../../ui/ProblemBox";
import form from "../shared/Form.module.css";
import styles from "./Stands.module.css";

/** Types the number that the venue's computer shows. */
export function PairDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const { t } = useTranslation();
  const pair = useAct<{ title: string }>(`/sites/${encodeURIComponent(site.id)}`);
  const [code, setCode] = useState("");
  const [title, setTitle] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pair.mutate({ method: "POST", path: `/sites/${encodeURIComponent(site.id)}/stands`, body: { code, title: title.trim() || null } });
  };
  return (
    <Dialog title={t("stand.pair")} opened onClose={onClose}>
      {pair.data ? (
        <div className={form.form} role="status">
          <p>{t("stand.done", { title: pair.data.title, site: site.title })}</p>
          <div className="dialog-acts">
            <Button onClick={onClose}>{t("act.done")}</Button>
          </div>
        </div>
      ) : (
        <form className={form.form} onSubmit={submit}>
          <TextInput className={styles.code} label={t("stand.code")} description={t("stand.code_hint")} value={code} inputMode="numeric" autoComplete="off" onChange={({ target }) => setCode(target.value)} required data-autofocus />
          <TextInput label={t("stand.name")} description={t("stand.name_hint")} value={title} maxLength={80} onChange={({ target }) => setTitle(target.value)} />
          {pair.isError && <ProblemBox error={pair.error} />}
          <div className="dialog-acts">
            <Button variant="default" onClick={onClose}>
              {t("act.cancel")}
            </Button>
            <Button type="submit" color="accent" disabled={code.trim() === ""} loading={pair.isPending}>
              {t("stand.pair")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
