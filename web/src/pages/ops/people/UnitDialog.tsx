import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Unit } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";

const KINDS: Unit["kind"][] = ["region", "body", "department"];

interface Props {
  unit: Unit | null;
  parent: string;
  onClose: () => void;
}

export function UnitDialog({ unit, parent, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [title, setTitle] = useState(unit?.title ?? "");
  const [kind, setKind] = useState<Unit["kind"]>(unit?.kind ?? "region");
  const [level, setLevel] = useState(unit?.level ?? "");
  const save = useAct<Unit>("/units", "/session");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { title: title.trim(), kind, level: level.trim() };
    const made = await save.mutateAsync(unit ? { method: "PATCH", path: `/units/${unit.id}`, body } : { method: "POST", path: "/units", body: { ...body, parent } }).catch(() => null);
    if (!made) return;
    tell(t("act.saved"));
    onClose();
  };
  return (
    <Dialog title={t(unit ? "people.edit_unit" : "people.add_unit")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput label={t("people.unit_name")} value={title} onChange={({ target }) => setTitle(target.value)} required data-autofocus />
        <div className={styles.pair}>
          <NativeSelect label={t("people.unit_kind")} value={kind} onChange={({ target }) => setKind(target.value as Unit["kind"])} data={KINDS.map((value) => ({ value, label: t(`people.kind.${value}`) }))} />
          <TextInput label={t("people.unit_level")} description={t("people.unit_level_hint")} value={level} onChange={({ target }) => setLevel(target.value)} />
        </div>
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={title.trim() === ""} loading={save.isPending}>
            {t("act.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
