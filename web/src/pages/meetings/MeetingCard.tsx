import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useZone } from "../../api/hooks";
import { State, type Tone } from "../../ui/State";
import { clock } from "../../ui/time";
import { joinPath, type Meeting } from "./api";
import { isMissed, isNear, replies } from "./days";
import { MeetingDetails } from "./MeetingDetails";
import styles from "./Meetings.module.css";

const TONES: Record<Meeting["state"], Tone> = { booked: "off", open: "live", closed: "off", cancelled: "bad" };

/** A meeting: when, what, who chairs, and the way in. */
export function MeetingCard({ meeting, now }: { meeting: Meeting; now: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const main = meeting.venues.find(({ role }) => role === "main");
  const { accepted, declined, pending } = replies(meeting);
  const near = isNear(meeting, now);
  const missed = isMissed(meeting, now);
  const state = missed ? "meetings.missed" : (`meetings.state_${meeting.state}` as const);
  return (
    <article className={styles.card} data-state={meeting.state} data-meeting={meeting.title}>
      <p className={styles.time}>
        {clock(meeting.starts, zone)}
        <span>{clock(meeting.ends, zone)}</span>
      </p>
      <div className={styles.what}>
        <h3>{meeting.title}</h3>
        <p className={styles.who}>
          {t("meetings.card", { main: main?.title ?? "", chair: meeting.chair_name, venues: meeting.venues.length })}
          {meeting.number != null && <span data-number>{t("number.of_meeting", { number: meeting.number })}</span>}
        </p>
        <p className={styles.who}>
          <State tone={meeting.taken_by == null ? TONES[meeting.state] : "bad"}>{t(meeting.taken_by == null ? state : "meetings.taken")}</State>
          {meeting.state === "booked" && <span>{t("meetings.replies", { accepted, declined, pending })}</span>}
        </p>
      </div>
      <div className={styles.acts}>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t("meetings.details")}
        </Button>
        {!missed && meeting.state !== "closed" && meeting.state !== "cancelled" && (
          <Button component={Link} href={joinPath(meeting)} color="accent" variant={near ? "filled" : "light"} aria-label={t("meetings.enter_named", { title: meeting.title })}>
            {t("meetings.enter")}
          </Button>
        )}
      </div>
      {open && <MeetingDetails meeting={meeting} onClose={() => setOpen(false)} />}
    </article>
  );
}
