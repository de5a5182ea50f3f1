import type { Tape } from "../../../api/model";
import { addDays, dayOf, instantOf } from "../../../ui/time";

/** One hour of a tape, for a chart. Parts are fractions of the hour. */
export interface TapeHour {
  from: number;
  to: number;
  held: { start: number; end: number } | null;
  gaps: { start: number; end: number }[];
  gapMs: number;
  errors: number;
}

export interface TapeDay {
  day: string;
  hours: TapeHour[];
}

const HOUR_MS = 3_600_000;

/** The tape by days of the zone and hours, the latest day first. */
export function tapeDays(tape: Tape, zone: string): TapeDay[] {
  const { from, to } = tape;
  if (from === null || to === null || to <= from) return [];
  const days: TapeDay[] = [];
  for (let day = dayOf(from, zone), last = dayOf(to, zone); day <= last; day = addDays(day, 1)) {
    const start = instantOf(day, zone) ?? 0;
    days.unshift({ day, hours: Array.from({ length: 24 }, (_, hour) => hourOf(tape, from, to, start + hour * HOUR_MS)) });
  }
  return days;
}

function hourOf(tape: Tape, tapeFrom: number, tapeTo: number, from: number): TapeHour {
  const to = from + HOUR_MS;
  const clip = (one: number, other: number) => {
    const start = Math.max(one, from, tapeFrom);
    const end = Math.min(other, to, tapeTo);
    return end > start ? { start: (start - from) / HOUR_MS, end: (end - from) / HOUR_MS } : null;
  };
  const gaps = tape.gaps.map((gap) => clip(gap.from, gap.to)).filter((gap) => gap !== null);
  return {
    from,
    to,
    held: clip(tapeFrom, tapeTo),
    gaps,
    gapMs: gaps.reduce((total, { start, end }) => total + (end - start) * HOUR_MS, 0),
    errors: tape.errors.filter(({ at }) => at >= from && at < to).length,
  };
}
