import { Button, NumberInput, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useMe } from "../../../api/hooks";
import type { Column } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import { AudienceSelect } from "../shared/AudienceSelect";
import styles from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";

interface Props {
  column: Column | null;
  count: number;
  onClose: () => void;
}

export function ColumnDialog({ column, count, onClose }: Props) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const tell = useNotice();
  const [draft, setDraft] = useState<Column>(
    () => column ?? { id: `column-${count + 1}`, title: "", audience: "public", unit: me?.roles[0]?.unit ?? "root", position: count + 1, on_front: true },
  );
  const save = useAct<Column>("/columns", "/front");
  const ready = draft.title.trim() !== "" && /^[a-z0-9-]+$/.test(draft.id);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const { id, ...change } = { ...draft, title: draft.title.trim() };
    const made = await save.mutateAsync(column ? { method: "PATCH", path: `/columns/${id}`, body: change } : { method: "POST", path: "/columns", body: { id, ...change } }).catch(() => null);
    if (!made) return;
    tell(t("act.saved"));
    onClose();
  };
  return (
    <Dialog title={column ? column.title : t("columns.add")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput label={t("columns.name")} value={draft.title} onChange={({ target }) => setDraft({ ...draft, title: target.value })} required data-autofocus />
        {!column && <TextInput label={t("channels.id")} description={t("channels.id_hint")} value={draft.id} onChange={({ target }) => setDraft({ ...draft, id: target.value })} spellCheck={false} required />}
        <div className={styles.pair}>
          <AudienceSelect value={draft.audience} onChange={(audience) => setDraft({ ...draft, audience })} />
          <UnitSelect value={draft.unit ?? "root"} onChange={(unit) => setDraft({ ...draft, unit })} />
        </div>
        <NumberInput label={t("columns.position")} min={0} value={draft.position} onChange={(value) => setDraft({ ...draft, position: typeof value === "number" ? value : 0 })} />
        <Switch label={t("columns.on_front")} checked={draft.on_front} onChange={({ currentTarget }) => setDraft({ ...draft, on_front: currentTarget.checked })} />
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={!ready} loading={save.isPending}>
            {t("act.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
