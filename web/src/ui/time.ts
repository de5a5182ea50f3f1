// Time as people say it, in the server's zone. Pure: `now` and `zone` are told.

export type When =
  | { kind: "just_now" }
  | { kind: "minutes_ago"; minutes: number }
  | { kind: "today" | "yesterday" | "tomorrow"; clock: string }
  | { kind: "date"; month: number; day: number; clock: string }
  | { kind: "dated"; year: number; month: number; day: number; clock: string };

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a thousand times what using it does. */
function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const numeric = "2-digit" as const;
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric, hourCycle: "h23" });
    formats.set(zone, format);
  }
  return format;
}

export function partsIn(zone: string, utcMs: number): Parts {
  const found: Record<string, number> = {};
  for (const { type, value } of formatFor(zone).formatToParts(utcMs)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return { year, month, day, hour, minute, second };
}

const two = (value: number) => String(value).padStart(2, "0");

/** `19:00` */
export function clock(utcMs: number, zone: string): string {
  const { hour, minute } = partsIn(zone, utcMs);
  return `${two(hour)}:${two(minute)}`;
}

/** `2026-11-20`, the day in the zone. */
export function dayOf(utcMs: number, zone: string): string {
  const { year, month, day } = partsIn(zone, utcMs);
  return `${year}-${two(month)}-${two(day)}`;
}

/** `2026-11-20 19:00:03`, for hovering. */
export function exact(utcMs: number, zone: string): string {
  const { second } = partsIn(zone, utcMs);
  return `${dayOf(utcMs, zone)} ${clock(utcMs, zone)}:${two(second)}`;
}

/** The instant at which the zone's wall clock shows this. In the hour that a clock change repeats, the earlier one. */
export function instantOf(wall: string, zone: string): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(wall);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  let guess = asUtc;
  for (let round = 0; round < 3; round += 1) {
    const shown = partsIn(zone, guess);
    const error = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - asUtc;
    if (error === 0) return guess;
    guess -= error;
  }
  return guess;
}

/** `2026-11-20T19:00:00`, what `<input type="datetime-local">` wants. */
export function wallOf(utcMs: number, zone: string): string {
  return exact(utcMs, zone).replace(" ", "T");
}

export function startOfDay(utcMs: number, zone: string): number {
  return instantOf(dayOf(utcMs, zone), zone) ?? utcMs;
}

/** 1 Monday … 7 Sunday, of a day written `2026-11-20`. */
export function weekdayOf(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How one would say this moment, seen from `now`. */
export function when(utcMs: number, now: number, zone: string): When {
  const ago = now - utcMs;
  if (ago >= 0 && ago < MINUTE_MS) return { kind: "just_now" };
  if (ago >= 0 && ago < 30 * MINUTE_MS) return { kind: "minutes_ago", minutes: Math.floor(ago / MINUTE_MS) };
  const day = dayOf(utcMs, zone);
  const today = dayOf(now, zone);
  const at = clock(utcMs, zone);
  if (day === today) return { kind: "today", clock: at };
  if (day === addDays(today, -1)) return { kind: "yesterday", clock: at };
  if (day === addDays(today, 1)) return { kind: "tomorrow", clock: at };
  const { year, month, day: date } = partsIn(zone, utcMs);
  if (day.slice(0, 4) === today.slice(0, 4)) return { kind: "date", month, day: date, clock: at };
  return { kind: "dated", year, month, day: date, clock: at };
}

/** `29:58`, `1:02:03`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0(\d:)/, "$1");
}
