import { Button } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ApiProblem } from "../../../api/problem";
import { focusOf } from "../../../player/keys";
import { ProblemBox } from "../../../ui/ProblemBox";
import { roomAct, type RoomAct } from "../keys";
import type { Session } from "../session";
import { Statistics } from "../stats/Statistics";
import { useStore } from "../store";
import { ChatBox } from "./ChatBox";
import { Connecting } from "./Connecting";
import { Controls } from "./Controls";
import { Grid } from "./Grid";
import { LostLine } from "./LostLine";
import { Sounds } from "./Sounds";
import styles from "./Stage.module.css";

interface Props {
  session: Session;
  /** Out of the room: why, or null when one left. */
  onOut: (why: ApiProblem | null) => void;
}

/** The room while one is in it. */
export function Stage({ session, onOut }: Props) {
  const { t } = useTranslation();
  const phase = useStore(session.phase);
  const view = useStore(session.view);
  const trouble = useStore(session.trouble);
  const messages = useStore(session.chat.messages);
  const [chatOpen, setChatOpen] = useState(false);
  const [read, setRead] = useState(0);
  const [statisticsOpen, setStatisticsOpen] = useState(false);

  useEffect(() => {
    void session.enter();
    return () => session.leave();
  }, [session]);
  useEffect(() => {
    if (phase.kind === "out") onOut(phase.why);
  }, [phase, onOut]);

  const act = useCallback(
    (wanted: RoomAct) => {
      switch (wanted) {
        case "microphone":
        case "camera":
        case "screen":
          return void session.toggle(wanted);
        case "chat":
          setRead(session.chat.messages.now.at(-1)?.key ?? 0);
          return setChatOpen((open) => !open);
        case "statistics":
          return setStatisticsOpen((open) => !open);
        case "leave":
          return onOut(null);
      }
    },
    [session, onOut],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const wanted = roomAct(event, focusOf(event.target));
      if (!wanted) return;
      event.preventDefault();
      act(wanted);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [act]);

  if (phase.kind !== "in") return <Connecting onCancel={() => onOut(null)} />;
  return (
    <div className={styles.stage} data-state={view.state}>
      <h1 className="for-readers">{session.room.name}</h1>
      <LostLine state={view.state} />
      {view.soundBlocked && (
        <Button color="accent" onClick={() => void session.room.startAudio()}>
          {t("room.sound_blocked")}
        </Button>
      )}
      {trouble && (
        <div className={styles.trouble}>
          <ProblemBox error={trouble} />
          <Button variant="default" onClick={() => session.trouble.set(null)}>
            {t("act.close")}
          </Button>
        </div>
      )}
      <div className={styles.middle}>
        <Grid view={view} />
        {chatOpen && <ChatBox chat={session.chat} onClose={() => act("chat")} />}
        {statisticsOpen && <Statistics room={session.room} onClose={() => setStatisticsOpen(false)} />}
      </div>
      <div className={styles.foot}>
        <p className={styles.where}>
          <span className={styles.name}>{session.room.name}</span>
          <span className="numbers">{t(view.tiles.length === 1 ? "room.alone" : "room.people_here", { count: view.tiles.length })}</span>
        </p>
        <Controls view={view} chatOpen={chatOpen} statisticsOpen={statisticsOpen} unread={messages.filter(({ key, me }) => key > read && !me).length} onAct={act} />
      </div>
      <Sounds tracks={view.sounds} />
    </div>
  );
}
