import { describe, expect, test } from "vitest";

import { guestSecret, typed } from "../src/pages/joining/typed";
import type { Call, StandMeeting, StandView } from "../src/pages/stand/api";
import { declined, decide, entered, isMeant, keyOf, type Memory, nextOf, NOTHING, recall, remember } from "../src/pages/stand/rules";

const ORIGIN = "https://meeting.local:8443";

describe("what somebody types who wants to join", () => {
  test.each([
    ["613 001", { kind: "number", number: "613 001" }],
    [" ６１３-００１ ", { kind: "number", number: "６１３-００１" }],
    ["", { kind: "nothing" }],
    [`${ORIGIN}/meetings/01j/join?venue=site%3Aa`, { kind: "path", path: "/meetings/01j/join?venue=site%3Aa" }],
    [`${ORIGIN}/guest#${"a".repeat(32)}`, { kind: "path", path: `/guest#${"a".repeat(32)}` }],
    ["/rooms/例会#token=x", { kind: "path", path: "/rooms/%E4%BE%8B%E4%BC%9A#token=x" }],
    // Another name of the same server: the path counts, never the host.
    ["https://evil.example/meetings/01j/join", { kind: "path", path: "/meetings/01j/join" }],
    ["https://evil.example/sign-in?next=//evil", { kind: "bad_link" }],
    ["javascript:alert(1)//meetings/1/join", { kind: "bad_link" }],
    ["http://", { kind: "bad_link" }],
  ])("%s", (text, expected) => expect(typed(text, ORIGIN)).toEqual(expected));

  test("a guest's secret is thirty-two hexadecimal figures and nothing else", () => {
    expect(guestSecret(`#${"0a".repeat(16)}`)).toBe("0a".repeat(16));
    for (const wrong of ["", "#", "#0a", `#${"g".repeat(32)}`, `#${"0a".repeat(17)}`]) expect(guestSecret(wrong)).toBeNull();
  });
});

const meeting = (more: Partial<StandMeeting> = {}): StandMeeting => ({ id: "m", title: "例会", number: null, starts: 1_000, ends: 2_000, state: "booked", chair_name: "", main_title: "", phase: null, presence: null, ...more });
const call = (more: Partial<Call> = {}): Call => ({ meeting: "m", title: "例会", why: "chair", since: 1_500, ...more });
const view = (answers: StandView["answers"], calls: Call[], meetings = [meeting({ phase: "gathering", presence: { is: "absent" }, state: "open" })]) => ({ answers, calls, meetings });
const opened = call({ why: "opened" });

describe("when a venue's computer rings and when it answers", () => {
  test.each([
    ["by_hand", "chair", false],
    ["by_hand", "opened", false],
    ["when_called", "chair", true],
    ["when_called", "opened", false],
    ["at_start", "chair", true],
    ["at_start", "opened", true],
  ] as const)("%s, %s: answers %s", (answers, why, expected) => {
    expect(decide(view(answers, [call({ why })]), NOTHING)).toMatchObject({ kind: "ring", answers: expected });
  });

  test("nothing rings without a call, but who answers at the start makes up for having been off", () => {
    expect(decide(view("when_called", []), NOTHING)).toEqual({ kind: "stand" });
    expect(decide(view("at_start", []), NOTHING)).toMatchObject({ kind: "ring", answers: true });
    expect(decide(view("at_start", [], [meeting({ phase: "called", presence: { is: "absent" } })]), NOTHING)).toEqual({ kind: "stand" });
  });

  test("a call that was declined rings no more, and another does", () => {
    for (const answers of ["by_hand", "when_called", "at_start"] as const) {
      const memory = declined(NOTHING, "m", [call(), opened]);
      expect(decide(view(answers, [call(), opened]), memory)).toEqual({ kind: "stand" });
      expect(decide(view(answers, []), memory)).toEqual({ kind: "stand" });
      expect(decide(view(answers, [call({ since: 9_000 })]), memory)).toMatchObject({ kind: "ring" });
    }
  });

  test("the chair goes before a meeting that only has opened", () => {
    expect(decide(view("by_hand", [opened, call({ meeting: "n" })]), NOTHING)).toMatchObject({ key: keyOf(call({ meeting: "n" })) });
  });

  test("it goes back where it was, until it left by will, was sent out, or the meeting is over", () => {
    const inside = entered(NOTHING, "m", [call()]);
    expect(decide(view("by_hand", []), inside)).toMatchObject({ kind: "return", meeting: { id: "m" } });
    expect(decide(view("by_hand", [], [meeting({ presence: { is: "removed" } })]), inside)).toEqual({ kind: "stand" });
    expect(decide(view("by_hand", [], []), inside)).toEqual({ kind: "stand" });
    expect(decide(view("by_hand", []), declined(inside, "m", []))).toEqual({ kind: "stand" });
    expect([null, "room_removed", "room_closed", "room_elsewhere"].every(isMeant)).toBe(true);
    expect(["room_lost", "room_server_stopping", "room_no_media", "unreachable"].some(isMeant)).toBe(false);
  });

  test("what it remembers outlives a restart, is bounded, and is none where it was damaged", () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    let memory: Memory = NOTHING;
    for (let at = 0; at < 500; at += 1) memory = entered(memory, `m${at}`, [call({ meeting: `m${at}`, since: at })]);
    expect(memory.handled.length).toBe(50);
    remember(storage, memory);
    expect(recall(storage)).toEqual(memory);
    for (const damaged of ["", "{", "7", '{"meeting":3,"handled":[1]}']) {
      kept.set("yizhan.stand", damaged);
      expect(recall(storage)).toEqual(NOTHING);
    }
  });

  test("what is on comes before what comes next", () => {
    expect(nextOf([meeting({ id: "a" }), meeting({ id: "b", phase: "in_session" })])?.id).toBe("b");
    expect(nextOf([meeting({ id: "a" }), meeting({ id: "b" })])?.id).toBe("a");
    expect(nextOf([])).toBeNull();
  });
});
