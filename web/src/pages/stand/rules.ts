import type { Call, StandMeeting, StandView } from "./api";

// When a venue's computer rings and when it comes in by itself. Pure: what it remembers is told.

/** What it remembers over a crash and a restart. */
export interface Memory {
  /** In which meeting it was and has not left by will: it goes back there by itself. */
  meeting: string | null;
  /** Calls that were answered or declined. */
  handled: readonly string[];
}

export const NOTHING: Memory = { meeting: null, handled: [] };

/** Calls that are remembered. */
const KEPT = 50;

export type Decision =
  | { kind: "stand" }
  /** Somebody in the venue decides; where it answers by rule, only for a moment. */
  | { kind: "ring"; call: Call; key: string; answers: boolean }
  /** At once: it was in there. */
  | { kind: "return"; meeting: StandMeeting };

export const keyOf = ({ meeting, why, since }: Call): string => (why === "opened" ? openedKey(meeting) : `${meeting} ${since}`);
const openedKey = (meeting: string) => `${meeting} opened`;

/** The doors are open. */
const isOn = ({ phase }: StandMeeting) => phase !== null && phase !== "called" && phase !== "closed";

export function decide({ meetings, calls, answers }: Pick<StandView, "meetings" | "calls" | "answers">, memory: Memory): Decision {
  const before = meetings.find(({ id }) => id === memory.meeting);
  if (before && before.presence?.is !== "removed") return { kind: "return", meeting: before };
  const fresh = calls.filter((call) => !memory.handled.includes(keyOf(call)));
  // The chair goes before a meeting that only has begun.
  const call = fresh.find(({ why }) => why === "chair") ?? fresh[0];
  if (call) return { kind: "ring", call, key: keyOf(call), answers: answers === "at_start" || (answers === "when_called" && call.why === "chair") };
  // It was off when the meeting opened.
  const missed = answers === "at_start" ? meetings.find((meeting) => isOn(meeting) && meeting.presence?.is === "absent" && !memory.handled.includes(openedKey(meeting.id))) : undefined;
  if (missed) return { kind: "ring", call: { meeting: missed.id, title: missed.title, why: "opened", since: missed.starts }, key: openedKey(missed.id), answers: true };
  return { kind: "stand" };
}

function handle(memory: Memory, meeting: string, calls: readonly Call[]): readonly string[] {
  const keys = [openedKey(meeting), ...calls.filter((call) => call.meeting === meeting).map(keyOf)];
  return [...memory.handled.filter((key) => !keys.includes(key)), ...keys].slice(-KEPT);
}

/** It goes in. */
export function entered(memory: Memory, meeting: string, calls: readonly Call[]): Memory {
  return { meeting, handled: handle(memory, meeting, calls) };
}

/** It leaves by will, was sent out, or does not answer: only another call brings it in again. */
export function declined(memory: Memory, meeting: string, calls: readonly Call[]): Memory {
  return { meeting: memory.meeting === meeting ? null : memory.meeting, handled: handle(memory, meeting, calls) };
}

/** Ends of a visit after which it stays outside; after all others (a broken line, a server that was restarted) it goes back. */
const MEANT = new Set(["room_removed", "room_closed", "room_elsewhere", "meeting_over", "meeting_cancelled", "not_found", "not_paired"]);

export function isMeant(code: string | null): boolean {
  return code === null || MEANT.has(code);
}

/** The meeting that is on or comes next. */
export function nextOf(meetings: readonly StandMeeting[]): StandMeeting | null {
  return meetings.find(isOn) ?? meetings[0] ?? null;
}

const KEY = "yizhan.stand";

export function recall(storage: Pick<Storage, "getItem">): Memory {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "null") as Partial<Memory> | null;
    const meeting = typeof kept?.meeting === "string" ? kept.meeting : null;
    return { meeting, handled: Array.isArray(kept?.handled) ? kept.handled.filter((key) => typeof key === "string") : [] };
  } catch {
    return NOTHING;
  }
}

export function remember(storage: Pick<Storage, "setItem">, memory: Memory): void {
  storage.setItem(KEY, JSON.stringify(memory));
}
