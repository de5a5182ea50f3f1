import { describe, expect, test } from "vitest";

import { Freezes } from "../src/pages/room/stats/freezes";
import type { Stream } from "../src/pages/room/stats/report";

/** A picture that comes: its counters at one reading. */
const picture = (freezeMs: number | null, bytes: number, other: Partial<Stream> = {}) => ({ direction: "in", kind: "video", freezeMs, bytes, ...other }) as Stream;
const reading = (...pictures: [string, Stream][]) => new Map(pictures);

describe("how long pictures stood still", () => {
  test("is what the counter grew by since the reading before", () => {
    const freezes = new Freezes();
    freezes.read(reading(["a", picture(9_000, 1)]));
    expect(freezes.take()).toBe(0);
    freezes.read(reading(["a", picture(9_700, 2)]));
    freezes.read(reading(["a", picture(9_700, 3)]));
    freezes.read(reading(["a", picture(10_000, 4)]));
    expect(freezes.take()).toBe(1_000);
    expect(freezes.take()).toBe(0);
  });

  test("is never less than nothing, and not told anew by who comes back", () => {
    const freezes = new Freezes();
    freezes.read(reading(["a", picture(9_000, 1)]));
    // The same name with counters from the beginning.
    freezes.read(reading(["a", picture(100, 2)]));
    freezes.read(reading(["a", picture(800, 3)]));
    freezes.read(reading());
    freezes.read(reading(["a", picture(60_000, 4)]));
    expect(freezes.take()).toBe(700);
  });

  test("is nothing while nobody looks", () => {
    const freezes = new Freezes();
    freezes.read(reading(["a", picture(0, 1)]));
    freezes.read(null);
    freezes.read(reading(["a", picture(30_000, 2)]));
    expect(freezes.take()).toBe(0);
  });

  test("is nothing for a camera that was switched off, for sound, and for what is sent", () => {
    const freezes = new Freezes();
    const at = (ms: number, bytes: number) => reading(["off", picture(ms, 7)], ["sound", picture(ms, bytes, { kind: "audio" })], ["own", picture(ms, bytes, { direction: "out" })]);
    freezes.read(at(0, 1));
    freezes.read(at(5_000, 2));
    expect(freezes.take()).toBe(0);
  });

  test("is not told where the browser does not count it", () => {
    const freezes = new Freezes();
    freezes.read(reading(["a", picture(null, 1)]));
    freezes.read(reading(["a", picture(null, 2)]));
    freezes.read(reading(["a", picture(5_000, 3)]));
    expect(freezes.take()).toBe(0);
  });

  test("is of many pictures the one in the middle: one sender's poor line is not this one's", () => {
    const freezes = new Freezes();
    const at = (bytes: number, ...all: number[]) => reading(...all.map((ms, index) => [String(index), picture(ms, bytes)] as [string, Stream]));
    freezes.read(at(1, 0, 0, 0));
    freezes.read(at(2, 8_000, 0, 0));
    expect(freezes.take()).toBe(0);
    freezes.read(at(3, 9_000, 2_000, 900));
    expect(freezes.take()).toBe(1_000);
  });

  test("is told once it is worth it, and again where it could not be told", () => {
    const freezes = new Freezes();
    freezes.read(reading(["a", picture(0, 1)]));
    freezes.read(reading(["a", picture(300, 2)]));
    expect(freezes.take()).toBe(0);
    freezes.read(reading(["a", picture(600, 3)]));
    const ms = freezes.take();
    expect(ms).toBe(600);
    freezes.giveBack(ms);
    freezes.read(reading(["a", picture(700, 4)]));
    expect(freezes.take()).toBe(700);
  });
});
