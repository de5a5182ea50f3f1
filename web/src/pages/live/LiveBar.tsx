import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Programme, Tape } from "../../api/model";
import { serverNow } from "../../api/server_time";
import { useHalf, useTimeWords } from "../../ui/words";
import styles from "./LiveBar.module.css";

const HOUR_MS = 3_600_000;
const STEP_SECONDS = 10;

interface Props {
  /** The moment now playing. */
  at: number;
  tape: Tape | undefined;
  programmes: Programme[];
  onGo: (utcMs: number) => void;
}

/** How much of the past fits: less on a phone. */
function spanHours(): number {
  return window.innerWidth < 700 ? 2 : 4;
}

/** The last hours of a channel: programmes, gaps, where one is. */
export function LiveBar({ at, tape, programmes, onGo }: Props) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const half = useHalf();
  const [wanted, setWanted] = useState<number | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const to = serverNow();
  const from = Math.max(tape?.from ?? to - HOUR_MS, Math.min(to - spanHours() * HOUR_MS, at - HOUR_MS / 2));
  const place = (utcMs: number) => Math.min(1, Math.max(0, (utcMs - from) / (to - from)));
  const percent = (part: number) => `${part * 100}%`;
  const span = (one: number, other: number) => ({ insetInlineStart: percent(place(one)), width: percent(place(other) - place(one)) });
  const shown = wanted ?? at;
  const commit = () => {
    if (wanted !== null) onGo(wanted);
    setWanted(null);
  };
  const pointed = wanted ?? (hover === null ? null : from + hover * (to - from));
  const gap = pointed === null ? undefined : tape?.gaps.find((found) => pointed >= found.from && pointed < found.to);
  const programme = pointed === null ? undefined : programmes.find(({ start, end }) => pointed >= start && pointed < end);
  return (
    <div
      className={styles.bar}
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        setHover(Math.min(1, Math.max(0, (event.clientX - left) / width)));
      }}
      onPointerLeave={() => setHover(null)}
    >
      <div className={styles.track}>
        {programmes
          .filter(({ start, end }) => end > from && start < to)
          .map(({ event, title, start, end }) => (
            <span key={event} className={styles.programme} data-past={end <= shown || undefined} style={span(start, end)}>
              <span>{title}</span>
            </span>
          ))}
        {tape?.gaps
          .filter((found) => found.to > from)
          .map((found) => <span key={found.from} className={styles.gap} style={span(found.from, found.to)} />)}
      </div>
      <span className={styles.head} style={{ insetInlineStart: percent(place(shown)) }} />
      <input
        type="range"
        min={Math.floor(from / 1000)}
        max={Math.floor(to / 1000)}
        step={STEP_SECONDS}
        value={Math.floor(shown / 1000)}
        aria-label={t("live.bar")}
        aria-valuetext={t("live.bar_value", { clock: clock(shown) })}
        onChange={({ target }) => setWanted(Number(target.value) * 1000)}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      {pointed !== null && (
        <span className={styles.hover} style={{ insetInlineStart: `clamp(90px, ${percent(place(pointed))}, calc(100% - 90px))` }}>
          {gap ? t("live.gap", { from: clock(gap.from), to: clock(gap.to), reason: half(gap.reason) }) : `${clock(pointed)} ${programme?.title ?? ""}`}
        </span>
      )}
      <div className={styles.scale} aria-hidden>
        <span>{clock(from)}</span>
        <span>{clock(to)}</span>
      </div>
    </div>
  );
}
