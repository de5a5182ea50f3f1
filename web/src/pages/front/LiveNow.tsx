import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useMe } from "../../api/hooks";
import type { Channel } from "../../api/model";
import { serverNow } from "../../api/server_time";
import { Bar } from "../../ui/Bar";
import { Empty } from "../../ui/Empty";
import { useTimeWords } from "../../ui/words";
import styles from "./LiveNow.module.css";

/** What is on now and next on each channel. */
export function LiveNow({ channels }: { channels: Channel[] }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const operator = me?.may.operate ?? false;
  return (
    <section aria-labelledby="live">
      <h2 id="live" className={styles.heading}>
        {t("front.live")}
      </h2>
      {channels.length === 0 ? (
        <Empty title={t("front.no_live")} to={operator ? "/ops/channels" : undefined} toLabel={operator ? t("front.add_channel") : undefined} />
      ) : (
        <ul className={styles.channels}>
          {channels.map((channel) => (
            <li key={channel.id}>
              <ChannelCard channel={channel} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ChannelCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const { now, next, signal } = channel;
  const on = signal.state === "ok";
  return (
    <Link href={`/live/${channel.id}`} className={styles.card}>
      <span className={styles.top}>
        <span className={styles.name}>{channel.title}</span>
        <span className={on ? styles.badge : styles.badgeOff}>{on ? t("live.badge") : t(signal.state === "starting" ? "front.starting" : "front.no_signal")}</span>
      </span>
      {now ? (
        <>
          <span className={styles.now}>{now.title}</span>
          <Bar value={(serverNow() - now.start) / (now.end - now.start)} label={now.title} live={on} />
          <span className={styles.times}>
            <span>{clock(now.start)}</span>
            <span>{clock(now.end)}</span>
          </span>
        </>
      ) : (
        <span className={styles.quiet}>{t("front.no_guide")}</span>
      )}
      {next && (
        <span className={styles.next}>
          {t("front.next")} <span className="numbers">{clock(next.start)}</span> {next.title}
        </span>
      )}
    </Link>
  );
}
