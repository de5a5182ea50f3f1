import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { DeviceCheck } from "../../room/before/DeviceCheck";
import type { OwnDevices } from "../../room/before/wish";
import type { Joined, VenueId } from "../model";
import { AtTheDoor } from "./AtTheDoor";
import styles from "./BeforeMeeting.module.css";
import { MeetingHead } from "./MeetingHead";

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
  const { title, starts, ends, venue, venue_title: as, choices, notice, state, agenda, agenda_at: at } = joined;
  const head = (
    <MeetingHead title={title} starts={starts} ends={ends} notice={notice} waiting={waiting} willWait={state === "waiting"} onTurnBack={onTurnBack}>
      <AtTheDoor meeting={joined.room} agenda={agenda} at={at} />
    </MeetingHead>
  );
  const who =
    choices.length > 1 ? (
      <NativeSelect label={t("hall.before.as_which")} value={venue} disabled={waiting} data={choices.map((choice) => ({ value: choice.venue, label: choice.title }))} onChange={({ target }) => onVenue(target.value)} />
    ) : (
      <p className={styles.as}>{t("hall.before.as", { name: as })}</p>
    );
  return <DeviceCheck head={head} who={who} enterWords={t("hall.before.enter")} withoutWords={t("room.before.without_camera")} refused={refused} onEnter={onEnter} />;
}
