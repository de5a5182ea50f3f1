import { IconActivity, IconDoorExit, IconMessage, IconMicrophone, IconMicrophoneOff, IconScreenShare, IconScreenShareOff, IconVideo, IconVideoOff } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";

import { KEYS, type RoomAct } from "../keys";
import type { View } from "../view";
import { ControlButton } from "./ControlButton";
import styles from "./Controls.module.css";

interface Props {
  view: View;
  chatOpen: boolean;
  statisticsOpen: boolean;
  /** Messages that came while they were not shown. */
  unread: number;
  onAct: (act: RoomAct) => void;
}

/** Short word, long label and key of a room's own acts. */
function Button({ act, onAct, ...others }: { act: RoomAct; icon: ComponentType<{ size: number }>; label: string; on?: boolean; badge?: number; onAct: (act: RoomAct) => void }) {
  const { t } = useTranslation();
  return <ControlButton act={act} word={t(`room.short.${act}`)} shortcut={KEYS[act]} onPress={() => onAct(act)} {...others} />;
}

/** The row of buttons. */
export function Controls({ view, chatOpen, statisticsOpen, unread, onAct }: Props) {
  const { t } = useTranslation();
  const { microphone, camera, screen } = view;
  const canShare = typeof (navigator.mediaDevices as MediaDevices | undefined)?.getDisplayMedia === "function"; // phones have none
  return (
    <div className={styles.row} role="toolbar" aria-label={t("room.act.bar")}>
      <Button act="microphone" icon={microphone ? IconMicrophone : IconMicrophoneOff} label={t(microphone ? "room.act.microphone_off" : "room.act.microphone_on")} on={microphone} onAct={onAct} />
      <Button act="camera" icon={camera ? IconVideo : IconVideoOff} label={t(camera ? "room.act.camera_off" : "room.act.camera_on")} on={camera} onAct={onAct} />
      {canShare && <Button act="screen" icon={screen ? IconScreenShareOff : IconScreenShare} label={t(screen ? "room.act.screen_off" : "room.act.screen_on")} onAct={onAct} />}
      <Button act="chat" icon={IconMessage} label={t("room.act.chat")} badge={chatOpen ? 0 : unread} onAct={onAct} />
      <span className={styles.wide}>
        <Button act="statistics" icon={IconActivity} label={t("room.act.statistics")} on={statisticsOpen || undefined} onAct={onAct} />
      </span>
      <Button act="leave" icon={IconDoorExit} label={t("room.act.leave")} onAct={onAct} />
    </div>
  );
}
