import { dayOf } from "../../ui/time";
import type { Meeting } from "./api";

export interface Day {
  day: string;
  meetings: Meeting[];
}

/** Meetings by the day on which they begin, the earliest first. */
export function byDay(meetings: readonly Meeting[], zone: string): Day[] {
  const days = new Map<string, Meeting[]>();
  for (const meeting of [...meetings].sort((a, b) => a.starts - b.starts)) {
    const day = dayOf(meeting.starts, zone);
    days.set(day, [...(days.get(day) ?? []), meeting]);
  }
  return [...days].map(([day, of]) => ({ day, meetings: of }));
}

/** Whether one can go in: it is under way, or begins within the hour. */
export function isNear(meeting: Meeting, now: number): boolean {
  return meeting.state === "open" || (meeting.state === "booked" && meeting.taken_by == null && meeting.starts - now < 3_600_000 && meeting.ends > now);
}

/** It was booked and never opened: the server lets nobody in a quarter of an hour after its end. */
export function isMissed(meeting: Meeting, now: number): boolean {
  return meeting.state === "booked" && now > meeting.ends + 15 * 60_000;
}

/** How many venues said yes, no, and nothing yet. */
export function replies(meeting: Meeting): { accepted: number; declined: number; pending: number; people: number } {
  const of = (reply: string) => meeting.venues.filter((venue) => venue.reply === reply).length;
  return { accepted: of("accepted"), declined: of("declined"), pending: of("pending"), people: meeting.venues.reduce((sum, venue) => sum + (venue.headcount ?? 0), 0) };
}

/** The next full half hour, where a new meeting begins unless somebody says otherwise. */
export function nextHalfHour(now: number): number {
  return Math.ceil((now + 5 * 60_000) / 1_800_000) * 1_800_000;
}
