import { Button } from "@mantine/core";
import { IconBell, IconPhoneCall } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ProblemBox } from "../../ui/ProblemBox";
import { useNow } from "../../ui/useNow";
import { useTimeWords } from "../../ui/words";
import { partsIn } from "../../ui/time";
import type { Call, StandMeeting, StandView } from "./api";
import { nextOf } from "./rules";
import styles from "./Stand.module.css";

const two = (value: number) => String(value).padStart(2, "0");

interface Props {
  view: StandView;
  stale: boolean;
  /** Who rings, and how soon it is answered by itself (null: by hand). */
  ringing: { call: Call; seconds: number | null } | null;
  /** On the way into this meeting: asked, or before the door. */
  entering: { title: string; waiting: boolean } | null;
  trouble: unknown;
  mayRing: boolean;
  onAnswer: () => void;
  onDecline: () => void;
  onEnter: (meeting: StandMeeting) => void;
  onTurnBack: () => void;
  onSound: () => void;
}

/** The screen of a venue that stands ready; read from three metres. */
export function Standby({ view, stale, ringing, entering, trouble, mayRing, onAnswer, onDecline, onEnter, onTurnBack, onSound }: Props) {
  const { t } = useTranslation();
  const { zone, weekday } = useTimeWords();
  const now = useNow();
  const { year, month, day, hour, minute, second } = partsIn(zone, now);
  const next = nextOf(view.meetings);
  const others = view.meetings.filter((meeting) => meeting !== next);
  return (
    <div className={styles.stand} data-stand={ringing ? "ringing" : "ready"} data-ringing={ringing ? ringing.call.why : undefined}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.venue}>{view.venue_title}</h1>
          <p className={styles.unit}>
            {view.unit_title !== view.venue_title && <span>{view.unit_title}</span>}
            {view.number !== null && <span data-number>{t("stand.number", { number: view.number })}</span>}
          </p>
        </div>
        <p className={styles.clock}>
          <time dateTime={new Date(now).toISOString()}>
            {two(hour)}:{two(minute)}
            <small>{two(second)}</small>
          </time>
          <span className={styles.date}>
            {year}-{two(month)}-{two(day)} {weekday(new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7, true)}
          </span>
        </p>
      </header>
      {ringing ? (
        <Ringing ringing={ringing} onAnswer={onAnswer} onDecline={onDecline} />
      ) : entering ? (
        <section className={styles.ringing} role="status" data-entering>
          <h2>{t("stand.entering", { title: entering.title })}</h2>
          {entering.waiting && <p>{t("stand.waiting")}</p>}
          <div className={styles.acts}>
            <Button size="xl" variant="default" onClick={onTurnBack}>
              {t("stand.turn_back")}
            </Button>
          </div>
        </section>
      ) : (
        <section className={styles.next} aria-label={t("stand.next")}>
          {next ? <Next meeting={next} now={now} onEnter={onEnter} /> : <p className={styles.nothing}>{t("stand.none_today")}</p>}
        </section>
      )}
      {others.length > 0 && (
        <section className={styles.today} aria-label={t("stand.today")}>
          <h2>{t("stand.today")}</h2>
          <ul>
            {others.map((meeting) => (
              <Line key={meeting.id} meeting={meeting} onEnter={onEnter} />
            ))}
          </ul>
        </section>
      )}
      {trouble !== null && (
        <div className={styles.trouble}>
          <ProblemBox error={trouble} />
        </div>
      )}
      <footer className={styles.foot}>
        <span className={stale ? styles.offline : styles.ready} role="status" data-stale={stale || undefined}>
          {stale ? t("stand.offline") : t("stand.ready")}
        </span>
        <span>{t(`stand.rule.${view.answers}`)}</span>
        <span className={styles.computer}>{view.title}</span>
        <Button variant="subtle" color="var(--ink-2)" leftSection={<IconBell size={20} aria-hidden />} onClick={onSound}>
          {t(mayRing ? "stand.test_sound" : "stand.allow_sound")}
        </Button>
      </footer>
    </div>
  );
}

function Ringing({ ringing: { call, seconds }, onAnswer, onDecline }: { ringing: NonNullable<Props["ringing"]>; onAnswer: () => void; onDecline: () => void }) {
  const { t } = useTranslation();
  return (
    <section className={styles.ringing} role="alert" data-call={call.meeting}>
      <p className={styles.why}>
        <IconPhoneCall size="1.4em" aria-hidden />
        {t(`stand.rings.${call.why}`)}
      </p>
      <h2>{call.title}</h2>
      {seconds !== null && <p>{t("stand.answers_in", { seconds })}</p>}
      <div className={styles.acts}>
        <Button size="xl" color="accent" onClick={onAnswer} ref={(button) => button?.focus({ preventScroll: true })} data-do="answer">
          {t("stand.answer")}
        </Button>
        <Button size="xl" variant="default" onClick={onDecline} data-do="decline">
          {t("stand.decline")}
        </Button>
      </div>
    </section>
  );
}

function Next({ meeting, now, onEnter }: { meeting: StandMeeting; now: number; onEnter: (meeting: StandMeeting) => void }) {
  const { t } = useTranslation();
  const { clock, duration } = useTimeWords();
  const isOn = meeting.state === "open";
  const left = Math.ceil((meeting.starts - now) / 1_000);
  return (
    <>
      <p className={styles.label}>{t(isOn ? "stand.now" : "stand.next")}</p>
      <h2 data-next={meeting.id}>{meeting.title}</h2>
      <p className={styles.when}>
        {clock(meeting.starts)} – {clock(meeting.ends)}
        {!isOn && <strong>{left > 0 ? t("stand.begins_in", { time: duration(left * 1_000) }) : t("stand.begun")}</strong>}
      </p>
      <p className={styles.quiet}>
        {t("stand.main", { title: meeting.main_title, chair: meeting.chair_name })}
        {meeting.number !== null && ` · ${t("number.of_meeting", { number: meeting.number })}`}
      </p>
      <Button size="xl" variant={isOn ? "filled" : "default"} {...(isOn && { color: "accent" })} onClick={() => onEnter(meeting)} aria-label={t("stand.enter_named", { title: meeting.title })}>
        {t("stand.enter")}
      </Button>
    </>
  );
}

function Line({ meeting, onEnter }: { meeting: StandMeeting; onEnter: (meeting: StandMeeting) => void }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  return (
    <li className={styles.line}>
      <time dateTime={new Date(meeting.starts).toISOString()}>{clock(meeting.starts)}</time>
      <span>{meeting.title}</span>
      <Button variant="default" onClick={() => onEnter(meeting)} aria-label={t("stand.enter_named", { title: meeting.title })}>
        {t("stand.enter")}
      </Button>
    </li>
  );
}
