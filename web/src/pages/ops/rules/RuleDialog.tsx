import { Button, NativeSelect, NumberInput, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Channel, Column, Rule, RuleDraft } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import { Weekdays } from "../shared/Weekdays";
import { canPreview } from "./draft";
import { Preview } from "./Preview";
import styles from "./Rules.module.css";

const MATCHES: RuleDraft["title_match"][] = ["contains", "exact", "any"];

interface Props {
  id: string | null;
  start: RuleDraft;
  channels: Channel[];
  columns: Column[];
  onClose: () => void;
}

/** A rule, and beside it what it would take this week. */
export function RuleDialog({ id, start, channels, columns, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [draft, setDraft] = useState(start);
  const save = useAct<Rule>("/rules", "/status");
  const change = (part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const complete = { ...draft, title: draft.title.trim(), column: draft.column || (columns[0]?.id ?? "") };
  const ready = canPreview(complete) && complete.column !== "";
  const whole = (value: number | string) => (typeof value === "number" ? value : null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const made = await save.mutateAsync(id === null ? { method: "POST", path: "/rules", body: complete } : { method: "PATCH", path: `/rules/${id}`, body: complete }).catch(() => null);
    if (!made) return;
    tell(t("act.saved"));
    onClose();
  };
  return (
    <Dialog title={t(id === null ? "rules.add" : "rules.title")} opened onClose={onClose} size={960}>
      <form className={styles.split} onSubmit={(event) => void submit(event)}>
        <div className={styles.form}>
          <SegmentedControl
            aria-label={t("rules.name")}
            value={draft.title_match}
            onChange={(match) => change({ title_match: match })}
            data={MATCHES.map((match) => ({ value: match, label: t(`rules.match_${match}`) }))}
          />
          {draft.title_match !== "any" && <TextInput label={t("rules.name")} value={draft.title} onChange={({ target }) => change({ title: target.value })} data-autofocus />}
          <div className={styles.pair}>
            <NativeSelect
              label={t("rules.channel")}
              value={draft.channel ?? ""}
              onChange={({ target }) => change({ channel: target.value || null })}
              data={[{ value: "", label: t("rules.any_channel") }, ...channels.map(({ id: value, title }) => ({ value, label: title }))]}
            />
            <NativeSelect label={t("rules.column")} value={complete.column} onChange={({ target }) => change({ column: target.value })} data={columns.map(({ id: value, title }) => ({ value, label: title }))} />
          </div>
          <Weekdays label={t("rules.weekdays")} value={draft.weekdays.length === 0 ? [1, 2, 3, 4, 5, 6, 7] : draft.weekdays} onChange={(days) => change({ weekdays: days.length === 7 ? [] : days })} />
          <div className={styles.pair}>
            <TextInput type="time" label={`${t("rules.hours")} ${t("rules.from_time")}`} value={draft.from_time ?? ""} onChange={({ target }) => change({ from_time: target.value || null })} />
            <TextInput type="time" label={`${t("rules.hours")} ${t("rules.to_time")}`} value={draft.to_time ?? ""} onChange={({ target }) => change({ to_time: target.value || null })} />
          </div>
          <div className={styles.pair}>
            <NumberInput label={t("rules.pad_before")} min={0} max={3600} value={draft.pad_before_seconds} onChange={(value) => change({ pad_before_seconds: whole(value) ?? 0 })} />
            <NumberInput label={t("rules.pad_after")} min={0} max={3600} value={draft.pad_after_seconds} onChange={(value) => change({ pad_after_seconds: whole(value) ?? 0 })} />
          </div>
          <div className={styles.pair}>
            <NumberInput label={t("rules.keep_last")} placeholder={t("rules.keep_all")} min={1} value={draft.keep_last ?? ""} onChange={(value) => change({ keep_last: whole(value) })} />
            <NumberInput label={t("rules.keep_days")} placeholder={t("rules.keep_all")} min={1} value={draft.keep_days ?? ""} onChange={(value) => change({ keep_days: whole(value) })} />
          </div>
          <Switch label={t("rules.enabled")} checked={draft.enabled ?? true} onChange={({ currentTarget }) => change({ enabled: currentTarget.checked })} />
        </div>
        <Preview draft={complete} />
        <div className={styles.foot}>
          {save.isError && <ProblemBox error={save.error} />}
          <div className="dialog-acts">
            <Button variant="default" onClick={onClose}>
              {t("act.cancel")}
            </Button>
            <Button type="submit" color="accent" disabled={!ready} loading={save.isPending}>
              {t("act.save")}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
