import { useTranslation } from "react-i18next";

import type { Chat } from "../../room/chat";
import { ChatBox } from "../../room/stage/ChatBox";
import { BoothPanel } from "../interpretation/BoothPanel";
import type { BoothState } from "../interpretation/useBooth";
import type { Shown } from "../model";
import type { Seat } from "../seats";
import { Agenda } from "./Agenda";
import { BallotBox } from "./BallotBox";
import { Calls } from "./Calls";
import type { HallAct } from "./keys";
import { People } from "./People";
import styles from "./Side.module.css";
import { VenuePicture } from "./VenuePicture";

interface Props {
  meeting: string;
  shown: Shown;
  seats: readonly Seat[];
  me: Seat;
  chairs: boolean;
  chat: Chat;
  booth: BoothState;
  panel: "people" | "chat" | null;
  onAct: (act: HallAct) => void;
}

/** Beside the pictures: oneself, what concerns oneself, and a list. */
export function SidePanel({ meeting, shown, seats, me, chairs, chat, booth, panel, onAct }: Props) {
  const { t } = useTranslation();
  const silence = shown.chat === "moderated" && !chairs ? t("hall.chat_moderated") : undefined;
  return (
    <div className={styles.side}>
      <div className={styles.self}>
        <VenuePicture seat={me} place="self" />
      </div>
      <BoothPanel booth={booth} shown={shown} me={me.identity} />
      <Agenda meeting={meeting} at={shown.agenda} />
      <Calls shown={shown} me={me} onMicrophone={() => onAct("microphone")} />
      {shown.ballot && <BallotBox key={shown.ballot.begun} ballot={shown.ballot} headcount={me.headcount} />}
      {panel === "people" && <People shown={shown} seats={seats} onClose={() => onAct("people")} />}
      {panel === "chat" && shown.chat !== "off" && (
        <div className={styles.chat} data-panel="chat">
          <ChatBox chat={chat} silence={silence} onClose={() => onAct("chat")} />
        </div>
      )}
    </div>
  );
}
