import { IconHandStop, IconMicrophone, IconMicrophoneOff, IconVideoOff, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { QualityBars } from "../../room/stage/QualityBars";
import { nameFor } from "../interpretation/languages";
import type { Shown } from "../model";
import { Mark } from "../reactions/Marks";
import type { Seat } from "../seats";
import { queuePlace } from "../words";
import styles from "./Side.module.css";

/** Who is here, in the order of the list. */
export function People({ shown, seats, onClose }: { shown: Shown; seats: readonly Seat[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <aside className={styles.panel} aria-label={t("hall.people")} data-panel="people">
      <div className={styles.head}>
        <h2>{t("hall.people_count", { count: seats.length })}</h2>
        <IconButton label={t("act.close")} onClick={onClose}>
          <IconX />
        </IconButton>
      </div>
      {/* Scrolls, so it must be reachable by keyboard. */}
      <ul className={styles.list} tabIndex={0} aria-label={t("hall.people")}>
        {seats.map((seat) => (
          <Person key={seat.identity} shown={shown} seat={seat} />
        ))}
      </ul>
    </aside>
  );
}

function Person({ shown, seat }: { shown: Shown; seat: Seat }) {
  const { t, i18n } = useTranslation();
  const { has, place } = queuePlace(shown.floor, seat.identity);
  const interpreting = shown.interpretation.filter((each) => each.on_air === seat.identity).map((each) => t("interpret.into", { language: nameFor(each.language, i18n.language) }));
  const posts = [seat.identity === shown.chair && t("hall.chair"), seat.identity === shown.main && t("hall.main"), seat.identity === shown.broadcast && t("hall.broadcast"), has && t("hall.has_floor"), ...interpreting].filter((word) => word !== false);
  return (
    <li className={styles.person} data-person={seat.identity} data-speaking={seat.speaking || undefined}>
      <span className={styles.bars}>
        <QualityBars quality={seat.quality} />
      </span>
      <span className={styles.who}>
        <span className={styles.name}>{seat.me ? t("room.you_named", { name: seat.name }) : seat.name}</span>
        {(posts.length > 0 || seat.headcount !== null) && <span className={styles.posts}>{[...posts, ...(seat.headcount === null ? [] : [t("hall.headcount", { count: seat.headcount })])].join(" · ")}</span>}
      </span>
      <Mark of={seat.identity} />
      {place !== null && (
        <span className={styles.hand} title={t("hall.hand_raised")}>
          <IconHandStop size={20} role="img" aria-label={t("hall.hand_raised")} />
          <span className="numbers">{place}</span>
        </span>
      )}
      {!seat.hasCamera && <IconVideoOff className={styles.quiet} size={20} role="img" aria-label={t("room.no_picture")} />}
      {seat.muted ? <IconMicrophoneOff className={styles.off} size={20} role="img" aria-label={t("room.muted")} /> : <IconMicrophone className={styles.on} size={20} role="img" aria-label={t("hall.microphone_open")} />}
    </li>
  );
}
