import type { Room } from "livekit-client";
import { useTranslation } from "react-i18next";

import { rate } from "../../../ui/words";
import { useStatistics } from "../../room/stats/useStatistics";
import { isDead, isWorthTelling, lineSaid, lineState } from "../line";
import type { Seat } from "../seats";
import styles from "./Hall.module.css";
import { useSaid } from "./StateLine";

/** Often enough for a sentence; 65 tracks are read each time. */
const EVERY_MS = 3_000;

/** What the line does, when it does less than it should. */
export function LineWords({ room, me, large }: { room: Room; me: Seat | null; large: Seat | null }) {
  const { t } = useTranslation();
  const said = useSaid();
  const statistics = useStatistics(room, EVERY_MS);
  const state = statistics && lineState(statistics, { paused: large?.camera.paused ?? false, isLarge: large !== null });
  if (state && isDead(state, large?.hasCamera ?? false)) {
    return (
      <p className={styles.weak} role="status" data-line-words="nothing">
        {t("hall.line.nothing")}
      </p>
    );
  }
  if (!state || !isWorthTelling(state, me?.quality ?? "unknown")) {
    return <p className={styles.quiet}>{state ? t("hall.line.good", { rate: rate(state.rateBps) }) : ""}</p>;
  }
  return (
    <p className={styles.weak} role="status" data-line-words>
      {said(lineSaid(state, rate))}
    </p>
  );
}
