import { Button } from "@mantine/core";
import { IconDeviceTv, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { LIVE_MS, useAct, useGet } from "../../../api/hooks";
import type { Channel, Tape } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { SignalState } from "../../../ui/SignalState";
import { formatWords, rate, useHalf, useTimeWords } from "../../../ui/words";
import { useAudienceWords } from "../shared/AudienceSelect";
import { asKind } from "./draft";
import { ChannelDialog } from "./ChannelDialog";
import styles from "./Channels.module.css";
import { TapeChart } from "./TapeChart";

/** One channel: what comes in, what the tape holds, and what can be changed. */
export default function ChannelPage({ id }: { id: string }) {
  const channel = useGet<Channel>(`/channels/${encodeURIComponent(id)}`, { every: LIVE_MS });
  return <Loaded of={channel}>{(found) => <Found channel={found} />}</Loaded>;
}

function Found({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [, go] = useLocation();
  const [editing, setEditing] = useState(false);
  const tape = useGet<Tape>(`/channels/${channel.id}/tape`, { every: 15_000 });
  const act = useAct("/channels", "/status", "/front");
  const remove = async () => {
    await act.mutateAsync({ method: "DELETE", path: `/channels/${channel.id}` });
    go("/ops/channels");
  };
  return (
    <>
      <PageHead title={channel.title}>
        <Button component={Link} href={`/live/${channel.id}`} variant="default" leftSection={<IconDeviceTv size={20} aria-hidden />}>
          {t("channels.watch")}
        </Button>
        <Button variant="default" leftSection={<IconPencil size={20} aria-hidden />} onClick={() => setEditing(true)}>
          {t("act.edit")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={20} aria-hidden />}
          onClick={() => ask({ question: t("channels.delete_sure", { title: channel.title }), act: t("act.delete"), run: remove })}
        >
          {t("act.delete")}
        </Button>
      </PageHead>
      <Facts channel={channel} />
      <section className={styles.section} aria-labelledby="tape">
        <h2 id="tape">{t("channels.tape_title")}</h2>
        <Loaded of={tape}>{(found) => <TapeChart tape={found} />}</Loaded>
      </section>
      {editing && <ChannelDialog channel={channel} onClose={() => setEditing(false)} />}
    </>
  );
}

function Facts({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const { say, exact } = useTimeWords();
  const half = useHalf();
  const audience = useAudienceWords();
  const { signal, source, service } = channel;
  const faults = signal.continuity_errors + signal.transport_errors + signal.lost_packets;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t("channels.signal")}</dt>
        <dd>
          <SignalState signal={signal} /> <span title={exact(signal.since)}>{t("signal.since", { when: say(signal.since) })}</span>
          {signal.message && <p className={styles.faults}>{half(signal.message)}</p>}
          <p className={faults > 0 ? styles.faults : styles.quiet}>
            {faults > 0 ? t("signal.errors", { continuity: signal.continuity_errors, transport: signal.transport_errors, lost: signal.lost_packets }) : t("signal.clean")}
          </p>
        </dd>
      </div>
      <div>
        <dt>{t("channels.format")}</dt>
        <dd>
          {formatWords(signal) || t("common.unknown")}
          <p className={styles.quiet}>{signal.video === null ? "" : signal.browser_playable ? t("signal.direct") : (signal.why_not === null ? t("signal.converted") : half(signal.why_not))}</p>
        </dd>
      </div>
      <div>
        <dt>{t("channels.bitrate")}</dt>
        <dd className="numbers">{rate(signal.bitrate_bps)}</dd>
      </div>
      <div>
        <dt>{t("channels.source")}</dt>
        <dd className="numbers">
          {t(`channels.kind_${asKind(source.kind)}`)} {source.address}
          <p className={styles.quiet}>
            {t("channels.service")} {service ?? t("channels.service_auto")}
            {source.interface && ` · ${source.interface}`}
          </p>
        </dd>
      </div>
      <div>
        <dt>{t("channels.audience")}</dt>
        <dd>{audience(channel.audience)}</dd>
      </div>
    </dl>
  );
}
