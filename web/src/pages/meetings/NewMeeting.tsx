import "../../ui/mantine_forms.css";

import { Button, Checkbox, NativeSelect, SegmentedControl, Switch, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useAct, useAll, useMe, useZone } from "../../api/hooks";
import type { Site, Unit } from "../../api/model";
import { Loaded } from "../../ui/Loaded";
import { useNotice } from "../../ui/Notice";
import { PageHead } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import { instantOf, wallOf } from "../../ui/time";
import { SignedIn } from "../room/SignedIn";
import { type Check, type MeetingDraft, MODES } from "./api";
import { nextHalfHour } from "./days";
import { Fits } from "./Fits";
import styles from "./Meetings.module.css";
import { SiteChoice } from "./SiteChoice";

const HOUR_MS = 3_600_000;

/** Booking: what, when, where; and whether venues and lines are free. */
export default function NewMeeting() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("meetings.book")} hint={t("meetings.book_hint")} />
      <SignedIn>{() => <Places />}</SignedIn>
    </>
  );
}

function Places() {
  const units = useAll<Unit>("/units");
  const sites = useAll<Site>("/sites");
  return <Loaded of={units}>{(ofUnits) => <Loaded of={sites}>{(ofSites) => <Form units={ofUnits} sites={ofSites} />}</Loaded>}</Loaded>;
}

function Form({ units, sites }: { units: Unit[]; sites: Site[] }) {
  const { t } = useTranslation();
  const zone = useZone();
  const tell = useNotice();
  const [, go] = useLocation();
  const { data: me } = useMe();
  const [starts, setStarts] = useState(() => wallOf(nextHalfHour(Date.now()), zone).slice(0, 16));
  const [ends, setEnds] = useState(() => wallOf(nextHalfHour(Date.now()) + 2 * HOUR_MS, zone).slice(0, 16));
  const [draft, setDraft] = useState<Omit<MeetingDraft, "starts" | "ends">>({ unit: me?.roles.find(({ role }) => role === "chair" || role === "administrator")?.unit ?? units[0]?.id ?? "root", title: "", mode: "lecture", main: "", branches: [], notice: "" });
  const [weekly, setWeekly] = useState(false);
  const check = useAct<Check>();
  const book = useAct("/meetings");
  const change = (part: Partial<MeetingDraft>) => {
    check.reset();
    setDraft((before) => ({ ...before, ...part }));
  };
  const from = instantOf(starts, zone);
  const to = instantOf(ends, zone);
  const ready = draft.title.trim() !== "" && draft.main !== "" && from !== null && to !== null && to > from;
  const venues = sites.map(({ id, title, unit }) => ({ value: `site:${id}`, label: labelled(title, unit) }));
  const body = { ...draft, title: draft.title.trim(), starts: from, ends: to, branches: draft.branches?.filter((venue) => venue !== draft.main), ...(weekly && from !== null ? { repeat: { every: { on: "week", days: [weekday(from)] }, count: 12 } } : {}) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    void book.mutateAsync({ method: "POST", path: "/meetings", body }).then(
      () => {
        tell(t("meetings.booked"));
        go("/meetings");
      },
      () => undefined,
    );
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput label={t("meetings.name")} value={draft.title} onChange={({ target }) => change({ title: target.value })} maxLength={200} data-autofocus />
      <SegmentedControl aria-label={t("meetings.mode")} value={draft.mode} onChange={(mode) => change({ mode })} data={MODES.map((mode) => ({ value: mode, label: t(`meetings.mode_${mode}`) }))} />
      <div className={styles.pair}>
        <TextInput type="datetime-local" label={t("meetings.starts")} value={starts} onChange={({ target }) => (check.reset(), setStarts(target.value))} />
        <TextInput type="datetime-local" label={t("meetings.ends")} value={ends} onChange={({ target }) => (check.reset(), setEnds(target.value))} />
      </div>
      <Checkbox label={t("meetings.weekly")} checked={weekly} onChange={({ currentTarget }) => (check.reset(), setWeekly(currentTarget.checked))} />
      <NativeSelect label={t("meetings.unit")} value={draft.unit} onChange={({ target }) => change({ unit: target.value })} data={units.map(({ id, title }) => ({ value: id, label: title }))} />
      <NativeSelect label={t("meetings.main")} value={draft.main} onChange={({ target }) => change({ main: target.value })} data={[{ value: "", label: t("meetings.choose") }, ...venues]} />
      <SiteChoice label={t("meetings.branches")} sites={venues.filter(({ value }) => value !== draft.main)} chosen={draft.branches ?? []} onChange={(branches) => change({ branches })} />
      <Textarea label={t("meetings.notice")} description={t("meetings.notice_hint")} value={draft.notice} onChange={({ target }) => change({ notice: target.value })} autosize minRows={2} />
      <Switch label={t("meetings.walk_in")} checked={draft.walk_in ?? false} onChange={({ currentTarget }) => change({ walk_in: currentTarget.checked })} />
      {check.data && <Fits check={check.data} sites={sites} />}
      {(check.isError || book.isError) && <ProblemBox error={book.error ?? check.error} />}
      <div className="dialog-acts">
        <Button variant="default" disabled={!ready} loading={check.isPending} onClick={() => void check.mutateAsync({ method: "POST", path: "/meetings/check", body }).catch(() => undefined)}>
          {t("meetings.check")}
        </Button>
        <Button type="submit" color="accent" disabled={!ready} loading={book.isPending}>
          {t("meetings.book_now")}
        </Button>
      </div>
    </form>
  );

  function labelled(title: string, unit: string): string {
    const of = units.find(({ id, parent }) => id === unit && parent !== null)?.title;
    return of === undefined || title.includes(of) ? title : `${title} (${of})`;
  }

  function weekday(at: number): string {
    return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][(new Date(`${wallOf(at, zone).slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "mon";
  }
}
