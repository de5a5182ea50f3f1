import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { useGet } from "../../api/hooks";
import type { Page, Programme } from "../../api/model";
import { serverNow } from "../../api/server_time";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { useTimeWords } from "../../ui/words";
import styles from "./DayGuide.module.css";

interface Props {
  guide: ReturnType<typeof useGet<Page<Programme>>>;
  /** The beginning of the day. */
  from: number;
  tapeFrom: number | null;
  playing: number | null;
  onGo: (from: number | null) => void;
}

/** Today's programmes: those on the tape can be watched, the one on air is marked and in sight. */
export function DayGuide({ guide, from, tapeFrom, playing, onGo }: Props) {
  const { t } = useTranslation();
  return (
    <section className={styles.guide} aria-labelledby="guide">
      <h2 id="guide">{t("live.guide")}</h2>
      <Loaded of={guide}>
        {({ items }) => {
          const today = items.filter(({ end }) => end > from);
          if (today.length === 0) return <Empty title={t("live.no_guide")} hint={t("live.no_guide_hint")} />;
          return <List programmes={today} tapeFrom={tapeFrom} playing={playing} onGo={onGo} />;
        }}
      </Loaded>
    </section>
  );
}

function List({ programmes, tapeFrom, playing, onGo }: Pick<Props, "tapeFrom" | "playing" | "onGo"> & { programmes: Programme[] }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const list = useRef<HTMLUListElement>(null);
  const now = serverNow();
  const current = programmes.find(({ start, end }) => start <= now && now < end)?.event;
  useEffect(() => {
    // Only the list scrolls, never the page: `scrollIntoView` would move both.
    const place = list.current;
    const item = place?.querySelector<HTMLElement>("[data-now]");
    if (place && item) place.scrollTop = item.offsetTop - place.clientHeight / 3;
  }, [current]);
  return (
    <ul ref={list} className={styles.list} tabIndex={0} aria-labelledby="guide">
      {programmes.map((programme) => {
        const { event, title, start, end } = programme;
        const onAir = event === current;
        const watchable = onAir || (start < now && tapeFrom !== null && end > tapeFrom);
        const words = (
          <>
            <span className={styles.clock}>{clock(start)}</span>
            <span className={styles.title}>
              {title}
              {onAir && <span className={styles.badge}>{t("live.now")}</span>}
            </span>
          </>
        );
        const chosen = playing !== null && playing >= start && playing < end;
        return (
          <li key={event} data-now={onAir || undefined} data-future={start > now || undefined}>
            {watchable ? (
              <button type="button" title={onAir ? undefined : t("live.past")} aria-current={chosen ? "true" : undefined} onClick={() => onGo(onAir ? null : Math.max(start, tapeFrom ?? start))}>
                {words}
              </button>
            ) : (
              <span className={styles.line} title={start < now ? t("live.not_on_tape") : undefined}>
                {words}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
