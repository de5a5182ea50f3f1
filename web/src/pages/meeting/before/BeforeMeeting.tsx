import { Button, NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useTimeWords } from "../../../ui/words";
import { DeviceCheck } from "../../room/before/DeviceCheck";
import type { OwnDevices } from "../../room/before/wish";
import type { Joined, VenueId } from "../model";
import { AtTheDoor } from "./AtTheDoor";
import styles from "./BeforeMeeting.module.css";

interface Props {
  joined: Joined;
  /** One has knocked, and the chair has not answered yet. */
  waiting: boolean;
  refused: unknown;
  onVenue: (venue: VenueId) => void;
  onEnter: (devices: () => OwnDevices) => Promise<void>;
  onTurnBack: () => void;
}

/** Before a meeting: what it is, as which venue one comes, the check of devices; then perhaps the wait. */
export function BeforeMeeting({ joined, waiting, refused, onVenue, onEnter, onTurnBack }: Props) {
  const { t } = useTranslation();
  const { say, clock } = useTimeWords();
  const { title, starts, ends, venue, venue_title: as, choices, notice, agenda, agenda_at: at } = joined;
  const head = (
    <header className={styles.head}>
      <h1>{title}</h1>
      <p className={styles.time}>
        <time dateTime={new Date(starts).toISOString()}>{say(starts)}</time> – <time dateTime={new Date(ends).toISOString()}>{clock(ends)}</time>
      </p>
      {(waiting || joined.state === "waiting") && (
        <section className={styles.waiting} role="status" data-waiting={waiting}>
          <h2>{t(waiting ? "hall.before.waiting" : "hall.before.will_wait")}</h2>
          <p>{t(waiting ? "hall.before.waiting_hint" : "hall.before.will_wait_hint")}</p>
          {notice && (
            <blockquote className={styles.notice}>
              <p className={styles.from}>{t("hall.before.notice")}</p>
              <p>{notice}</p>
            </blockquote>
          )}
          {waiting && (
            <Button variant="default" onClick={onTurnBack}>
              {t("hall.before.turn_back")}
            </Button>
          )}
        </section>
      )}
      <AtTheDoor meeting={joined.room} agenda={agenda} at={at} />
    </header>
  );
  const who =
    choices.length > 1 ? (
      <NativeSelect label={t("hall.before.as_which")} value={venue} disabled={waiting} data={choices.map((choice) => ({ value: choice.venue, label: choice.title }))} onChange={({ target }) => onVenue(target.value)} />
    ) : (
      <p className={styles.as}>{t("hall.before.as", { name: as })}</p>
    );
  return <DeviceCheck head={head} who={who} enterWords={t("hall.before.enter")} withoutWords={t("room.before.without_camera")} refused={refused} onEnter={onEnter} />;
}
