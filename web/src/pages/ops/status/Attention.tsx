import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import type { Channel, Status } from "../../../api/model";
import { At } from "../../../ui/At";
import { useHalf, useTimeWords } from "../../../ui/words";
import styles from "./Duty.module.css";

interface Matter {
  key: string;
  to: string;
  words: string;
  more?: ReactNode;
}

/** What needs a person, each with the way to it; or that nothing does. */
export function Attention({ status, channels }: { status: Status; channels: Channel[] }) {
  const { t } = useTranslation();
  const { say } = useTimeWords();
  const half = useHalf();
  const matters: Matter[] = [];
  for (const { id, title, signal } of channels) {
    if (signal.state !== "missing" && signal.state !== "error") continue;
    matters.push({ key: id, to: `/ops/channels/${id}`, words: `${title}：${t(`signal.${signal.state}`)}`, more: signal.message ? half(signal.message) : t("signal.since", { when: say(signal.since) }) });
  }
  if (status.jobs && status.jobs.failed > 0) matters.push({ key: "jobs", to: "/ops/jobs?state=failed", words: t("status.jobs_failed", { count: status.jobs.failed }) });
  if (status.disk && status.disk.free < status.disk.reserve * 2) matters.push({ key: "disk", to: "/ops/assets", words: t("status.disk_low") });
  for (const { what, detail, at } of status.warnings) {
    // A channel without signal already stands here, with its own way.
    if (matters.some(({ words }) => words.startsWith(`${what}：`))) continue;
    matters.push({ key: `${what} ${detail}`, to: /^(规则|rule)/.test(what) ? "/ops/rules" : "/ops/channels", words: `${what}：${half(detail)}`, more: <At at={at} /> });
  }
  if (matters.length === 0) {
    return (
      <p className={styles.well}>
        <IconCircleCheck size={28} aria-hidden />
        {t("status.all_well")}
      </p>
    );
  }
  return (
    <section className={styles.attention} aria-labelledby="attention">
      <h2 id="attention">
        <IconAlertTriangle size={24} aria-hidden />
        {t("status.attention", { count: matters.length })}
      </h2>
      <ul>
        {matters.map(({ key, to, words, more }) => (
          <li key={key}>
            <Link href={to}>{words}</Link>
            {more && <span>{more}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
