import { TextInput } from "@mantine/core";
import { IconSend, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { useTimeWords } from "../../../ui/words";
import type { Chat } from "../chat";
import { useStore } from "../store";
import styles from "./Chat.module.css";

interface Props {
  chat: Chat;
  /** Why one may only read; absent where one may write. */
  silence?: string | undefined;
  onClose: () => void;
}

/** Messages of the room, and any other data that arrives. */
export function ChatBox({ chat, silence, onClose }: Props) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const messages = useStore(chat.messages);
  const [text, setText] = useState("");
  const [failed, setFailed] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers return a promise from this, which React would take for the effect's clean-up.
    void end.current?.scrollIntoView({ block: "nearest" });
  }, [messages]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (words === "") return;
    setText("");
    try {
      await chat.send(words);
      setFailed(false);
    } catch {
      setFailed(true);
      setText(words);
    }
  };
  return (
    <aside className={styles.chat} aria-label={t("room.chat.title")} onKeyDown={({ key }) => key === "Escape" && onClose()}>
      <div className={styles.head}>
        <h2>{t("room.chat.title")}</h2>
        <IconButton label={t("act.close")} onClick={onClose}>
          <IconX />
        </IconButton>
      </div>
      {/* Scrolls, so it must be reachable by keyboard. */}
      <div className={styles.list} role="log" tabIndex={0} aria-label={t("room.chat.title")}>
        {messages.length === 0 && <p className={styles.none}>{t("room.chat.none")}</p>}
        {messages.map(({ key, from, me, text: words, topic, at }) => (
          <p key={key} data-message data-me={me || undefined}>
            <span className={styles.from}>
              {from} {topic !== null && <code>[{topic}]</code>} <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
            </span>
            <span className={styles.words}>{words}</span>
          </p>
        ))}
        <div ref={end} aria-hidden />
      </div>
      {failed && (
        <p className={styles.failed} role="alert">
          {t("room.chat.failed")}
        </p>
      )}
      {silence !== undefined ? (
        <p className={styles.none}>{silence}</p>
      ) : (
        <form className={styles.write} onSubmit={(event) => void send(event)}>
          <TextInput className={styles.field} aria-label={t("room.chat.write")} placeholder={t("room.chat.write")} value={text} maxLength={4000} autoComplete="off" autoFocus onChange={({ target }) => setText(target.value)} />
          <IconButton type="submit" label={t("room.chat.send")} disabled={text.trim() === ""}>
            <IconSend />
          </IconButton>
        </form>
      )}
    </aside>
  );
}
