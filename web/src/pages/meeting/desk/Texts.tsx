import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useConducting } from "../Conducting";
import { useBooked } from "../hall/Agenda";
import { type Chat, CHATS, type Layout, LAYOUTS, type Mode, MODES, type Shown } from "../model";
import styles from "./Tools.module.css";

/** What stands on every screen: lines of text, layout, mode, chat, the point of the agenda. */
export function Texts({ meeting, shown }: { meeting: string; shown: Shown }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const points = useBooked(meeting)?.agenda ?? [];
  return (
    <div className={styles.running}>
      <Line label={t("desk.text.banner")} now={shown.banner} onSet={(text) => run({ act: "set_banner", text })} name="banner" />
      <Line label={t("desk.text.subtitle")} now={shown.subtitle} onSet={(text) => run({ act: "set_subtitle", text })} name="subtitle" />
      <NativeSelect label={t("desk.text.layout")} value={shown.layout} data={LAYOUTS.map((value) => ({ value, label: t(`hall.layout.${value}`) }))} onChange={({ target }) => void run({ act: "set_layout", layout: target.value as Layout })} data-set="layout" />
      <NativeSelect label={t("desk.text.mode")} value={shown.mode} data={MODES.map((value) => ({ value, label: t(`desk.mode.${value}`) }))} onChange={({ target }) => void run({ act: "set_mode", mode: target.value as Mode })} data-set="mode" />
      <NativeSelect label={t("desk.text.chat")} value={shown.chat} data={CHATS.map((value) => ({ value, label: t(`desk.chat.${value}`) }))} onChange={({ target }) => void run({ act: "set_chat", chat: target.value as Chat })} data-set="chat" />
      <Switch color="var(--ok)" label={t("board.open")} checked={shown.is_board_open} onChange={({ target }) => void run({ act: "open_board", open: target.checked })} data-set="board" />
      <Switch color="var(--ok)" label={t("react.allow")} checked={shown.has_reactions} onChange={({ target }) => void run({ act: "set_reactions", on: target.checked })} data-set="reactions" />
      {points.length > 0 && (
        <NativeSelect
          label={t("desk.text.agenda")}
          value={shown.agenda ?? ""}
          data={[{ value: "", label: t("desk.text.no_point") }, ...points.map(({ title }, at) => ({ value: String(at), label: `${at + 1}. ${title}` }))]}
          onChange={({ target }) => void run({ act: "set_agenda", at: target.value === "" ? null : Number(target.value) })}
          data-set="agenda"
        />
      )}
    </div>
  );
}

interface LineProps {
  label: string;
  now: string;
  name: string;
  onSet: (text: string) => Promise<boolean>;
}

function Line({ label, now, name, onSet }: LineProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(now);
  const set = (event: FormEvent) => {
    event.preventDefault();
    void onSet(text.trim());
  };
  const clear = async () => {
    if (await onSet("")) setText("");
  };
  return (
    <form className={styles.line} onSubmit={set}>
      <TextInput className={styles.field} label={label} value={text} maxLength={500} onChange={({ target }) => setText(target.value)} data-text={name} />
      <Button type="submit" variant="default">
        {t("desk.text.set")}
      </Button>
      <Button variant="subtle" color="var(--ink)" disabled={now === ""} onClick={() => void clear()}>
        {t("desk.text.clear")}
      </Button>
    </form>
  );
}
