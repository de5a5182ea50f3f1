import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useAct, useGet, useZone } from "../../api/hooks";
import type { Asset, Channel, Column, Page } from "../../api/model";
import { Dialog } from "../../ui/Dialog";
import { useNotice } from "../../ui/Notice";
import { ProblemBox } from "../../ui/ProblemBox";
import { instantOf, wallOf } from "../../ui/time";
import styles from "./CutDialog.module.css";

export interface Span {
  title: string;
  channel: string;
  from: number;
  to: number;
}

/** A piece of a tape, cut by hand. Its end may lie in the future: then it is a recording. */
export function CutDialog({ span, onClose }: { span: Span; onClose: () => void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const tell = useNotice();
  const [, go] = useLocation();
  const columns = useGet<Page<Column>>("/columns");
  const channels = useGet<Page<Channel>>("/channels");
  const [title, setTitle] = useState(span.title);
  const [channel, setChannel] = useState(span.channel);
  const [chosen, setChosen] = useState("");
  const [from, setFrom] = useState(() => wallOf(span.from, zone));
  const [to, setTo] = useState(() => wallOf(span.to, zone));
  const cut = useAct<Asset>("/assets", "/jobs", "/front");
  const column = chosen || (columns.data?.items[0]?.id ?? "");
  const start = instantOf(from, zone);
  const end = instantOf(to, zone);
  const wrong = start !== null && end !== null && end <= start;
  const ready = title.trim() !== "" && column !== "" && channel !== "" && start !== null && end !== null && !wrong;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const made = await cut.mutateAsync({ method: "POST", path: "/assets", body: { title: title.trim(), channel, from: start, to: end, column } }).catch(() => null);
    if (!made) return;
    tell(t("live.cut_made", { title: made.title }));
    onClose();
    go(`/watch/${made.id}`);
  };
  return (
    <Dialog title={t("live.cut_title")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p className={styles.hint}>{t("live.cut_hint")}</p>
        <TextInput label={t("assets.name")} value={title} onChange={({ target }) => setTitle(target.value)} data-autofocus />
        <NativeSelect label={t("assets.channel")} value={channel} onChange={({ target }) => setChannel(target.value)} data={channels.data?.items.map(({ id, title: label }) => ({ value: id, label })) ?? []} />
        <div className={styles.pair}>
          <TextInput type="datetime-local" step={1} label={t("assets.from")} value={from} onChange={({ target }) => setFrom(target.value)} />
          <TextInput type="datetime-local" step={1} label={t("assets.to")} value={to} onChange={({ target }) => setTo(target.value)} error={wrong ? t("assets.span_wrong") : undefined} />
        </div>
        <NativeSelect label={t("assets.column")} value={column} onChange={({ target }) => setChosen(target.value)} data={columns.data?.items.map(({ id, title: label }) => ({ value: id, label })) ?? []} />
        {cut.isError && <ProblemBox error={cut.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={!ready} loading={cut.isPending}>
            {t("live.cut")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
