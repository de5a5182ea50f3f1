import type { components } from "../../../api/schema";
import { instantOf, wallOf } from "../../../ui/time";
import type { Meeting, MeetingDraft, Mode, PictureSize } from "../api";
import { nextHalfHour } from "../days";
import { onceOn, type RepeatDraft, repeatOf } from "./repeat";

// A booking while it is written. Pure.

export type MeetingPatch = components["schemas"]["MeetingPatch"];
export type Scope = components["schemas"]["Scope"];
export type Duty = components["schemas"]["Duty"];

export interface Point {
  title: string;
  minutes: number | null;
  speaker: string;
}

export interface Clerk {
  person: string;
  name: string;
  duty: Duty;
  /** A person; null: the chair. */
  actsFor: string | null;
}

/** A person by id and name. */
export interface Named {
  id: string;
  name: string;
}

export interface Draft {
  unit: string;
  title: string;
  mode: Mode;
  /** As the wall clock shows it: `2026-11-23T09:00`. */
  starts: string;
  ends: string;
  repeat: RepeatDraft;
  /** Null: who books. */
  chair: Named | null;
  desk: Clerk[];
  main: string;
  /** Sites and people. */
  branches: string[];
  /** What people among the branches are called. */
  names: Record<string, string>;
  agenda: Point[];
  column: string;
  audience: string;
  walkIn: boolean;
  notice: string;
  /** Empty: the largest that fits. */
  picture: PictureSize | "";
  take: boolean;
}

const HOUR_MS = 3_600_000;

export function emptyDraft(unit: string, now: number, zone: string): Draft {
  const starts = nextHalfHour(now);
  return {
    unit,
    title: "",
    mode: "lecture",
    starts: wallOf(starts, zone).slice(0, 16),
    ends: wallOf(starts + 2 * HOUR_MS, zone).slice(0, 16),
    repeat: onceOn(wallOf(starts, zone).slice(0, 10)),
    chair: null,
    desk: [],
    main: "",
    branches: [],
    names: {},
    agenda: [],
    column: "",
    audience: "signed_in",
    walkIn: false,
    notice: "",
    picture: "",
    take: false,
  };
}

/** What is booked, to be changed. */
export function draftOf(meeting: Meeting, zone: string): Draft {
  const branches = meeting.venues.filter(({ role }) => role === "branch");
  return {
    unit: meeting.unit,
    title: meeting.title,
    mode: meeting.mode,
    starts: wallOf(meeting.starts, zone).slice(0, 16),
    ends: wallOf(meeting.ends, zone).slice(0, 16),
    repeat: onceOn(wallOf(meeting.starts, zone).slice(0, 10)),
    chair: { id: meeting.chair, name: meeting.chair_name },
    desk: meeting.desk.map(({ person, name, duty, acts_for: actsFor }) => ({ person, name, duty, actsFor: actsFor === meeting.chair ? null : actsFor })),
    main: meeting.venues.find(({ role }) => role === "main")?.venue ?? "",
    branches: branches.map(({ venue }) => venue),
    names: Object.fromEntries(meeting.venues.map(({ venue, title }) => [venue, title])),
    agenda: meeting.agenda.map(({ title, minutes, speaker }) => ({ title, minutes: minutes ?? null, speaker: speaker ?? "" })),
    column: meeting.column ?? "",
    audience: meeting.audience,
    walkIn: meeting.walk_in,
    notice: meeting.notice,
    picture: meeting.picture,
    take: false,
  };
}

/** Whether it says enough to be looked at. */
export function isReady(draft: Draft, zone: string): boolean {
  const from = instantOf(draft.starts, zone);
  const to = instantOf(draft.ends, zone);
  const { every, days, ends, count, until } = draft.repeat;
  const repeats = every === "none" || ((every !== "week" || days.length > 0) && (ends === "count" ? count >= 1 : until !== ""));
  return draft.title.trim() !== "" && draft.main !== "" && from !== null && to !== null && to > from && repeats;
}

/** Moves the end with the start, so that the meeting stays as long as it was. */
export function startingAt(draft: Draft, starts: string, zone: string): Draft {
  const [before, ends, now] = [instantOf(draft.starts, zone), instantOf(draft.ends, zone), instantOf(starts, zone)];
  const moved = before !== null && ends !== null && now !== null && ends > before ? wallOf(now + ends - before, zone).slice(0, 16) : draft.ends;
  const day = starts.slice(0, 10);
  const repeat = draft.repeat.every === "none" && /^\d{4}-\d\d-\d\d$/.test(day) ? onceOn(day) : draft.repeat;
  return { ...draft, starts, ends: moved, repeat };
}

const agendaOf = (draft: Draft) =>
  draft.agenda.filter(({ title }) => title.trim() !== "").map(({ title, minutes, speaker }) => ({ title: title.trim(), minutes, speaker: speaker.trim() === "" ? null : speaker.trim() }));
const deskOf = (draft: Draft) => draft.desk.map(({ person, duty, actsFor }) => ({ person, duty, acts_for: actsFor }));

/** What the server is asked to book. */
export function bodyOf(draft: Draft, zone: string): MeetingDraft {
  const repeat = repeatOf(draft.repeat, draft.starts.slice(0, 10));
  return {
    unit: draft.unit,
    title: draft.title.trim(),
    mode: draft.mode,
    starts: instantOf(draft.starts, zone) ?? 0,
    ends: instantOf(draft.ends, zone) ?? 0,
    main: draft.main,
    branches: draft.branches.filter((venue) => venue !== draft.main),
    desk: deskOf(draft),
    agenda: agendaOf(draft),
    audience: draft.audience,
    walk_in: draft.walkIn,
    notice: draft.notice,
    take: draft.take,
    ...(draft.chair && { chair: draft.chair.id }),
    ...(draft.column !== "" && { column: draft.column }),
    ...(draft.picture !== "" && { picture: draft.picture }),
    ...(repeat && { repeat }),
  };
}

/** What the server is asked to change: only what is other than before. */
export function patchOf(before: Draft, after: Draft, scope: Scope, zone: string): MeetingPatch {
  const [was, is] = [bodyOf(before, zone), bodyOf(after, zone)];
  const differs = (key: keyof MeetingDraft) => JSON.stringify(was[key]) !== JSON.stringify(is[key]);
  const told = (["title", "mode", "starts", "ends", "main", "branches", "desk", "agenda", "audience", "walk_in", "notice", "chair"] as const).filter(differs);
  return {
    ...Object.fromEntries(told.map((key) => [key, is[key]])),
    ...(differs("column") && { column: is.column ?? null }),
    ...(differs("picture") && { picture: is.picture ?? null }),
    take: after.take,
    scope,
  };
}
