import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { NumberSegment } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";
import { rangesOf } from "./segments";

interface Props {
  /** To be changed; null: a new one. */
  segment: NumberSegment | null;
  /** That is divided; null: a new one is a top. */
  parent: NumberSegment | null;
  onClose: () => void;
}

/** A segment: which numbers, whose, what of it is kept back. */
export function SegmentDialog({ segment, parent, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [range, setRange] = useState(segment?.range ?? "");
  const [unit, setUnit] = useState(segment?.unit ?? parent?.unit ?? "root");
  const [title, setTitle] = useState(segment?.title ?? "");
  const [kept, setKept] = useState(segment?.reserved.join(" ") ?? "");
  const [cooling, setCooling] = useState(String(segment?.cooling_days ?? parent?.cooling_days ?? 90));
  const save = useAct<NumberSegment>("/number");
  const days = Number(cooling);
  const ready = range.trim() !== "" && cooling.trim() !== "" && Number.isInteger(days) && days >= 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { range: range.trim(), unit, title: title.trim(), reserved: rangesOf(kept), cooling_days: days };
    const act = segment
      ? ({ method: "PATCH", path: `/number-segments/${segment.id}`, body } as const)
      : ({ method: "POST", path: "/number-segments", body: { ...body, ...(parent && { parent: parent.id }) } } as const);
    const made = await save.mutateAsync(act).catch(() => null);
    if (!made) return;
    tell(t("act.saved"));
    onClose();
  };
  return (
    <Dialog title={t(segment ? "numbers.edit" : parent ? "numbers.divide" : "numbers.add_top")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t("numbers.range")}
          description={t("numbers.range_hint")}
          placeholder={parent?.range}
          value={range}
          onChange={({ target }) => setRange(target.value)}
          spellCheck={false}
          autoComplete="off"
          required
          data-autofocus
        />
        <UnitSelect label={t("numbers.owner")} value={unit} onChange={setUnit} />
        <TextInput label={t("numbers.name")} description={t("numbers.name_hint")} value={title} onChange={({ target }) => setTitle(target.value)} />
        <TextInput label={t("numbers.kept")} description={t("numbers.kept_hint")} value={kept} onChange={({ target }) => setKept(target.value)} spellCheck={false} autoComplete="off" />
        <TextInput label={t("numbers.cooling")} description={t("numbers.cooling_hint")} inputMode="numeric" value={cooling} onChange={({ target }) => setCooling(target.value)} />
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
