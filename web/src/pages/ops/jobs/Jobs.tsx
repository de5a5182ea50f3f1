import "../../../ui/mantine_forms.css";

import { Button, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

import { LIVE_MS, usePages } from "../../../api/hooks";
import type { Job } from "../../../api/model";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { JobRow } from "./JobRow";
import styles from "./Jobs.module.css";

const STATES = ["", "running", "queued", "failed", "done"] as const;

/** What is being made, how far it is, and why something was not. */
export default function Jobs() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const jobs = usePages<Job>("/jobs", { state, limit: 50 }, LIVE_MS);
  return (
    <>
      <PageHead title={t("jobs.title")} />
      <SegmentedControl
        className={styles.states}
        aria-label={t("assets.state")}
        value={state}
        onChange={(next) => setSearch(next === "" ? {} : { state: next }, { replace: true })}
        data={STATES.map((value) => ({ value, label: value === "" ? t("act.all") : t(`jobs.state.${value}`) }))}
      />
      <Loaded of={jobs}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t(state === "failed" ? "jobs.none_failed" : "jobs.none")} hint={state === "" ? t("jobs.none_hint") : undefined} />
          ) : (
            <ul>
              {items.map((job) => (
                <JobRow key={job.id} job={job} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {jobs.hasNextPage && (
        <Button variant="default" mt={16} loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
          {t("act.more")}
        </Button>
      )}
    </>
  );
}
