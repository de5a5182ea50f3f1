import "../../../ui/mantine_forms.css";

import { Button, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useGet, useZone } from "../../../api/hooks";
import { AskProvider } from "../../../ui/Ask";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { clock, dayOf } from "../../../ui/time";
import { SignedIn } from "../../room/SignedIn";
import { afterPath, type AfterPart, type Meeting } from "../api";
import styles from "./After.module.css";
import { AttendancePart } from "./AttendancePart";
import { MinutesPart } from "./MinutesPart";
import { QualityPart } from "./QualityPart";

const PARTS: AfterPart[] = ["attendance", "minutes", "quality"];

/** What is left of a meeting: who attended, its minutes, how its lines were. */
export default function After({ id, part }: { id: string; part?: string }) {
  return (
    <SignedIn>
      {() => (
        <AskProvider>
          <Asked id={id} part={PARTS.find((of) => of === part) ?? "attendance"} />
        </AskProvider>
      )}
    </SignedIn>
  );
}

function Asked({ id, part }: { id: string; part: AfterPart }) {
  const meeting = useGet<Meeting>(`/meetings/${encodeURIComponent(id)}`);
  return <Loaded of={meeting}>{(found) => <Parts meeting={found} part={part} />}</Loaded>;
}

function Parts({ meeting, part }: { meeting: Meeting; part: AfterPart }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [, go] = useLocation();
  const began = meeting.started ?? meeting.starts;
  return (
    <>
      <PageHead title={meeting.title}>
        <Button component={Link} variant="default" href="/meetings">
          {t("after.back")}
        </Button>
      </PageHead>
      <p className={styles.when}>
        {dayOf(began, zone)} {clock(began, zone)}–{clock(meeting.ended ?? meeting.ends, zone)} · {t(`meetings.state_${meeting.state}`)}
      </p>
      <SegmentedControl
        className={styles.parts}
        aria-label={t("after.parts")}
        value={part}
        onChange={(chosen) => go(afterPath(meeting, chosen as AfterPart))}
        data={PARTS.map((value) => ({ value, label: t(`after.${value}`) }))}
      />
      {part === "attendance" && <AttendancePart meeting={meeting} />}
      {part === "minutes" && <MinutesPart meeting={meeting} />}
      {part === "quality" && <QualityPart meeting={meeting} />}
    </>
  );
}
