import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { VenuePicture } from "../hall/VenuePicture";
import { useConducting } from "../Conducting";
import type { Conduct, VenueId } from "../model";
import { type Seat, seatIn } from "../seats";
import styles from "./Desk.module.css";

/** Small pictures on a page, where no poll says otherwise. */
const WALL = 9;

interface Props {
  conduct: Conduct;
  seats: readonly Seat[];
  onWall: (wall: VenueId[]) => void;
}

/** What all see and what comes next; whom the chair sees; and the wall of small pictures. */
export function DeskPictures({ conduct, seats, onWall }: Props) {
  const { t } = useTranslation();
  const { run, title } = useConducting();
  const [page, setPage] = useState(0);
  const { shown, scene, venues } = conduct;
  const here = useMemo(() => venues.filter(({ presence }) => presence.is === "in").map(({ id }) => id), [venues]);
  const polled = shown.wall_poll !== null;
  const pages = Math.max(1, Math.ceil(here.length / WALL));
  const at = Math.min(page, pages - 1);
  const wall = useMemo(() => (polled ? scene.wall : here.slice(at * WALL, (at + 1) * WALL)), [polled, scene.wall, here, at]);
  const key = wall.join(" ");
  useEffect(() => onWall(key === "" ? [] : key.split(" ")), [key, onWall]);
  const looks = scene.large !== null && scene.large !== shown.on_screen ? scene.large : null;
  const second = looks ?? scene.next ?? shown.next;
  return (
    <section className={styles.pictures} aria-label={t("desk.pictures")}>
      <div className={styles.programme}>
        <figure className={styles.shown} data-programme={shown.on_screen ?? ""}>
          <figcaption data-live={shown.broadcast !== null || undefined}>{t(shown.broadcast !== null ? "desk.all_see_broadcast" : shown.poll ? "desk.all_see_poll" : "desk.all_see")}</figcaption>
          <VenuePicture seat={seatIn(seats, shown.on_screen)} place="wall" nobody={t("hall.nobody_yet")} />
        </figure>
        <figure className={styles.shown} data-second={second ?? ""}>
          <figcaption>{t(looks !== null ? "desk.chair_sees" : "desk.next")}</figcaption>
          <VenuePicture seat={seatIn(seats, second)} place="wall" nobody={t("desk.next_none")} />
        </figure>
      </div>
      <div className={styles.wall} data-wall={wall.length}>
        {wall.map((venue) => (
          <button key={venue} type="button" className={styles.brick} title={t("desk.broadcast_named", { name: title(venue) })} onClick={() => void run({ act: "broadcast", venue })} data-brick={venue} data-shown={venue === shown.on_screen || undefined}>
            <VenuePicture seat={seatIn(seats, venue)} place="wall" hand={shown.floor.hands.some((hand) => hand.venue === venue)} />
          </button>
        ))}
      </div>
      <p className={styles.pages}>
        {polled ? (
          t("desk.wall_polled")
        ) : (
          <>
            <IconButton label={t("hall.page_before")} disabled={at === 0} onClick={() => setPage(at - 1)}>
              <IconChevronLeft />
            </IconButton>
            <span className="numbers">{t("hall.page_of", { page: at + 1, pages })}</span>
            <IconButton label={t("hall.page_next")} disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
              <IconChevronRight />
            </IconButton>
          </>
        )}
      </p>
    </section>
  );
}
