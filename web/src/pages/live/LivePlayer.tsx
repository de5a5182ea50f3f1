import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../api/hooks";
import { withQuery } from "../../api/client";
import type { Channel, Programme, Tape } from "../../api/model";
import { serverNow } from "../../api/server_time";
import { play, seek } from "../../player/acts";
import { Player } from "../../player/Player";
import { heightOf } from "../../player/rungs";
import { useStage } from "../../player/useStage";
import type { Media } from "../../player/useMedia";
import { duration } from "../../ui/time";
import { useTimeWords } from "../../ui/words";
import styles from "./Live.module.css";
import { LiveBar } from "./LiveBar";

/** Nearer to the present than this counts as live: what a playlist of two-second segments leaves behind, and a little. */
const LIVE_WITHIN_MS = 20_000;

interface Props {
  channel: Channel;
  tape: Tape | undefined;
  programmes: Programme[];
  /** Where on the tape to begin; null is live. */
  from: number | null;
  onGo: (from: number | null) => void;
}

export function LivePlayer({ channel, tape, programmes, from, onGo }: Props) {
  const { t } = useTranslation();
  const { say } = useTimeWords();
  const { data: me } = useMe();
  const cap = me?.highest_rung ?? null;
  const { signal, live_url: url } = channel;
  const onTape = from !== null;
  const lost = !onTape && (signal.state === "missing" || signal.state === "off");
  // While the signal is away there is nothing to load; the picture comes back with it.
  const stage = useStage({ url: me === undefined || lost ? null : withQuery(url, { from }), capHeight: heightOf(cap), startSeconds: onTape ? 0 : null });
  const [jumped, setJumped] = useState<number | null>(null);

  const positionOf = (media: Media): number => {
    if (jumped !== null && media.waiting) return jumped;
    const playing = media.begun ? stage.playingUtc() : null;
    return playing ?? from ?? serverNow();
  };
  const go = (utcMs: number) => {
    setJumped(utcMs);
    if (utcMs > serverNow() - LIVE_WITHIN_MS) toLive();
    else if (!stage.seekUtc(utcMs)) onGo(utcMs);
  };
  const toLive = () => {
    setJumped(null);
    const edge = stage.liveEdge();
    if (!onTape && stage.video && edge !== null) {
      seek(stage.video, edge);
      play(stage.video);
    } else onGo(null);
  };
  return (
    <Player
      stage={stage}
      label={channel.title}
      speeds={onTape}
      below
      capName={heightOf(cap) === null ? null : cap}
      bar={(media) => <LiveBar at={positionOf(media)} tape={tape} programmes={programmes} onGo={go} />}
      clock={(media) => {
        const behind = serverNow() - positionOf(media);
        if (lost) return null;
        if (behind < LIVE_WITHIN_MS)
          return (
            <span className={styles.badge}>
              <span className={styles.dot} aria-hidden />
              {t("live.badge")}
            </span>
          );
        return (
          <>
            <span className={styles.behind}>{t("live.behind", { length: duration(behind) })}</span>
            <button type="button" className={styles.toLive} onClick={toLive}>
              {t("live.go_live")}
            </button>
          </>
        );
      }}
      over={
        lost ? (
          <div className={styles.lost} role="status">
            <p className={styles.lostTitle}>{t(signal.state === "off" ? "live.off" : "live.missing")}</p>
            {signal.state === "missing" && <p>{t("live.missing_hint", { since: say(signal.since) })}</p>}
          </div>
        ) : signal.state === "starting" && !onTape ? (
          <p className={styles.note}>{t("live.starting")}</p>
        ) : !signal.browser_playable && stage.height === null && stage.fault === null ? (
          <p className={styles.note}>{t("live.converting")}</p>
        ) : null
      }
    />
  );
}
