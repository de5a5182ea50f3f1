import { Button } from "@mantine/core";
import { IconPlayerTrackPrev, IconScissors } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

import { LIVE_MS, useGet, useMe, useZone } from "../../api/hooks";
import type { Channel, Page, Programme, Tape } from "../../api/model";
import { serverNow } from "../../api/server_time";
import { withQuery } from "../../api/client";
import { useTitle } from "../../ui/PageHead";
import { addDays, dayOf, instantOf } from "../../ui/time";
import { useTimeWords } from "../../ui/words";
import { CutDialog, type Span } from "../shared/CutDialog";
import { DayGuide } from "./DayGuide";
import styles from "./Live.module.css";
import { LivePlayer } from "./LivePlayer";

const MINUTE_MS = 60_000;

/** A channel: the picture with the bar of its tape, what is on, and the guide of the day beside it. */
export function LiveChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const zone = useZone();
  const { data: me } = useMe();
  const [search, setSearch] = useSearchParams();
  const [span, setSpan] = useState<Span | null>(null);
  const today = dayOf(serverNow(), zone);
  const dayStart = instantOf(today, zone) ?? 0;
  const dayEnd = instantOf(addDays(today, 1), zone) ?? 0;
  // The bar reaches into yesterday shortly after midnight.
  const guide = useGet<Page<Programme>>(withQuery(`/channels/${channel.id}/guide`, { from: dayStart - 5 * 60 * MINUTE_MS, to: dayEnd }), { every: 60_000 });
  const tape = useGet<Tape>(`/channels/${channel.id}/tape`, { every: LIVE_MS });
  const asked = Number(search.get("from") ?? NaN);
  const from = Number.isFinite(asked) && search.get("from") !== null ? asked : null;
  const { now, title } = channel;
  useTitle(title);

  const go = (next: number | null) => setSearch(next === null ? {} : { from: String(Math.round(next)) }, { replace: true });
  const programmes = guide.data?.items ?? [];
  const startOver = now && tape.data?.from != null && now.end > tape.data.from ? now : null;
  const cut = () => {
    const at = serverNow();
    setSpan(now ? { title: now.title, channel: channel.id, from: now.start, to: now.end } : { title: channel.title, channel: channel.id, from: at - 10 * MINUTE_MS, to: at });
  };
  return (
    <div className={styles.live}>
      <div className={styles.main}>
        <LivePlayer channel={channel} tape={tape.data} programmes={programmes} from={from} onGo={go} />
        <div className={styles.under}>
          <div>
            <h1 className={styles.title}>{now?.title ?? title}</h1>
            <p className={styles.meta}>
              <span>{title}</span>
              {now && (
                <span className="numbers">
                  {clock(now.start)}–{clock(now.end)}
                </span>
              )}
              {channel.next && (
                <span>
                  {t("front.next")} <span className="numbers">{clock(channel.next.start)}</span> {channel.next.title}
                </span>
              )}
            </p>
          </div>
          <div className={styles.acts}>
            {startOver && (
              <Button color="accent" leftSection={<IconPlayerTrackPrev size={20} aria-hidden />} title={t("live.from_start_of", { title: startOver.title })} onClick={() => go(Math.max(startOver.start, tape.data?.from ?? 0))}>
                {t("live.from_start")}
              </Button>
            )}
            {(me?.may.operate || me?.may.edit) && (
              <Button variant="default" leftSection={<IconScissors size={20} aria-hidden />} onClick={cut}>
                {t("live.cut")}
              </Button>
            )}
          </div>
        </div>
        {now?.description && <p className={styles.description}>{now.description}</p>}
      </div>
      <DayGuide guide={guide} from={dayStart} tapeFrom={tape.data?.from ?? null} playing={from} onGo={go} />
      {span && <CutDialog span={span} onClose={() => setSpan(null)} />}
    </div>
  );
}
