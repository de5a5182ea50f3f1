import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useAct } from "../../../api/hooks";
import type { Job } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { At } from "../../../ui/At";
import { Bar } from "../../../ui/Bar";
import { ProblemBox } from "../../../ui/ProblemBox";
import { State, type Tone } from "../../../ui/State";
import { useHalf, useTimeWords } from "../../../ui/words";
import styles from "./Jobs.module.css";

const TONES: Record<Job["state"], Tone> = { queued: "off", running: "ok", done: "ok", failed: "bad", cancelled: "off" };

export function JobRow({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const { about, duration } = useTimeWords();
  const half = useHalf();
  const ask = useAsk();
  const act = useAct("/jobs", "/assets", "/status");
  const { id, title, state, progress, eta_seconds: eta, attempts, error, asset, created, started, finished } = job;
  const kind = i18n.exists(`jobs.kind.${job.kind}`) ? t(`jobs.kind.${job.kind}` as "jobs.kind.cut") : job.kind;
  const open = state === "queued" || state === "running";
  return (
    <li className={styles.job}>
      <div className={styles.words}>
        <span className={styles.title}>{asset ? <Link href={`/watch/${asset}`}>{title}</Link> : title}</span>
        <span className={styles.meta}>
          <span>{kind}</span>
          <At at={finished ?? started ?? created} />
          {state === "done" && started !== null && finished !== null && <span>{t("jobs.took", { length: duration(finished - started) })}</span>}
          {attempts > 1 && <span>{t("jobs.attempts", { count: attempts })}</span>}
        </span>
        {state === "running" && (
          <div className={styles.progress}>
            <Bar value={progress} label={`${t("jobs.progress")} ${title}`} />
            <span className="numbers">
              {progress === null ? "" : `${Math.round(progress * 100)} %`}
              {eta !== null && ` · ${t("jobs.eta", { length: about(eta) })}`}
            </span>
          </div>
        )}
        {error && (
          <p className={styles.why}>
            {t("jobs.why")}：{half(error)}
          </p>
        )}
        {act.isError && <ProblemBox error={act.error} />}
      </div>
      <State tone={TONES[state]}>{t(`jobs.state.${state}`)}</State>
      <div className={styles.acts}>
        {(state === "failed" || state === "cancelled") && (
          <Button variant="default" loading={act.isPending} aria-label={`${t("jobs.retry")} ${title}`} onClick={() => act.mutate({ method: "POST", path: `/jobs/${id}/retry` })}>
            {t("jobs.retry")}
          </Button>
        )}
        {open && (
          <Button
            variant="subtle"
            color="var(--ink-2)"
            aria-label={`${t("jobs.cancel")} ${title}`}
            onClick={() => ask({ question: t("jobs.cancel_sure", { title }), act: t("jobs.cancel"), run: () => act.mutateAsync({ method: "POST", path: `/jobs/${id}/cancel` }) })}
          >
            {t("act.cancel")}
          </Button>
        )}
      </div>
    </li>
  );
}
