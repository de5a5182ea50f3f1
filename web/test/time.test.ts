import { describe, expect, test } from "vitest";

import { addDays, clock, dayOf, duration, exact, instantOf, startOfDay, wallOf, weekdayOf, when } from "../src/ui/time";

const ZONE = "Asia/Shanghai";
/** 2026-11-21 09:30 in Shanghai. */
const NOW = Date.UTC(2026, 10, 21, 1, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a moment as people say it", () => {
  test.each([
    [NOW, { kind: "just_now" }],
    [NOW - 59_000, { kind: "just_now" }],
    [NOW - 5 * MINUTE, { kind: "minutes_ago", minutes: 5 }],
    [NOW - 45 * MINUTE, { kind: "today", clock: "08:45" }],
    [NOW + 10 * HOUR - 30 * MINUTE, { kind: "today", clock: "19:00" }],
    [NOW - 10 * HOUR, { kind: "yesterday", clock: "23:30" }],
    [NOW + 20 * HOUR, { kind: "tomorrow", clock: "05:30" }],
    [NOW - 72 * HOUR, { kind: "date", month: 11, day: 18, clock: "09:30" }],
    [Date.UTC(2025, 10, 21, 1, 30), { kind: "dated", year: 2025, month: 11, day: 21, clock: "09:30" }],
  ])("%i", (at, said) => expect(when(at, NOW, ZONE)).toEqual(said));
});

test("the wall clock of a zone and back", () => {
  expect(clock(NOW, ZONE)).toBe("09:30");
  expect(exact(NOW, ZONE)).toBe("2026-11-21 09:30:00");
  expect(dayOf(Date.UTC(2026, 10, 20, 16, 0), ZONE)).toBe("2026-11-21");
  expect(instantOf("2026-11-21T09:30", ZONE)).toBe(NOW);
  expect(instantOf(wallOf(NOW, "Asia/Urumqi"), "Asia/Urumqi")).toBe(NOW);
  expect(startOfDay(NOW, ZONE)).toBe(Date.UTC(2026, 10, 20, 16, 0));
  expect(instantOf("half past nine", ZONE)).toBeNull();
});

test("where clocks change, the wall clock is still found", () => {
  const summer = instantOf("2026-07-01T12:00", "Europe/Berlin");
  const winter = instantOf("2026-12-01T12:00", "Europe/Berlin");
  expect(summer).toBe(Date.UTC(2026, 6, 1, 10));
  expect(winter).toBe(Date.UTC(2026, 11, 1, 11));
});

test("days and weeks", () => {
  expect(weekdayOf("2026-11-21")).toBe(6);
  expect(weekdayOf("2026-11-22")).toBe(7);
  expect(addDays("2026-11-30", 1)).toBe("2026-12-01");
});

test.each([
  [0, "0:00"],
  [5_000, "0:05"],
  [65_000, "1:05"],
  [1_798_000, "29:58"],
  [3_723_000, "1:02:03"],
  [-4, "0:00"],
])("%i ms is %s", (ms, said) => expect(duration(ms)).toBe(said));
