import { describe, expect, test } from "vitest";

import { zh } from "../src/i18n/zh";
import { untilOpen } from "../src/pages/meeting/before/door";
import { counts, found } from "../src/pages/meeting/desk/found";
import { HALL_KEYS } from "../src/pages/meeting/hall/keys";
import { isDead, isWorthTelling, lineSaid, lineState, type LineState } from "../src/pages/meeting/line";
import { type Joined, type Scene, type Shown, shownIn, type Venue } from "../src/pages/meeting/model";
import { arrange, deskWants, GRID, largeFor, type Present, SIDES, type Want } from "../src/pages/meeting/plan";
import { seatsOf } from "../src/pages/meeting/seats";
import { aboutMe, named, queuePlace, type Said, stateSaid } from "../src/pages/meeting/words";
import { actOfKey } from "../src/pages/room/keys";
import type { Row } from "../src/pages/room/stats/useStatistics";
import type { Tile } from "../src/pages/room/view";
import { ApiProblem } from "../src/api/problem";

const shown = (some: Partial<Shown> = {}): Shown => ({
  version: 1,
  title: "防汛调度会",
  phase: "in_session",
  mode: "lecture",
  main: "site:main",
  chair: "site:main",
  ends: 1_000_000,
  is_extended: false,
  break_until: null,
  on_screen: "site:main",
  broadcast: null,
  seen_there: null,
  next: null,
  wall: [],
  wall_next: [],
  poll: null,
  wall_poll: null,
  floor: { holders: [], hands: [] },
  is_mute_locked: true,
  is_door_locked: false,
  chat: "open",
  layout: "speaker",
  banner: "",
  subtitle: "",
  agenda: null,
  roll_begun: null,
  ballot: null,
  interpretation: [],
  has_reactions: false,
  is_board_open: false,
  ...some,
});

const here = (...names: string[]): Present[] => names.map((name) => ({ identity: `site:${name.replace("+", "")}`, hasCamera: true, hasScreen: name.endsWith("+") }));
const many = (count: number) => here("main", ...Array.from({ length: count }, (_, at) => `b${at}`));
const said = (wants: readonly Want[]) => wants.map(({ identity, source, quality }) => `${identity.slice(5)}/${source}/${quality}`);
const view = (some: Partial<Parameters<typeof arrange>[0]>) => arrange({ shown: shown(), viewer: "site:b0", present: many(3), chosen: null, scene: null, page: 0, ...some });

describe("what is seen", () => {
  test("a branch sees who is on the screen and asks for nothing else", () => {
    const { large, wants } = view({ present: many(64) });
    expect(large).toBe("site:main");
    expect(said(wants)).toEqual(["main/camera/fit"]);
  });
  test("who is broadcast sees what was chosen for it, all others see it", () => {
    const broadcast = shown({ on_screen: "site:b0", broadcast: "site:b0", seen_there: "site:main" });
    expect(largeFor(broadcast, "site:b0", null)).toBe("site:main");
    expect(largeFor(broadcast, "site:b1", null)).toBe("site:b0");
    expect(said(view({ shown: broadcast, viewer: "site:main" }).wants)).toEqual(["b0/camera/fit"]);
  });
  test("nobody looks at themselves, nor at who is not there", () => {
    expect(view({ shown: shown({ on_screen: "site:b0", seen_there: "site:b0" }) }).large).toBeNull();
    expect(view({ shown: shown({ on_screen: "site:gone" }) }).large).toBeNull();
    expect(view({ shown: shown({ on_screen: null }) }).wants).toEqual([]);
  });
  test("what comes next in a poll is kept warm, small", () => {
    expect(said(view({ shown: shown({ on_screen: "site:b1", next: "site:b2" }) }).wants)).toEqual(["b1/camera/fit", "b2/camera/warm"]);
    // Oneself is not kept warm for oneself.
    expect(said(view({ shown: shown({ on_screen: "site:b1", next: "site:b0" }) }).wants)).toEqual(["b1/camera/fit"]);
  });
  test("the chair sees its own scene", () => {
    const { large, wants } = view({ viewer: "site:main", scene: { large: "site:b2", next: "site:b1" } });
    expect(large).toBe("site:b2");
    expect(said(wants)).toEqual(["b2/camera/fit", "b1/camera/warm"]);
  });
});

describe("layouts", () => {
  test("slides come beside the speaker, whoever forgot to say so", () => {
    const { layout, slides, wants } = view({ present: here("main", "b0", "b1+") });
    expect([layout, slides]).toEqual(["slides_beside_speaker", "site:b1"]);
    expect(said(wants)).toEqual(["b1/screen/fit", "main/camera/fit"]);
  });
  test("a viewer may choose the speaker alone, and then pays for no slides", () => {
    expect(said(view({ present: here("main", "b0", "b1+"), chosen: "speaker" }).wants)).toEqual(["main/camera/fit"]);
  });
  test("of several slides those of who is seen large", () => expect(view({ present: here("b1+", "main+", "b0") }).slides).toBe("site:main"));
  test("without slides there is the speaker", () => expect(view({ shown: shown({ layout: "slides_beside_speaker" }) }).layout).toBe("speaker"));
  test("a large one with sides: who matters first, small, and no more than fit", () => {
    const { large, others, wants } = view({ present: many(30), shown: shown({ layout: "main_with_sides", on_screen: "site:b9", chair: "site:b20", floor: { holders: ["site:b9", "site:b7"], hands: [] } }) });
    expect(large).toBe("site:b9");
    expect(others).toEqual(["site:main", "site:b20", "site:b7", "site:b1", "site:b2"]);
    expect(wants).toHaveLength(1 + SIDES);
    expect(wants.slice(1).every(({ quality }) => quality === "small")).toBe(true);
  });
  test("the grid asks for the page that is seen, as large as its places are", () => {
    const second = view({ present: many(40), chosen: "grid", page: 1 });
    expect(second.pages).toBe(3);
    expect(second.others).toHaveLength(GRID);
    expect(second.wants.every(({ quality }) => quality === "fit")).toBe(true);
    expect(view({ present: many(40), chosen: "grid", page: 99 }).others).toHaveLength(40 - 2 * GRID);
    expect(view({ present: here("b0"), chosen: "grid" })).toMatchObject({ pages: 1, others: [], wants: [] });
  });
});

test("the desk: what all see and the chair sees fit their places, the wall is small, its next page warm, nothing twice", () => {
  const scene: Scene = { large: "site:b1", next: null, wall: ["site:b1", "site:b2"], wall_next: ["site:b3"] };
  const wants = deskWants(shown({ on_screen: "site:b0", next: "site:b2" }), scene, scene.wall, "site:main");
  expect(said(wants)).toEqual(["b0/camera/fit", "b1/camera/fit", "b2/camera/small", "b3/camera/warm"]);
  expect(said(deskWants(shown(), { ...scene, wall_next: [] }, ["site:main"], "site:main"))).toEqual(["b1/camera/fit"]);
});

/** The words of a key, as the page finds them. */
const words = ({ key, values = {} }: Said): string => {
  const found = key.split(".").reduce<unknown>((branch, part) => (branch as Record<string, unknown>)[part], zh);
  expect(typeof found, key).toBe("string");
  return String(found).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
};

describe("states in words", () => {
  const state = (some: Partial<Shown>, now = 0) => stateSaid(shown(some), now, (at) => `@${at}`).map(words);
  test.each([
    [{ phase: "called" }, ["会议未开场"]],
    [{ phase: "gathering" }, ["等候各会场入会"]],
    [{ phase: "roll_call" }, ["点名中"]],
    [{ phase: "in_session" }, ["会议进行中"]],
    [{ phase: "break" }, ["休会"]],
    [{ phase: "break", break_until: 7 }, ["休会至 @7"]],
    [{ phase: "in_session", is_extended: true, ends: 9 }, ["会议进行中", "已延长至 @9"]],
    [{ phase: "closed", is_extended: true }, ["会议已结束"]],
  ] as const)("%j", (some, expected) => expect(state(some)).toEqual(expected));
  test("over time is told in minutes", () => expect(state({ ends: 0 }, 185_000)).toEqual(["会议进行中", "超时 3 分钟"]));
  test("what concerns oneself", () => {
    expect(aboutMe(shown({ broadcast: "site:b0", on_screen: "site:b0", floor: { holders: ["site:b0"], hands: [] } }), "site:b0")).toEqual(["broadcast", "floor"]);
    expect(aboutMe(shown({ on_screen: "site:b0" }), "site:b0")).toEqual(["on_screen"]);
    // Main venue and chair are on the screen when nobody else is.
    expect(aboutMe(shown(), "site:main")).toEqual([]);
    for (const key of ["broadcast", "on_screen", "floor"]) words({ key: `hall.about.${key}` });
  });
  test("every key has its words", () => {
    for (const act of Object.keys(HALL_KEYS)) {
      words({ key: `hall.short.${act}` });
      words({ key: `hall.key.${act}` });
    }
  });
});

describe("the queue of raised hands", () => {
  const floor = { holders: ["site:x"], hands: ["a", "b", "c"].map((venue) => ({ venue, since: 0 })) };
  test("one's place, counted from one", () => {
    expect(queuePlace(floor, "a")).toEqual({ has: false, place: 1, of: 3 });
    expect(queuePlace(floor, "c")).toEqual({ has: false, place: 3, of: 3 });
    expect(queuePlace(floor, "site:x")).toEqual({ has: true, place: null, of: 3 });
  });
});

test("the server's sentence names venues as people do", () => {
  const titles = new Map([["site:01k", "德令哈"], ["person:a-1", "王"]]);
  expect(named("“site:01k”未在会场 / `site:01k` is not in", titles)).toBe("“德令哈”未在会场 / `德令哈` is not in");
  expect(named("person:a-1, guest:zz", titles)).toBe("王, guest:zz");
});

test("the room's metadata is the meeting's state, or none", () => {
  expect(shownIn(JSON.stringify(shown()))?.title).toBe("防汛调度会");
  for (const none of ["", "{}", "null", "[1]", "x"]) expect(shownIn(none)).toBeNull();
});

test("seats are in the order of the list, strays behind, with what the server says of them", () => {
  const tile = (identity: string, attributes: Record<string, string>) => ({ identity, name: identity, me: false, source: "camera", track: null, publication: null, attributes }) as unknown as Tile;
  const seats = seatsOf({ tiles: [tile("stray", {}), tile("b", { "yz.position": "10", "yz.locked": "1" }), tile("a", { "yz.position": "2", "yz.roll": "1", "yz.headcount": "12", "yz.locked": "" })], screens: [] });
  expect(seats.map(({ identity }) => identity)).toEqual(["a", "b", "stray"]);
  expect(seats[0]).toMatchObject({ answered: true, headcount: 12, isLocked: false, hasCamera: false });
  expect(seats[1]).toMatchObject({ isLocked: true, headcount: null });
});

describe("the line in words", () => {
  const row = (kind: "audio" | "video", bitrateBps: number, lossPercent: number, layer: string | null = null) => ({ stream: { direction: "in", kind, bytes: 1, layer }, bitrateBps, lossPercent }) as unknown as Row;
  const state = (rows: Row[], paused = false) => lineState({ rows, lines: [] }, { paused, isLarge: true });
  test("as the county clerk reads it", () => {
    const weak = state([row("video", 600_000, 4, "low"), row("audio", 40_000, 3)]);
    expect(weak && words(lineSaid(weak, (bps) => `${bps / 1000} kb/s`))).toBe("本会场线路 640 kb/s，丢包 4 %：画面已调小，声音正常");
    expect(weak && isWorthTelling(weak, "good")).toBe(true);
  });
  test("a line by which nothing comes is told, one by which nothing should come is not", () => {
    const silent = state([row("video", 0, 0, "high"), row("audio", 0, 0)]);
    expect(silent && [isDead(silent, true), isDead(silent, false)]).toEqual([true, false]);
    const heard = state([row("video", 0, 0, "high"), row("audio", 30_000, 0)]);
    expect(heard && isDead(heard, true)).toBe(false);
  });
  test("a fine line is not told, a paused picture is", () => {
    const fine = state([row("video", 1_500_000, 0, "high"), row("audio", 40_000, 0)]);
    expect(fine && isWorthTelling(fine, "excellent")).toBe(false);
    const paused = state([row("audio", 40_000, 1)], true);
    expect(paused && isWorthTelling(paused, "poor")).toBe(true);
    expect(state([])).toBeNull();
  });
  test("every state has its words", () => {
    for (const picture of ["whole", "smaller", "paused"] as const) for (const sound of ["clear", "broken"] as const) words(lineSaid({ rateBps: 1, lossPercent: 1, picture, sound } satisfies LineState, String));
  });
});

describe("at the door", () => {
  const joined = (state: Joined["state"]) => ({ state }) as Joined;
  test("an open door was prepared: nothing is asked again", async () => {
    expect(await untilOpen(() => Promise.reject(new Error("asked")), joined("open"), new AbortController().signal, () => undefined)).toMatchObject({ state: "open" });
  });
  test("who waits knocks until it opens, also over a line that breaks meanwhile", async () => {
    const answers = [joined("waiting"), new ApiProblem({ status: 0, code: "unreachable", detail: "", instance: "" }), joined("waiting"), joined("open")];
    let waited = 0;
    const knock = () => {
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as Joined);
    };
    await untilOpen(knock, undefined, new AbortController().signal, () => (waited += 1), 1);
    expect([answers.length, waited]).toEqual([0, 3]);
  });
  test("a refusal ends the wait, and so does turning back", async () => {
    const over = new ApiProblem({ status: 409, code: "meeting_over", detail: "", instance: "" });
    let asked = 0;
    const knock = () => ((asked += 1) > 1 ? Promise.reject(over) : Promise.resolve(joined("waiting")));
    await expect(untilOpen(knock, undefined, new AbortController().signal, () => undefined, 1)).rejects.toBe(over);
    const back = new AbortController();
    await expect(untilOpen(() => Promise.resolve(joined("waiting")), undefined, back.signal, () => back.abort(new Error("back")), 10_000)).rejects.toThrow("back");
  });
});

describe("finding a venue", () => {
  const venue = (title: string, is: "in" | "away" | "absent" | "waiting", isExpected = true) => ({ title, presence: { is, since: 0 }, is_expected: isExpected }) as unknown as Venue;
  const all = [venue("德令哈市 一号会场", "in"), venue("格尔木市", "away"), venue("都兰县", "absent"), venue("Guest", "waiting", false)];
  test("by parts of its name", () => {
    expect(found(all, "会场 德令", "all").map(({ title }) => title)).toEqual(["德令哈市 一号会场"]);
    expect(found(all, "guest", "all")).toHaveLength(1);
    expect(found(all, "德令", "missing")).toEqual([]);
  });
  test("who is away is here; who was not expected is not missing", () => expect(counts(all)).toEqual({ all: 4, here: 2, missing: 1 }));
});

test("keys of the venue", () => {
  expect(actOfKey(HALL_KEYS, { key: "h" }, "page")).toBe("hand");
  expect(actOfKey(HALL_KEYS, { key: "?", shiftKey: true }, "page")).toBe("help");
  expect(actOfKey(HALL_KEYS, { key: "h" }, "text")).toBeNull();
});
