import { describe, expect, it } from "vitest";

import type { Meeting } from "../src/pages/meetings/api";
import { byDay, isNear, nextHalfHour, replies } from "../src/pages/meetings/days";

const at = (text: string) => Date.parse(`${text}+08:00`);
const meeting = (part: Partial<Meeting>): Meeting => ({ id: "m", starts: 0, ends: 0, state: "booked", venues: [], ...part }) as Meeting;

describe("the list of meetings", () => {
  it("is by days of the zone, the earliest first", () => {
    const late = meeting({ id: "late", starts: at("2026-11-23T00:30:00") });
    const early = meeting({ id: "early", starts: at("2026-11-22T23:30:00") });
    expect(byDay([late, early], "Asia/Shanghai").map(({ day, meetings }) => [day, meetings.map(({ id }) => id)])).toEqual([
      ["2026-11-22", ["early"]],
      ["2026-11-23", ["late"]],
    ]);
  });

  it("offers the door an hour before, and while it is under way", () => {
    const now = at("2026-11-22T09:00:00");
    const next = meeting({ starts: now + 3_599_000, ends: now + 7_200_000 });
    expect(isNear(next, now)).toBe(true);
    expect(isNear({ ...next, starts: now + 3_600_000 }, now)).toBe(false);
    expect(isNear({ ...next, taken_by: "other" }, now)).toBe(false);
    expect(isNear({ ...next, starts: now - 9_000_000, ends: now - 1, state: "open" }, now)).toBe(true);
    expect(isNear({ ...next, state: "cancelled" }, now)).toBe(false);
  });

  it("counts answers and people", () => {
    const venue = (reply: string, headcount: number | null) => ({ reply, headcount }) as Meeting["venues"][number];
    expect(replies(meeting({ venues: [venue("accepted", 12), venue("accepted", null), venue("declined", null), venue("pending", null)] }))).toEqual({ accepted: 2, declined: 1, pending: 1, people: 12 });
  });

  it("begins on a half hour that is not missed", () => {
    expect(nextHalfHour(at("2026-11-22T09:01:00"))).toBe(at("2026-11-22T09:30:00"));
    expect(nextHalfHour(at("2026-11-22T09:27:00"))).toBe(at("2026-11-22T10:00:00"));
  });
});
