import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { LIVE_MS, useGet } from "../../../api/hooks";
import type { Channel, Job, Page, Status } from "../../../api/model";
import { Bar } from "../../../ui/Bar";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { SignalState } from "../../../ui/SignalState";
import { rate, useTimeWords } from "../../../ui/words";
import { Attention } from "./Attention";
import { Disk } from "./Disk";
import styles from "./Duty.module.css";

/** One screen for whoever is on duty. What is well is quiet; what is not comes first. */
export default function Duty() {
  const { t } = useTranslation();
  const { exact, about } = useTimeWords();
  const status = useGet<Status>("/status", { every: LIVE_MS });
  const channels = useGet<Page<Channel>>("/channels", { every: LIVE_MS });
  const jobs = useGet<Page<Job>>("/jobs?state=running", { every: LIVE_MS });
  return (
    <>
      <PageHead title={t("status.title")} />
      <Loaded of={status}>
        {(now) => (
          <>
            <Attention status={now} channels={channels.data?.items ?? []} />
            <div className={styles.blocks}>
              <section className={styles.block} aria-labelledby="duty-channels">
                <h2 id="duty-channels">{t("status.channels")}</h2>
                {channels.data?.items.length === 0 && <p className={styles.quiet}>{t("status.no_channels")}</p>}
                <ul>
                  {channels.data?.items.map(({ id, title, signal }) => (
                    <li key={id} className={styles.line}>
                      <Link href={`/ops/channels/${id}`}>{title}</Link>
                      <span className={styles.quiet}>{signal.state === "ok" ? rate(signal.bitrate_bps) : ""}</span>
                      <SignalState signal={signal} />
                    </li>
                  ))}
                </ul>
              </section>
              <section className={styles.block} aria-labelledby="duty-jobs">
                <h2 id="duty-jobs">
                  <Link href="/ops/jobs">{t("status.jobs")}</Link>
                </h2>
                <p className={styles.quiet}>{!now.jobs || now.jobs.running + now.jobs.queued === 0 ? t("status.jobs_idle") : t("status.jobs_line", now.jobs)}</p>
                <ul>
                  {jobs.data?.items.map((job) => (
                    <li key={job.id} className={styles.job}>
                      <span>{job.title}</span>
                      <span className={styles.quiet}>{job.eta_seconds === null ? "" : t("jobs.eta", { length: about(job.eta_seconds) })}</span>
                      <Bar value={job.progress} label={job.title} />
                    </li>
                  ))}
                </ul>
              </section>
              {now.disk && <Disk disk={now.disk} />}
            </div>
            <p className={styles.foot}>
              <span>{t("status.version", { version: now.version })}</span>
              <span>{t("status.since", { length: about((now.now - now.started) / 1000) })}</span>
              <span>
                {t("status.server_time")} <span className="numbers">{exact(now.now)}</span> {now.time_zone}
              </span>
            </p>
          </>
        )}
      </Loaded>
    </>
  );
}
