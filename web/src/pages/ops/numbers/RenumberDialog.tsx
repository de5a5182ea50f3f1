import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { NumberEntry, NumberSegment } from "../../../api/model";
import { serverNow } from "../../../api/server_time";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import { SegmentSelect } from "./SegmentSelect";

const DAY_MS = 86_400_000;

interface Props {
  entry: NumberEntry;
  segments: NumberSegment[];
  onClose: () => void;
}

/** Another number for the same holder; the old one answers for a while. */
export function RenumberDialog({ entry, segments, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [segment, setSegment] = useState("");
  const [number, setNumber] = useState("");
  const [days, setDays] = useState("90");
  const save = useAct<{ numbers: NumberEntry[] }>("/number");
  const keep = Number(days);
  const ready = days.trim() !== "" && Number.isInteger(keep) && keep >= 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { ...(segment !== "" && { segment }), ...(number.trim() !== "" && { number: number.trim() }), ...(keep > 0 && { alias_until: Math.round(serverNow()) + keep * DAY_MS }) };
    const made = await save.mutateAsync({ method: "POST", path: `/numbers/${entry.number}/renumber`, body }).catch(() => null);
    if (!made) return;
    tell(t("numbers.gave", { number: made.numbers[0]?.number ?? "" }));
    onClose();
  };
  return (
    <Dialog title={t("numbers.renumber_title", { title: entry.title })} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <SegmentSelect segments={segments} value={segment} onChange={setSegment} />
        <TextInput label={t("numbers.wish")} description={t("numbers.wish_hint")} inputMode="numeric" value={number} onChange={({ target }) => setNumber(target.value)} autoComplete="off" data-autofocus />
        <TextInput label={t("numbers.alias_days")} description={t("numbers.alias_days_hint")} inputMode="numeric" value={days} onChange={({ target }) => setDays(target.value)} />
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={!ready} loading={save.isPending}>
            {t("numbers.renumber")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
