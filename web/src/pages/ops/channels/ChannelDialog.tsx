import { Button, NativeSelect, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useAct, useMe } from "../../../api/hooks";
import type { Channel, SourceKind } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import { AudienceSelect } from "../shared/AudienceSelect";
import { UnitSelect } from "../shared/UnitSelect";
import styles from "./Channels.module.css";
import { addressFits, draftOf, typedOf, type Typed } from "./draft";
import { ServiceSelect } from "./ServiceSelect";

const KINDS: SourceKind[] = ["udp", "rtp", "file"];
const CHARSETS = ["gb18030", "utf-8", "gb2312", "big5", "iso-8859-1"];

interface Props {
  channel?: Channel;
  count?: number;
  onClose: () => void;
}

/** Adds a channel or changes one. Which service of a multiplex it takes can be chosen once something comes in. */
export function ChannelDialog({ channel, count = 0, onClose }: Props) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const [, go] = useLocation();
  const tell = useNotice();
  const [typed, setTyped] = useState(() => typedOf(channel ?? null, me?.roles[0]?.unit ?? "root", count));
  const save = useAct<Channel>("/channels", "/status", "/front");
  const set = <K extends keyof Typed>(key: K) => (value: Typed[K]) => setTyped((before) => ({ ...before, [key]: value }));
  const field = (key: { [K in keyof Typed]: Typed[K] extends string ? K : never }[keyof Typed]) => ({
    value: typed[key],
    onChange: ({ target }: { target: { value: string } }) => setTyped((before) => ({ ...before, [key]: target.value })),
  });
  const file = typed.kind === "file";
  const fits = addressFits(typed.kind, typed.address);
  const ready = typed.title.trim() !== "" && fits && /^[a-z0-9-]+$/.test(typed.id);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const { id, ...change } = draftOf(typed);
    const made = await save.mutateAsync(channel ? { method: "PATCH", path: `/channels/${channel.id}`, body: change } : { method: "POST", path: "/channels", body: { id, ...change } }).catch(() => null);
    if (!made) return;
    tell(t(channel ? "act.saved" : "channels.made"));
    onClose();
    if (!channel) go(`/ops/channels/${made.id}`);
  };
  return (
    <Dialog title={channel ? channel.title : t("channels.add")} opened onClose={onClose} size="lg">
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <div className={styles.pair}>
          <TextInput label={t("channels.name")} {...field("title")} required data-autofocus />
          {!channel && <TextInput label={t("channels.id")} description={t("channels.id_hint")} {...field("id")} spellCheck={false} required />}
        </div>
        <SegmentedControl
          aria-label={t("channels.kind")}
          value={typed.kind}
          onChange={(kind) => set("kind")(kind)}
          data={KINDS.map((kind) => ({ value: kind, label: t(`channels.kind_${kind}`) }))}
        />
        <div className={styles.pair}>
          <TextInput label={t(file ? "channels.path" : "channels.address")} description={t(file ? "channels.path_hint" : "channels.address_hint")} {...field("address")} spellCheck={false} error={typed.address !== "" && !fits} required />
          {!file && <TextInput label={t("channels.interface")} description={t("channels.interface_hint")} {...field("interface")} spellCheck={false} />}
        </div>
        {channel && <ServiceSelect channel={channel.id} value={typed.service} onChange={set("service")} />}
        <div className={styles.pair}>
          <TextInput label={t("channels.keep_hours")} description={t("channels.keep_hint")} type="number" min={1} {...field("keepHours")} />
          <TextInput label={t("channels.keep_bytes")} description={t("channels.keep_hint")} type="number" min={0} step="any" {...field("keepGigabytes")} />
        </div>
        <div className={styles.pair}>
          <AudienceSelect value={typed.audience} onChange={set("audience")} />
          <UnitSelect value={typed.unit} onChange={set("unit")} />
        </div>
        <NativeSelect label={t("channels.charset")} {...field("charset")} data={[{ value: "", label: t("channels.charset_auto") }, ...CHARSETS.map((value) => ({ value, label: value.toUpperCase() }))]} />
        <Switch label={t("channels.enabled")} checked={typed.enabled} onChange={({ currentTarget }) => set("enabled")(currentTarget.checked)} />
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={!ready} loading={save.isPending}>
            {t(channel ? "act.save" : "channels.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
