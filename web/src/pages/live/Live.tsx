import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Redirect } from "wouter";

import { LIVE_MS, useGet, useMe } from "../../api/hooks";
import type { Channel, Page } from "../../api/model";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { useTitle } from "../../ui/PageHead";
import styles from "./Live.module.css";
import { LiveChannel } from "./LiveChannel";

/** Live television: one channel, and the others a press away. */
export default function Live({ channel: wanted }: { channel: string | undefined }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const channels = useGet<Page<Channel>>("/channels", { every: LIVE_MS });
  useTitle(t("live.title"));
  return (
    <Loaded of={channels} skeleton={<Skeleton className={styles.picture} radius="md" />}>
      {({ items }) => {
        const first = items.find(({ signal }) => signal.state === "ok") ?? items[0];
        const channel = items.find(({ id }) => id === wanted);
        if (!first) return <Empty title={t("live.none")} hint={t("live.none_hint")} to={me?.may.operate ? "/ops/channels" : undefined} toLabel={t("front.add_channel")} />;
        if (wanted === undefined) return <Redirect to={`/live/${first.id}`} replace />;
        if (!channel) return <Empty title={t("problem.not_found.what")} to="/live" toLabel={t("live.channels")} />;
        return (
          <>
            <nav className={styles.channels} aria-label={t("live.channels")}>
              {items.map(({ id, title }) => (
                <Link key={id} href={`/live/${id}`} aria-current={id === channel.id ? "page" : undefined}>
                  {title}
                </Link>
              ))}
            </nav>
            <LiveChannel key={channel.id} channel={channel} />
          </>
        );
      }}
    </Loaded>
  );
}
