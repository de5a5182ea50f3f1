import { describe, expect, test } from "vitest";

import { addressFits, draftOf, typedOf } from "../src/pages/ops/channels/draft";
import { tapeDays } from "../src/pages/ops/channels/tape_hours";
import { placedSegments, rangesOf, usedPercent } from "../src/pages/ops/numbers/segments";
import { subtree, treeOf } from "../src/pages/ops/shared/tree";
import type { NumberSegment, NumberUse, Unit } from "../src/api/model";

const unit = (id: string, parent: string | null, position = 0): Unit => ({ id, parent, kind: "region", level: "", title: id, position, created: 0 });

describe("the tree of units", () => {
  test("parents before children, in their order, strays on top", () => {
    const placed = treeOf([unit("b", "root", 2), unit("a", "root", 1), unit("root", null), unit("leaf", "b"), unit("stray", "gone")]);
    expect(placed.map(({ unit: { id }, depth }) => `${id}${depth}`)).toEqual(["root0", "a1", "b1", "leaf2", "stray0"]);
  });
  test("what is below", () => expect(subtree([unit("leaf", "b"), unit("b", "root"), unit("root", null)], "b")).toEqual(new Set(["b", "leaf"])));
  test("a ring does not hang", () => expect(treeOf([unit("x", "y"), unit("y", "x")])).toEqual([]));
});

describe("the channel's form", () => {
  test.each([
    ["udp", "239.1.1.1:5000", true],
    ["rtp", "[ff02::1]:5000", true],
    ["udp", "239.1.1.1", false],
    ["udp", "239.1.1.1:99999", false],
    ["file", "/srv/loop.ts", true],
    ["file", " ", false],
  ] as const)("%s %s", (kind, address, fits) => expect(addressFits(kind, address)).toBe(fits));
  test("empty boxes are null, gigabytes are bytes", () => {
    const typed = { ...typedOf(null, "root", 2), title: " CCTV-1 ", address: "239.1.1.1:5000", keepGigabytes: "1.5" };
    expect(draftOf(typed)).toMatchObject({ id: "channel-3", title: "CCTV-1", service: null, charset: null, keep_hours: null, keep_bytes: 1_610_612_736, source: { interface: null } });
  });
});

test("the hours of a tape, with gaps and errors in the right boxes", () => {
  const hour = 3_600_000;
  const midnight = Date.UTC(2026, 10, 20, 16);
  const days = tapeDays({ from: midnight + 1.5 * hour, to: midnight + 26 * hour, bytes: 0, hours_kept: 72, gaps: [{ from: midnight + 2.75 * hour, to: midnight + 3.25 * hour, reason: "" }], errors: [{ at: midnight + 5.1 * hour, continuity: 1, transport: 0 }] }, "Asia/Shanghai");
  expect(days.map(({ day }) => day)).toEqual(["2026-11-22", "2026-11-21"]);
  const hours = days[1]?.hours ?? [];
  expect(hours[0]?.held).toBeNull();
  expect(hours[1]?.held).toEqual({ start: 0.5, end: 1 });
  expect(hours[2]?.gaps).toEqual([{ start: 0.75, end: 1 }]);
  expect(hours[3]?.gapMs).toBe(hour / 4);
  expect(hours[5]?.errors).toBe(1);
  expect(tapeDays({ from: null, to: null, bytes: 0, gaps: [], errors: [], hours_kept: 0 }, "Asia/Shanghai")).toEqual([]);
});

describe("the number plan", () => {
  const usage = (free: number): NumberUse => ({ total: 1000, given: 1000 - free, handed_down: 0, reserved: 0, resting: 0, free, next_back: null });
  test("parts stand below what they are part of", () => {
    const segment = (id: string, parent: string | null) => ({ id, parent }) as NumberSegment;
    const placed = placedSegments([segment("top", null), segment("a", "top"), segment("a1", "a"), segment("b", "top"), segment("other", null)]);
    expect(placed.map(({ segment: { id }, depth }) => `${id}${depth}`)).toEqual(["top0", "a1", "a12", "b1", "other0"]);
  });
  test.each([
    [1000, 0],
    [999, 1],
    [500, 50],
    [1, 99],
    [0, 100],
  ])("%i free of 1000: %i %%", (free, percent) => expect(usedPercent(usage(free))).toBe(percent));
  test("ranges apart by whatever was typed", () => expect(rangesOf(" 613000, 613100-613199\uFF0C6132xx ")).toEqual(["613000", "613100-613199", "6132xx"]));
});
