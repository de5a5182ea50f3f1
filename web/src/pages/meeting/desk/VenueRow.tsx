import { Menu } from "@mantine/core";
import { IconDots, IconHandStop, IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useAsk } from "../../../ui/Ask";
import { State } from "../../../ui/State";
import { QualityBars } from "../../room/stage/QualityBars";
import { useConducting } from "../Conducting";
import type { Command, Conduct, Venue } from "../model";
import type { Seat } from "../seats";
import { presenceTone } from "../words";
import styles from "./Desk.module.css";
import { isHere } from "./found";

interface Props {
  venue: Venue;
  conduct: Conduct;
  seat: Seat | null;
}

/** A venue: how it is there, and what may be done with it. */
export function VenueRow({ venue, conduct, seat }: Props) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const { shown, look } = conduct;
  const { id, title, presence, is_muted: isMuted, headcount } = venue;
  const here = isHere(venue);
  const isBroadcast = shown.broadcast === id;
  const isLookedAt = look === id;
  const hasFloor = shown.floor.holders.includes(id);
  const hand = shown.floor.hands.some((raised) => raised.venue === id);
  const posts = [id === shown.chair && t("hall.chair"), id === shown.main && t("hall.main"), headcount !== null && t("hall.headcount", { count: headcount })].filter((word) => word !== false);
  const toggle = (name: "broadcast" | "look" | "floor", on: boolean, done: Command) => (
    <button type="button" className={styles.act} aria-pressed={on} onClick={() => void run(done)} data-do={name} aria-label={`${t(`desk.venue.${name}`)} ${title}`}>
      {t(`desk.venue.${name}`)}
    </button>
  );
  return (
    <li className={styles.row} data-row={id} data-is={presence.is}>
      <span className={styles.who}>
        <span className={styles.name}>{title}</span>
        <span className={styles.facts}>
          <State tone={presenceTone(presence)}>{t(`desk.presence.${presence.is}`)}</State>
          {posts.join(" · ")}
        </span>
      </span>
      {hand && <IconHandStop className={styles.hand} size={20} role="img" aria-label={t("hall.hand_raised")} />}
      {seat && <QualityBars quality={seat.quality} />}
      {here && (
        <button type="button" className={styles.icon} onClick={() => void run({ act: isMuted ? "unmute" : "mute", whom: { one: id } })} data-do="microphone" data-muted={isMuted} aria-label={`${t(isMuted ? "desk.venue.unmute" : "desk.venue.mute")} ${title}`} title={t(isMuted ? "desk.venue.unmute" : "desk.venue.mute")}>
          {isMuted ? <IconMicrophoneOff size={20} aria-hidden /> : <IconMicrophone size={20} aria-hidden />}
        </button>
      )}
      {here && (
        <>
          {toggle("broadcast", isBroadcast, isBroadcast ? { act: "end_broadcast" } : { act: "broadcast", venue: id })}
          {toggle("look", isLookedAt, isLookedAt ? { act: "end_look" } : { act: "look", venue: id })}
          {toggle("floor", hasFloor, { act: hasFloor ? "take_floor" : "give_floor", venue: id })}
        </>
      )}
      {presence.is === "waiting" && (
        <button type="button" className={styles.act} onClick={() => void run({ act: "admit", venue: id })} data-do="admit">
          {t("desk.venue.admit")}
        </button>
      )}
      {["absent", "ringing", "removed"].includes(presence.is) && (
        <button type="button" className={styles.act} onClick={() => void run({ act: "redial", venue: id })} data-do="redial">
          {t("desk.venue.redial")}
        </button>
      )}
      <More venue={venue} conduct={conduct} />
    </li>
  );
}

/** What is done seldom, or asks first. */
function More({ venue, conduct }: { venue: Venue; conduct: Conduct }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const { run, dare } = useConducting();
  const { id, title, is_camera_off: isOff, may_share: mayShare } = venue;
  const here = isHere(venue);
  const careful = (name: "remove" | "hand_over", done: Command) => ask({ question: t(`desk.ask.${name}`, { name: title }), act: t(`desk.venue.${name}`), run: () => dare(done) });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={styles.icon} aria-label={t("desk.venue.more", { name: title })} title={t("desk.venue.more", { name: title })} data-do="more">
          <IconDots size={20} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{title}</Menu.Label>
        {here && (
          <>
            <Menu.Item onClick={() => void run({ act: "camera", venue: id, off: !isOff })} data-do="camera">
              {t(isOff ? "desk.venue.camera_on" : "desk.venue.camera_off")}
            </Menu.Item>
            <Menu.Item onClick={() => void run({ act: "allow_share", venue: id, allowed: !mayShare })}>{t(mayShare ? "desk.venue.share_off" : "desk.venue.share_on")}</Menu.Item>
            <Menu.Item onClick={() => void run({ act: "return_picture", venue: id })}>{t("desk.venue.return_picture")}</Menu.Item>
            {id !== conduct.shown.chair && (
              <Menu.Item onClick={() => careful("hand_over", { act: "hand_over", to: id })} data-do="hand_over">
                {t("desk.venue.hand_over")}
              </Menu.Item>
            )}
          </>
        )}
        <Menu.Item color="var(--bad)" onClick={() => careful("remove", { act: "remove", venue: id })} data-do="remove">
          {t("desk.venue.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
