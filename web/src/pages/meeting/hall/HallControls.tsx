import { Menu } from "@mantine/core";
import { IconActivity, IconArmchair, IconCheck, IconDoorExit, IconHandOff, IconHandStop, IconKeyboard, IconLanguage, IconLayoutGrid, IconMaximize, IconMessage, IconMicrophone, IconMicrophoneOff, IconMinimize, IconPictureInPicture, IconScreenShare, IconScreenShareOff, IconUsers, IconVideo, IconVideoOff } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";

import { ControlButton } from "../../room/stage/ControlButton";
import row from "../../room/stage/Controls.module.css";
import type { View } from "../../room/view";
import type { Listening } from "../interpretation/useListening";
import { LAYOUTS, type Layout, type Shown } from "../model";
import { ReactMenu } from "../reactions/ReactMenu";
import type { Reaction } from "../reactions/reactions";
import type { Seat } from "../seats";
import { queuePlace } from "../words";
import { HALL_KEYS, type HallAct } from "./keys";

interface Props {
  shown: Shown;
  me: Seat;
  view: View;
  /** What the viewer chose instead of the meeting's layout. */
  chosen: Layout | null;
  open: "people" | "chat" | null;
  desk: boolean | null;
  full: boolean;
  unread: number;
  /** What is heard, where there is a choice. */
  listening: Listening;
  onReact: (reaction: Reaction) => void;
  onAct: (act: HallAct) => void;
  onLayout: (layout: Layout | null) => void;
}

interface OneProps {
  act: HallAct;
  icon: ComponentType<{ size: number }>;
  label: string;
  on?: boolean;
  badge?: number;
}

/** The row of buttons. */
export function HallControls({ shown, me, view, chosen, open, desk, full, unread, listening, onReact, onAct, onLayout }: Props) {
  const { t } = useTranslation();
  const { microphone, camera, screen } = view;
  const { has, place } = queuePlace(shown.floor, me.identity);
  const canShare = typeof (navigator.mediaDevices as MediaDevices | undefined)?.getDisplayMedia === "function"; // phones have none
  const one = ({ act, ...others }: OneProps) => <ControlButton key={act} act={act} word={t(`hall.short.${act}`)} shortcut={HALL_KEYS[act]} onPress={() => onAct(act)} {...others} />;
  const isLocked = me.isLocked && !microphone;
  return (
    <div className={row.row} role="toolbar" aria-label={t("room.act.bar")}>
      {one({ act: "microphone", icon: microphone ? IconMicrophone : IconMicrophoneOff, label: t(isLocked ? "hall.microphone_locked" : microphone ? "room.act.microphone_off" : "room.act.microphone_on"), on: microphone })}
      {one({ act: "camera", icon: camera ? IconVideo : IconVideoOff, label: t(me.isCameraOff ? "hall.picture.held" : camera ? "room.act.camera_off" : "room.act.camera_on"), on: camera && !me.isCameraOff })}
      {!has && me.identity !== shown.chair && one({ act: "hand", icon: place === null ? IconHandStop : IconHandOff, label: t(place === null ? "hall.act.raise" : "hall.act.lower"), ...(place !== null && { on: true }) })}
      {canShare && me.mayShare && one({ act: "screen", icon: screen ? IconScreenShareOff : IconScreenShare, label: t(screen ? "room.act.screen_off" : "room.act.screen_on") })}
      {one({ act: "people", icon: IconUsers, label: t("hall.people"), ...(open === "people" && { on: true }) })}
      {shown.chat !== "off" && one({ act: "chat", icon: IconMessage, label: t("room.act.chat"), badge: open === "chat" ? 0 : unread, ...(open === "chat" && { on: true }) })}
      {listening.offered.length > 0 && one({ act: "listen", icon: IconLanguage, label: t("interpret.listen_act"), ...(listening.language !== null && { on: true }) })}
      {shown.has_reactions && <ReactMenu onReact={onReact} />}
      {desk !== null && one({ act: "desk", icon: IconArmchair, label: t(desk ? "hall.act.hall" : "hall.act.desk"), ...(desk && { on: true }) })}
      <Menu position="top-end">
        <Menu.Target>
          <ControlButton act="layout" icon={IconLayoutGrid} word={t("hall.short.layout")} label={t("hall.act.layout")} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("hall.act.layout")}</Menu.Label>
          <Menu.Item rightSection={chosen === null && <IconCheck size={18} aria-hidden />} onClick={() => onLayout(null)} data-layout-choice="meeting">
            {t("hall.layout.meeting", { layout: t(`hall.layout.${shown.layout}`) })}
          </Menu.Item>
          {LAYOUTS.map((layout) => (
            <Menu.Item key={layout} rightSection={chosen === layout && <IconCheck size={18} aria-hidden />} onClick={() => onLayout(layout)} data-layout-choice={layout}>
              {t(`hall.layout.${layout}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={full ? <IconMinimize size={20} aria-hidden /> : <IconMaximize size={20} aria-hidden />} onClick={() => onAct("full")}>
            {t(full ? "hall.act.full_off" : "hall.act.full_on")}
          </Menu.Item>
          {document.pictureInPictureEnabled && (
            <Menu.Item leftSection={<IconPictureInPicture size={20} aria-hidden />} onClick={() => onAct("aside")}>
              {t("hall.act.aside")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconActivity size={20} aria-hidden />} onClick={() => onAct("statistics")}>
            {t("room.act.statistics")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={20} aria-hidden />} onClick={() => onAct("help")}>
            {t("hall.act.help")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {one({ act: "leave", icon: IconDoorExit, label: t("room.act.leave") })}
    </div>
  );
}
