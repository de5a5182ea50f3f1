import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Asset, Column } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import { rate } from "../../../ui/words";
import styles from "../shared/Form.module.css";

interface Props {
  asset: Asset;
  columns: Column[];
  onClose: () => void;
}

export function AssetDialog({ asset, columns, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [title, setTitle] = useState(asset.title);
  const [description, setDescription] = useState(asset.description);
  const [column, setColumn] = useState(asset.column);
  const save = useAct<Asset>("/assets", "/front");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { title: title.trim(), description: description.trim(), column };
    const made = await save.mutateAsync({ method: "PATCH", path: `/assets/${asset.id}`, body }).catch(() => null);
    if (!made) return;
    tell(t("act.saved"));
    onClose();
  };
  return (
    <Dialog title={asset.title} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput label={t("assets.name")} value={title} onChange={({ target }) => setTitle(target.value)} required data-autofocus />
        <Textarea label={t("assets.description")} rows={3} value={description} onChange={({ target }) => setDescription(target.value)} />
        <NativeSelect label={t("assets.column")} value={column} onChange={({ target }) => setColumn(target.value)} data={columns.map(({ id, title: label }) => ({ value: id, label }))} />
        {asset.renditions.length > 0 && (
          <p className={styles.quiet}>
            {t("assets.renditions")}：{asset.renditions.map(({ name, bitrate_bps: bitrate }) => `${name} ${rate(bitrate)}`).join("，")}
          </p>
        )}
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
