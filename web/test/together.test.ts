import { describe, expect, test } from "vitest";

import { ABSENT_MS, Balance, BENEATH, remember, remembered, SILENT_MS } from "../src/pages/meeting/interpretation/balance";
import { languageOf, LANGUAGES, nameFor, ownName, trackName } from "../src/pages/meeting/interpretation/languages";
import { after, type Board, newId, pathOf, pointAt, type Stroke, type Told, touches } from "../src/pages/meeting/board/strokes";
import { tally } from "../src/pages/meeting/reactions/reactions";

describe("interpretation", () => {
  const speaks = { isOnAir: true, isLoud: true };
  const pauses = { isOnAir: true, isLoud: false };
  const gone = { isOnAir: false, isLoud: false };
  test("the floor gives way when the interpreter speaks, and not before", () => {
    const balance = new Balance();
    expect(balance.step(0, pauses)).toBe(false);
    expect(balance.step(200, speaks)).toBe(true);
  });
  test("a breath is no end; silence of some seconds is", () => {
    const balance = new Balance();
    balance.step(0, speaks);
    expect(balance.step(SILENT_MS - 1, pauses)).toBe(true);
    expect(balance.step(SILENT_MS, pauses)).toBe(false);
    expect(balance.step(SILENT_MS + 200, speaks)).toBe(true);
  });
  test("one who goes off air leaves nobody in silence", () => {
    const balance = new Balance();
    balance.step(0, speaks);
    expect(balance.step(ABSENT_MS - 1, gone)).toBe(true);
    expect(balance.step(ABSENT_MS, gone)).toBe(false);
  });
  test("what was chosen is remembered; what is damaged is not believed", () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    expect(remembered(storage)).toEqual({ language: null, beneath: BENEATH });
    remember(storage, { language: "ug", beneath: 0.3 });
    expect(remembered(storage)).toEqual({ language: "ug", beneath: 0.3 });
    for (const damaged of ["", "{", '{"language":1,"beneath":7}', "null"]) {
      kept.set([...kept.keys()][0] ?? "", damaged);
      expect(remembered(storage)).toEqual({ language: null, beneath: BENEATH });
    }
  });
  test("a track's name tells its language, and only such a track's", () => {
    for (const language of LANGUAGES) expect(languageOf(trackName(language))).toBe(language);
    expect(languageOf("microphone")).toBeNull();
    expect(languageOf(undefined)).toBeNull();
  });
  test("languages have their names, unknown ones at least their tag", () => {
    for (const language of LANGUAGES) expect([ownName(language), nameFor(language, "zh"), nameFor(language, "en")]).not.toContain("");
    expect(nameFor("ug", "zh")).toBe("维吾尔语");
    expect(nameFor("not a tag", "zh")).toBe("not a tag");
  });
});

test("marks are counted, the most first", () => {
  expect(tally(new Map([["a", "question"], ["b", "applause"], ["c", "applause"]] as const))).toEqual([
    { reaction: "applause", count: 2 },
    { reaction: "question", count: 1 },
  ]);
  expect(tally(new Map())).toEqual([]);
});

describe("the board", () => {
  const stroke = (id: string, shape: Stroke["shape"], page = 0): Stroke => ({ id, page, colour: "ink", width: 4, shape });
  const empty: Board = { version: 4, page: 0, pages: 1, strokes: [] };
  const draw = (version: number, id: string): Told => ({ act: "draw", version, by: "site:a", stroke: stroke(id, { line: [[0, 0], [10_000, 0]] }) });
  test("changes are taken in their order; what was had is passed over, and what was missed asks for the whole", () => {
    const one = after(empty, draw(5, "a"));
    expect(one?.strokes.map(({ stroke: { id } }) => id)).toEqual(["a"]);
    expect(after(one ?? empty, draw(5, "a"))).toBe(one);
    expect(after(empty, draw(6, "b"))).toBeNull();
    expect(after(one ?? empty, { act: "erase", version: 6, by: "site:a", strokes: ["a"] })?.strokes).toEqual([]);
    expect(after(empty, { act: "turn", version: 5, by: "desk", page: 1 })).toMatchObject({ page: 1, pages: 2, version: 5 });
    expect(after(one ?? empty, { act: "clear", version: 6, by: "desk", page: 0 })?.strokes).toEqual([]);
    expect(after(one ?? empty, { act: "clear", version: 6, by: "desk", page: 1 })?.strokes).toHaveLength(1);
  });
  test("a pointer is on the page wherever it is", () => {
    const box = { left: 100, top: 50, width: 160, height: 90 };
    expect(pointAt(box, 180, 95)).toEqual([5_000, 5_000]);
    expect(pointAt(box, -20, 9_999)).toEqual([0, 10_000]);
  });
  test("the eraser touches what is under it", () => {
    const across = stroke("a", { line: [[0, 5_000], [10_000, 5_000]] });
    expect(touches(across, [3_333, 5_050])).toBe(true);
    expect(touches(across, [3_333, 6_000])).toBe(false);
    const words = stroke("b", { text: { at: [1_000, 5_000], text: "防汛" } });
    expect(touches(words, [1_200, 4_900])).toBe(true);
    expect(touches(words, [9_000, 4_900])).toBe(false);
    expect(touches(stroke("c", { pen: [[5_000, 5_000]] }), [5_010, 5_010])).toBe(true);
  });
  test("a dot is drawn, too", () => {
    expect(pathOf([])).toBe("");
    expect(pathOf([[5_000, 5_000]])).toBe("M800 450L800 450");
    expect(pathOf([[0, 0], [5_000, 5_000], [10_000, 0]])).toBe("M0 0Q800 450 1200 225L1600 0");
  });
  test("ids are what the server takes", () => {
    for (let n = 0; n < 50; n += 1) expect(newId()).toMatch(/^[a-z0-9]{16}$/);
  });
});
