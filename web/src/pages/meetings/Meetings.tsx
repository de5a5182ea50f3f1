import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { withQuery } from "../../api/client";
import { useGet, useMe, useZone } from "../../api/hooks";
import type { Page } from "../../api/model";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { addDays, dayOf, instantOf, startOfDay } from "../../ui/time";
import { useTimeWords } from "../../ui/words";
import { SignedIn } from "../room/SignedIn";
import { type Meeting, MEETINGS_MS } from "./api";
import { byDay } from "./days";
import { MeetingCard } from "./MeetingCard";
import styles from "./Meetings.module.css";

const AHEAD_DAYS = 14;
const BACK_DAYS = 30;

type Span = "coming" | "past";

/** Today's meetings first, and what comes; or those that were. */
export default function Meetings() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const books = me?.roles.some(({ role }) => role === "chair" || role === "administrator");
  return (
    <>
      <PageHead title={t("meetings.title")} hint={t("meetings.hint")}>
        {me?.person != null && (
          <Button component={Link} href="/join" variant="default">
            {t("join.button")}
          </Button>
        )}
        {books && (
          <Button component={Link} href="/meetings/venues" variant="default">
            {t("stand.title")}
          </Button>
        )}
        {books && (
          <Button component={Link} href="/meetings/new" color="accent">
            {t("meetings.book")}
          </Button>
        )}
      </PageHead>
      <SignedIn>{() => <List />}</SignedIn>
    </>
  );
}

function List() {
  const { t } = useTranslation();
  const zone = useZone();
  const { say } = useTimeWords();
  const [span, setSpan] = useState<Span>("coming");
  const [now] = useState(() => Date.now());
  const today = startOfDay(now, zone);
  const day = (days: number) => instantOf(addDays(dayOf(now, zone), days), zone) ?? today;
  const range = span === "coming" ? { from: today, to: day(AHEAD_DAYS) } : { from: day(-BACK_DAYS), to: today };
  const meetings = useGet<Page<Meeting>>(withQuery("/meetings", { ...range, limit: 200 }), { every: MEETINGS_MS });
  return (
    <>
      <SegmentedControl
        className={styles.span}
        aria-label={t("meetings.title")}
        value={span}
        onChange={(chosen) => setSpan(chosen as Span)}
        data={[
          { value: "coming", label: t("meetings.coming") },
          { value: "past", label: t("meetings.past") },
        ]}
      />
      <Loaded of={meetings}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t(`meetings.none_${span}`)} hint={t("meetings.none_hint")} />
          ) : (
            byDay(items, zone).map(({ day: of, meetings: ofDay }) => (
              <section key={of} className={styles.day} aria-label={of}>
                <h2>{dayTitle(of)}</h2>
                {ofDay.map((meeting) => (
                  <MeetingCard key={meeting.id} meeting={meeting} now={meetings.dataUpdatedAt} />
                ))}
              </section>
            ))
          )
        }
      </Loaded>
    </>
  );

  /** 今天, 明天, 11月23日 */
  function dayTitle(of: string): string {
    const noon = (instantOf(of, zone) ?? now) + 12 * 3_600_000;
    return say(noon).replace(/\s*\d{1,2}:\d\d$/, "");
  }
}
