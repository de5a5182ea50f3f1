import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { LIVE_MS, useGet } from "../../../api/hooks";
import type { Channel, Page } from "../../../api/model";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { SignalState } from "../../../ui/SignalState";
import { Cell, Table } from "../../../ui/Table";
import { rate, useHalf } from "../../../ui/words";
import { asKind } from "./draft";
import { ChannelDialog } from "./ChannelDialog";
import styles from "./Channels.module.css";

/** All channels, with what comes in on each. */
export default function Channels() {
  const { t } = useTranslation();
  const channels = useGet<Page<Channel>>("/channels", { every: LIVE_MS });
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHead title={t("channels.title")}>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setAdding(true)}>
          {t("channels.add")}
        </Button>
      </PageHead>
      <Loaded of={channels}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("channels.none")} hint={t("channels.none_hint")} />
          ) : (
            <Table label={t("channels.title")} head={[t("channels.name"), t("channels.signal"), t("channels.source"), t("channels.now")]}>
              {items.map((channel) => (
                <tr key={channel.id}>
                  <Cell main>
                    <Link href={`/ops/channels/${channel.id}`}>{channel.title}</Link>
                  </Cell>
                  <Cell label={t("channels.signal")}>
                    <SignalWords channel={channel} />
                  </Cell>
                  <Cell label={t("channels.source")}>
                    <span className={styles.address}>
                      {t(`channels.kind_${asKind(channel.source.kind)}`)} {channel.source.address}
                      {channel.service !== null && ` #${channel.service}`}
                    </span>
                  </Cell>
                  <Cell label={t("channels.now")}>{channel.now?.title ?? <span className={styles.quiet}>{t("front.no_guide")}</span>}</Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {adding && <ChannelDialog count={channels.data?.items.length ?? 0} onClose={() => setAdding(false)} />}
    </>
  );
}

function SignalWords({ channel: { signal } }: { channel: Channel }) {
  const { t } = useTranslation();
  const half = useHalf();
  const faults = signal.continuity_errors + signal.transport_errors + signal.lost_packets;
  return (
    <div>
      <SignalState signal={signal} />
      <div className={faults > 0 ? styles.faults : styles.quiet}>
        {(signal.message && half(signal.message)) || (faults > 0 ? t("signal.errors", { continuity: signal.continuity_errors, transport: signal.transport_errors, lost: signal.lost_packets }) : signal.state === "ok" ? rate(signal.bitrate_bps) : "")}
      </div>
    </div>
  );
}
