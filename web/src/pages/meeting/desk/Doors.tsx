import { Button, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/hooks";
import { At } from "../../../ui/At";
import { GuestLinks } from "../../joining/GuestLinks";
import { useConducting } from "../Conducting";
import type { Conduct } from "../model";
import { Invite } from "./Invite";
import styles from "./Tools.module.css";

/** Who waits, who is called, and whether the door is open. */
export function Doors({ meeting, conduct }: { meeting: string; conduct: Conduct }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  // Links are made by people; who chairs by a venue's seat alone, without having signed in, makes none.
  const mayInvite = useMe().data?.person != null;
  const waiting = conduct.venues.flatMap((venue) => (venue.presence.is === "waiting" ? [{ ...venue, since: venue.presence.since }] : []));
  const missing = conduct.venues.filter((venue) => venue.is_expected && venue.presence.is === "absent").length;
  const admitAll = async () => {
    for (const { id } of waiting) if (!(await run({ act: "admit", venue: id }))) return;
  };
  return (
    <>
      <div className={styles.heading}>
        <h3>{t("desk.door.waiting", { count: waiting.length })}</h3>
        {waiting.length > 1 && (
          <Button variant="default" className={styles.yes} onClick={() => void admitAll()} data-do="admit_all">
            {t("desk.door.admit_all")}
          </Button>
        )}
      </div>
      {waiting.length === 0 && <p className={styles.none}>{t("desk.door.nobody")}</p>}
      <ul className={styles.list}>
        {waiting.map(({ id, title, since }) => (
          <li key={id} className={styles.item} data-waiting-venue={id}>
            <span className={styles.name}>
              {title}
              <span className={styles.since}>
                <At at={since} />
              </span>
            </span>
            <Button variant="default" className={styles.yes} onClick={() => void run({ act: "admit", venue: id })} data-do="admit">
              {t("desk.venue.admit")}
            </Button>
            <Button variant="default" onClick={() => void run({ act: "turn_away", venue: id })} data-do="turn_away">
              {t("desk.venue.turn_away")}
            </Button>
          </li>
        ))}
      </ul>
      <Switch color="var(--ok)" label={t("desk.door.lock")} checked={conduct.shown.is_door_locked} onChange={({ target }) => void run({ act: "lock_door", locked: target.checked })} />
      <Button variant="default" disabled={missing === 0} onClick={() => void run({ act: "redial", venue: null })} data-do="redial_all">
        {t("desk.door.redial_all", { count: missing })}
      </Button>
      <Invite venues={conduct.venues} />
      {mayInvite && <GuestLinks meeting={meeting} />}
    </>
  );
}
