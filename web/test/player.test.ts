import { describe, expect, test } from "vitest";

import { gapMarks } from "../src/player/gaps";
import { keyAction } from "../src/player/keys";
import { keepPosition, resumeAt, worthKeeping } from "../src/player/resume";
import { heightOf, rungsOf } from "../src/player/rungs";
import { parseThumbnails, thumbnailAt } from "../src/player/vtt";

describe("keys", () => {
  test("space, arrows, f and m do what they say", () => {
    expect(keyAction({ key: " " }, "page")).toEqual({ kind: "toggle" });
    expect(keyAction({ key: "ArrowLeft" }, "page")).toEqual({ kind: "seek", seconds: -5 });
    expect(keyAction({ key: "ArrowRight" }, "slider")).toEqual({ kind: "seek", seconds: 5 });
    expect(keyAction({ key: "F" }, "page")).toEqual({ kind: "fullscreen" });
    expect(keyAction({ key: "m" }, "press")).toEqual({ kind: "mute" });
  });
  test("what has keys of its own keeps them", () => {
    expect(keyAction({ key: " " }, "press")).toBeNull();
    expect(keyAction({ key: "m" }, "text")).toBeNull();
    expect(keyAction({ key: "ArrowDown" }, "menu")).toBeNull();
    expect(keyAction({ key: "ArrowDown" }, "page")).toBeNull();
    expect(keyAction({ key: "f", ctrlKey: true }, "page")).toBeNull();
    expect(keyAction({ key: "x" }, "page")).toBeNull();
  });
});

describe("seek-bar pictures", () => {
  const text = "WEBVTT\n\n00:00.000 --> 00:10.000\nsprite-0.jpg#xywh=0,0,160,90\n\n1\n00:00:10.000 --> 00:00:20.000\r\nsprite-0.jpg#xywh=160,0,160,90\n\n00:20.000 --> 00:30.000\nnot a picture\n";
  const found = parseThumbnails(text, "https://yizhan.test/media/assets/a/thumbnails.vtt");
  test("cues become rectangles; what cannot be read is left out", () => {
    expect(found).toHaveLength(2);
    expect(found[1]).toEqual({ fromSeconds: 10, toSeconds: 20, url: "https://yizhan.test/media/assets/a/sprite-0.jpg", x: 160, y: 0, width: 160, height: 90 });
  });
  test("a time finds its picture, one past the end the last", () => {
    expect(thumbnailAt(found, 12)?.x).toBe(160);
    expect(thumbnailAt(found, 99)?.x).toBe(160);
    expect(thumbnailAt([], 1)).toBeUndefined();
  });
});

describe("where it was left", () => {
  const box = (start = "") => {
    const held = { value: start };
    return { getItem: () => held.value || null, setItem: (_: string, value: string) => void (held.value = value), held };
  };
  test("kept, found again, and forgotten at the end", () => {
    const storage = box();
    keepPosition(storage, "a", 700.7, 1800, 1);
    expect(resumeAt(storage, "a")).toBe(700);
    keepPosition(storage, "a", 1795, 1800, 2);
    expect(resumeAt(storage, "a")).toBeNull();
  });
  test("the beginning is not worth keeping, a broken storage is empty", () => {
    expect(worthKeeping(5, 1800)).toBe(false);
    expect(resumeAt(box("{oops"), "a")).toBeNull();
    expect(resumeAt(box('[{"id":1}]'), "a")).toBeNull();
  });
});

describe("gaps on the bar", () => {
  const minute = 60_000;
  const gaps = [{ from: 110 * minute, to: 115 * minute, reason: "" }];
  test("kept as empty time they have width", () => {
    expect(gapMarks({ from: 100 * minute, to: 130 * minute, duration_ms: 30 * minute, gaps })[0]).toMatchObject({ start: 1 / 3, end: 0.5 });
  });
  test("left out they are a mark at the seam", () => {
    expect(gapMarks({ from: 100 * minute, to: 130 * minute, duration_ms: 25 * minute, gaps })[0]).toMatchObject({ start: 0.4, end: 0.4 });
  });
  test("without a length there are none", () => expect(gapMarks({ from: 0, to: minute, duration_ms: 0, gaps })).toEqual([]));
});

describe("rungs", () => {
  const levels = [
    { height: 1080, bitrate: 4_000_000 },
    { height: 480, bitrate: 800_000 },
    { height: 480, bitrate: 850_000 },
    { height: 270, bitrate: 300_000 },
    { height: 0, bitrate: 48_000 },
  ];
  test("best first, one of each height, over the advice marked", () => {
    expect(rungsOf(levels, 480).map(({ name, over, bitrateBps }) => [name, over, bitrateBps])).toEqual([
      ["1080p", true, 4_000_000],
      ["480p", false, 850_000],
      ["270p", false, 300_000],
    ]);
  });
  test("the lowest is always allowed", () => expect(rungsOf([{ height: 1080, bitrate: 1 }], 270)[0]?.over).toBe(false));
  test("names", () => {
    expect(heightOf("480p")).toBe(480);
    expect(heightOf("source")).toBeNull();
    expect(heightOf(null)).toBeNull();
  });
});
