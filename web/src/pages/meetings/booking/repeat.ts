import type { components } from "../../../api/schema";
import { addDays, weekdayOf } from "../../../ui/time";

// How often a meeting is, as one chooses it: the choices follow from the day on which it begins. Pure.

export type Repeat = components["schemas"]["Repeat"];
export type DayOfWeek = components["schemas"]["DayOfWeek"];

export const DAYS: readonly DayOfWeek[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

export const EVERY = ["none", "day", "workday", "week", "month_day", "month_last", "month_nth", "month_nth_last"] as const;
export type Every = (typeof EVERY)[number];

export interface RepeatDraft {
  every: Every;
  /** Of a week. */
  days: DayOfWeek[];
  ends: "count" | "until";
  count: number;
  /** `2027-06-30` */
  until: string;
}

export function onceOn(day: string): RepeatDraft {
  return { every: "none", days: [dayOfWeek(day)], ends: "count", count: 12, until: addDays(day, 90) };
}

export function dayOfWeek(day: string): DayOfWeek {
  return DAYS[weekdayOf(day) - 1] ?? "mon";
}

/** 23 of `2026-11-23`. */
export function dateOf(day: string): number {
  return Number(day.slice(8, 10));
}

/** Which Monday of the month it is. */
export function nthOf(day: string): number {
  return Math.ceil(dateOf(day) / 7);
}

const isLastDay = (day: string) => dateOf(addDays(day, 1)) === 1;
const isLastSuch = (day: string) => dateOf(addDays(day, 7)) < dateOf(day);

/** What can be chosen for a meeting that begins on this day. */
export function choicesOn(day: string): Every[] {
  return EVERY.filter((every) => (every !== "month_last" || isLastDay(day)) && (every !== "month_nth_last" || isLastSuch(day)) && (every !== "month_nth" || nthOf(day) < 5));
}

function everyOf({ every, days }: RepeatDraft, day: string): Repeat["every"] | null {
  switch (every) {
    case "none":
      return null;
    case "day":
      return { on: "day" };
    case "workday":
      return { on: "workday" };
    case "week":
      return { on: "week", days: DAYS.filter((of) => days.includes(of)) };
    case "month_day":
      return { on: "month_day", day: dateOf(day) };
    case "month_last":
      return { on: "month_day", day: -1 };
    case "month_nth":
      return { on: "month_weekday", nth: nthOf(day), day: dayOfWeek(day) };
    case "month_nth_last":
      return { on: "month_weekday", nth: -1, day: dayOfWeek(day) };
  }
}

/** What the server is asked for; nothing where it is once. */
export function repeatOf(draft: RepeatDraft, day: string): Repeat | undefined {
  const every = everyOf(draft, day);
  if (every === null) return undefined;
  return draft.ends === "count" ? { every, count: draft.count } : { every, until: draft.until };
}
