import { describe, expect, test } from "vitest";

import type { Meeting } from "../src/pages/meetings/api";
import { bodyOf, draftOf, emptyDraft, isReady, patchOf, startingAt } from "../src/pages/meetings/booking/draft";
import { choicesOn, onceOn, repeatOf } from "../src/pages/meetings/booking/repeat";

const ZONE = "Asia/Shanghai";
/** Monday 2026-11-23, 08:10. */
const NOW = Date.UTC(2026, 10, 23, 0, 10);

describe("repeats", () => {
  test("follow from the day on which the meeting begins", () => {
    const on = (day: string, every: ReturnType<typeof onceOn>["every"]) => repeatOf({ ...onceOn(day), every }, day)?.every;
    expect(on("2026-11-23", "none")).toBeUndefined();
    expect(on("2026-11-23", "week")).toEqual({ on: "week", days: ["mon"] });
    expect(on("2026-11-23", "month_day")).toEqual({ on: "month_day", day: 23 });
    expect(on("2026-11-23", "month_nth")).toEqual({ on: "month_weekday", nth: 4, day: "mon" });
    expect(on("2026-11-30", "month_last")).toEqual({ on: "month_day", day: -1 });
    expect(on("2026-11-30", "month_nth_last")).toEqual({ on: "month_weekday", nth: -1, day: "mon" });
  });
  test("offer only what such a day can be", () => {
    expect(choicesOn("2026-11-23")).not.toContain("month_last");
    expect(choicesOn("2026-11-30")).toContain("month_last");
    // The fifth Monday: many months have none, the last one all.
    expect(choicesOn("2026-11-30")).not.toContain("month_nth");
    expect(choicesOn("2026-02-28")).toEqual(expect.arrayContaining(["month_last", "month_nth_last"]));
  });
  test("end after so many, or on a day", () => {
    expect(repeatOf({ ...onceOn("2026-11-23"), every: "day", count: 3 }, "2026-11-23")).toEqual({ every: { on: "day" }, count: 3 });
    expect(repeatOf({ ...onceOn("2026-11-23"), every: "workday", ends: "until", until: "2026-12-31" }, "2026-11-23")).toEqual({ every: { on: "workday" }, until: "2026-12-31" });
  });
});

describe("a booking", () => {
  const draft = () => ({ ...emptyDraft("root", NOW, ZONE), title: " 例会 ", main: "site:hall" });
  test("begins at the next half hour, and is short where nothing more is said", () => {
    const body = bodyOf(draft(), ZONE);
    expect(new Date(body.starts).toISOString()).toBe("2026-11-23T00:30:00.000Z");
    expect(body).toMatchObject({ title: "例会", main: "site:hall", branches: [], agenda: [], desk: [] });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["chair"]));
    expect(body.repeat).toBeUndefined();
  });
  test("keeps its length when its start moves, and repeats on the new day", () => {
    const moved = startingAt(draft(), "2026-11-25T14:00", ZONE);
    expect([moved.ends, moved.repeat.days]).toEqual(["2026-11-25T16:00", ["wed"]]);
  });
  test("is not asked about before it says enough", () => {
    expect(isReady(draft(), ZONE)).toBe(true);
    for (const part of [{ title: " " }, { main: "" }, { ends: "2026-11-20T09:00" }, { starts: "" }]) expect(isReady({ ...draft(), ...part }, ZONE)).toBe(false);
    const repeat = { ...onceOn("2026-11-23"), every: "week" as const };
    expect(isReady({ ...draft(), repeat: { ...repeat, days: [] } }, ZONE)).toBe(false);
    expect(isReady({ ...draft(), repeat: { ...repeat, count: 0 } }, ZONE)).toBe(false);
  });
  test("has no empty points, and the main venue is no branch", () => {
    const agenda = [{ title: "通报 ", minutes: 10, speaker: " " }, { title: " ", minutes: null, speaker: "x" }];
    const body = bodyOf({ ...draft(), branches: ["site:hall", "person:li"], agenda }, ZONE);
    expect(body.branches).toEqual(["person:li"]);
    expect(body.agenda).toEqual([{ title: "通报", minutes: 10, speaker: null }]);
  });
});

describe("a change", () => {
  const meeting = {
    id: "m", series: null, unit: "root", title: "例会", mode: "lecture", starts: NOW, ends: NOW + 3_600_000, chair: "wang", chair_name: "王", copy_kbps: 1, state: "booked", revision: 0, booked_by_name: "", created: 0,
    desk: [{ person: "li", name: "李", duty: "clerk", acts_for: "wang" }],
    venues: [
      { venue: "site:hall", title: "礼堂", unit: "root", role: "main", invited: false, reply: "pending", remark: "" },
      { venue: "person:zhao", title: "赵", unit: "root", role: "branch", invited: false, reply: "pending", remark: "" },
    ],
    agenda: [{ title: "通报", minutes: null, speaker: null }], papers: [], column: "news", audience: "signed_in", walk_in: false, notice: "", picture: "720p",
  } as unknown as Meeting;
  test("says only what is other than before", () => {
    const before = draftOf(meeting, ZONE);
    expect(patchOf(before, before, "one", ZONE)).toEqual({ take: false, scope: "one" });
    expect(patchOf(before, { ...before, title: "新" }, "following", ZONE)).toEqual({ title: "新", take: false, scope: "following" });
    expect(patchOf(before, { ...before, column: "", picture: "" }, "all", ZONE)).toEqual({ column: null, picture: null, take: false, scope: "all" });
    expect(patchOf(before, startingAt(before, "2026-11-23T10:10", ZONE), "one", ZONE)).toMatchObject({ starts: NOW + 2 * 3_600_000, ends: NOW + 3 * 3_600_000 });
  });
  test("knows who runs the desk for whom, and what people are called", () => {
    const draft = draftOf(meeting, ZONE);
    expect(draft.desk).toEqual([{ person: "li", name: "李", duty: "clerk", actsFor: null }]);
    expect([draft.branches, draft.names["person:zhao"]]).toEqual([["person:zhao"], "赵"]);
  });
});
