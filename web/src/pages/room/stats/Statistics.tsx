import { IconX } from "@tabler/icons-react";
import type { Room } from "livekit-client";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { rate } from "../../../ui/words";
import { Sparkline } from "./Sparkline";
import styles from "./Statistics.module.css";
import { useStatistics, type Row, type UsedLine } from "./useStatistics";

const DASH = "–";
const ms = (value: number | null) => (value === null ? DASH : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);
const bps = (value: number | null) => (value === null ? DASH : rate(value));

/** What is sent and received, in numbers. */
export function Statistics({ room, onClose }: { room: Room; onClose: () => void }) {
  const { t } = useTranslation();
  const statistics = useStatistics(room);
  return (
    <section className={styles.over} aria-label={t("room.stats.title")} data-statistics>
      <div className={styles.head}>
        <div>
          <h2>{t("room.stats.title")}</h2>
          <p className={styles.hint}>{t("room.stats.hint")}</p>
        </div>
        <IconButton label={t("act.close")} onClick={onClose}>
          <IconX />
        </IconButton>
      </div>
      {/* Scrolls, so it must be reachable by keyboard. */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("room.stats.title")}>
        {statistics === null || (statistics.rows.length === 0 && statistics.lines.length === 0) ? (
          <p className={styles.hint}>{t("room.stats.waiting")}</p>
        ) : (
          <>
            {statistics.lines.map((line) => (
              <LineFacts key={line.id} line={line} />
            ))}
            <Tracks rows={statistics.rows} />
          </>
        )}
      </div>
    </section>
  );
}

function LineFacts({ line }: { line: UsedLine }) {
  const { t } = useTranslation();
  const facts: [name: string, value: string][] = [
    [t("room.stats.line"), line.ways.map((way) => t(`room.stats.${way}`)).join(" + ")],
    [t("room.stats.protocol"), line.protocol ?? DASH],
    [t("room.stats.remote"), line.remote ?? DASH],
    [t("room.stats.round_trip"), ms(line.roundTripMs)],
    [t("room.stats.available_out"), bps(line.availableOutgoingBps)],
    [t("room.stats.available_in"), bps(line.availableIncomingBps)],
    [t("room.stats.srtp"), line.srtpCipher ?? DASH],
  ];
  return (
    <dl className={styles.facts} aria-label={t("room.stats.line")} data-protocol={line.protocol} data-srtp={line.srtpCipher}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="numbers">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Tracks({ rows }: { rows: Row[] }) {
  const { t } = useTranslation();
  const head = [t("room.stats.track"), t("room.stats.codec"), t("room.stats.picture"), t("room.stats.layer"), t("room.stats.rate"), t("room.stats.lost"), t("room.stats.jitter"), t("room.stats.freezes"), t("room.stats.round_trip")];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {head.map((words) => (
            <th key={words} scope="col">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TrackRow key={row.key} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function TrackRow({ row }: { row: Row }) {
  const { t } = useTranslation();
  const { name, source, stream, bitrateBps, lossPercent, history } = row;
  const { direction, codec, width, height, fps, layer, packetsLost, jitterMs, freezes, freezeMs, roundTripMs, active, limitedBy } = stream;
  const picture = width && height ? `${width}×${height} · ${fps === null ? DASH : Math.round(fps)} fps` : DASH;
  const limit = limitedBy === "cpu" ? t("room.stats.cpu") : limitedBy === "bandwidth" ? t("room.stats.bandwidth") : null;
  return (
    <tr data-direction={direction} data-kind={stream.kind}>
      <th scope="row">
        {name} · {t(`room.stats.${source}`)} · {t(`room.stats.${direction}`)}
      </th>
      <td>{codec ?? DASH}</td>
      <td>{active ? picture : t("room.stats.idle")}</td>
      <td>
        {layer ? t(`room.layer.${layer}`) : DASH}
        {limit && <span className={styles.limit}>{limit}</span>}
      </td>
      <td>
        <span className={styles.rate}>
          {bps(bitrateBps)}
          <Sparkline values={history} />
        </span>
      </td>
      <td>
        {packetsLost ?? DASH}
        {lossPercent !== null && ` · ${lossPercent.toFixed(1)} %`}
      </td>
      <td>{ms(jitterMs)}</td>
      <td>{freezes === null ? DASH : `${freezes} · ${((freezeMs ?? 0) / 1000).toFixed(1)} s`}</td>
      <td>{ms(roundTripMs)}</td>
    </tr>
  );
}
