import "../../../ui/mantine_forms.css";

import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMe, useZone } from "../../../api/hooks";
import type { Site, Unit } from "../../../api/model";
import { ProblemBox } from "../../../ui/ProblemBox";
import { MODES } from "../api";
import { Fits } from "../Fits";
import { SiteChoice } from "../SiteChoice";
import styles from "./Booking.module.css";
import { Chosen } from "./Chosen";
import { type Draft, isReady } from "./draft";
import type { Pending } from "./Files";
import { Groups } from "./Groups";
import { More } from "./More";
import { PersonSearch } from "./PersonSearch";
import { useCheck } from "./useCheck";
import { When } from "./When";

interface Props {
  units: Unit[];
  sites: Site[];
  first: Draft;
  /** Where it is asked whether this fits, and with what. */
  checkPath: string;
  bodyOf: (draft: Draft) => unknown;
  /** A booking that is changed: not repeated anew, and its papers are elsewhere. */
  changes: boolean;
  /** Above the buttons: which of a series. */
  children?: ReactNode;
  submitWords: string;
  busy: boolean;
  error: unknown;
  onSubmit: (draft: Draft, files: Pending[]) => void;
}

/** What, when, where; whether venues and lines are free is said while one writes. */
export function BookingForm({ units, sites, first, checkPath, bodyOf, changes, children, submitWords, busy, error, onSubmit }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const { data: me } = useMe();
  const [draft, setDraft] = useState(first);
  const [files, setFiles] = useState<Pending[]>([]);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const ready = isReady(draft, zone);
  const { check, problem, pending, ask } = useCheck(checkPath, bodyOf(draft), ready);
  const venues = sites.map(({ id, title, unit }) => ({ value: `site:${id}`, label: labelled(title, unit) }));
  const isSite = (venue: string) => !venue.startsWith("person:");
  const people = draft.branches.filter((venue) => !isSite(venue));
  const add = (more: readonly string[]) => change({ branches: [...new Set([...draft.branches, ...more.filter((venue) => venue !== draft.main)])] });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) onSubmit(draft, files);
  };
  const name = (venue: string) => draft.names[venue] ?? t("booking.somebody");
  return (
    <form className={styles.form} onSubmit={submit} data-booking>
      <TextInput label={t("meetings.name")} value={draft.title} onChange={({ target }) => change({ title: target.value })} maxLength={200} data-autofocus required />
      <SegmentedControl aria-label={t("meetings.mode")} value={draft.mode} onChange={(mode) => change({ mode })} data={MODES.map((mode) => ({ value: mode, label: t(`meetings.mode_${mode}`) }))} />
      <When draft={draft} onChange={setDraft} repeats={!changes} />
      {!changes && units.length > 1 && <NativeSelect label={t("meetings.unit")} value={draft.unit} onChange={({ target }) => change({ unit: target.value })} data={units.map(({ id, title }) => ({ value: id, label: title }))} />}
      {draft.chair ? (
        <div>
          <p className={styles.quiet}>{t("booking.chair")}</p>
          <ul className={styles.chips}>
            <Chosen name={draft.chair.name} onRemove={() => change({ chair: null })} />
          </ul>
        </div>
      ) : (
        <PersonSearch label={t("booking.chair")} description={changes ? undefined : t("booking.chair_hint", { name: me?.person?.display_name ?? "" })} without={[]} onPick={(chair) => change({ chair })} />
      )}
      <NativeSelect label={t("meetings.main")} value={draft.main} onChange={({ target }) => change({ main: target.value })} data={[{ value: "", label: t("meetings.choose") }, ...(isSite(draft.main) ? [] : [{ value: draft.main, label: name(draft.main) }]), ...venues]} />
      <SiteChoice
        label={t("meetings.branches")}
        sites={venues.filter(({ value }) => value !== draft.main)}
        chosen={draft.branches.filter(isSite)}
        onChange={(chosen) => change({ branches: [...chosen, ...people] })}
      >
        <Groups unit={draft.unit} chosen={draft.branches} onAdd={add} />
      </SiteChoice>
      <div>
        <PersonSearch
          label={t("booking.people")}
          without={people.map((venue) => venue.slice("person:".length))}
          onPick={({ id, name: called }) => setDraft((before) => ({ ...before, branches: [...before.branches, `person:${id}`], names: { ...before.names, [`person:${id}`]: called } }))}
        />
        <ul className={styles.chips}>
          {people.map((venue) => (
            <Chosen key={venue} name={name(venue)} onRemove={() => change({ branches: draft.branches.filter((other) => other !== venue) })} />
          ))}
        </ul>
      </div>
      <More draft={draft} files={files} brings={!changes} onChange={change} onFiles={setFiles} />
      {children}
      <div className={styles.checked} aria-live="polite">
        {pending && <p className={styles.quiet}>{t("booking.checking")}</p>}
        {check && check.occurrences.length > 0 && <Fits check={check} sites={sites} onPicture={(picture) => change({ picture })} />}
        {problem && <ProblemBox error={problem} />}
      </div>
      {error !== null && error !== undefined && <ProblemBox error={error} />}
      <div className="dialog-acts">
        <Button variant="default" disabled={!ready} onClick={ask}>
          {t("meetings.check")}
        </Button>
        <Button type="submit" color="accent" disabled={!ready} loading={busy}>
          {submitWords}
        </Button>
      </div>
    </form>
  );

  function labelled(title: string, unit: string): string {
    const of = units.find(({ id, parent }) => id === unit && parent !== null)?.title;
    return of === undefined || title.includes(of) ? title : `${title} (${of})`;
  }
}
