import type { NumberEntry, NumberSegment, NumberUse, Site } from "../../src/api/model";

// A small number plan of the stand-in: to look at, not to change.

const DAY_MS = 86_400_000;

function usage(total: number, given: number, handed_down = 0, reserved = 0, resting = 0, next_back: number | null = null): NumberUse {
  return { total, given, handed_down, reserved, resting, free: total - given - handed_down - reserved - resting, next_back };
}

export function numberSegments(now: number): NumberSegment[] {
  const segment = (id: string, parent: string | null, unit: string, unit_title: string, range: string, use: NumberUse, rest: Partial<NumberSegment> = {}): NumberSegment => ({
    id,
    parent,
    unit,
    unit_title,
    title: "",
    range,
    first: range.replaceAll("x", "0"),
    last: range.replaceAll("x", "9"),
    reserved: [],
    cooling_days: 90,
    foreign: false,
    usage: use,
    created: now - 60 * DAY_MS,
    ...rest,
  });
  return [
    segment("top", null, "root", "临江市", "6xxxxx", usage(100_000, 12, 21_000)),
    segment("qh", "top", "qinghe", "清河县", "61xxxx", usage(10_000, 86, 1100, 10, 2, now + 12 * DAY_MS), { reserved: ["610000-610009"] }),
    segment("dc", "qh", "dongcheng", "东城街道办", "611xxx", usage(1000, 214)),
    segment("mt", "qh", "qinghe", "清河县", "6199xx", usage(100, 100), { title: "会议专用" }),
    segment("lp", "top", "luping", "芦坪县", "62xxxx", usage(10_000, 31), { foreign: true }),
    segment("of", "top", "office", "市委办公室", "601xxx", usage(1000, 408)),
  ];
}

export const SITES: Site[] = ["清河县会议室", "芦坪县会议室"].map((title, at) => ({ id: `s${at}`, unit: at === 0 ? "qinghe" : "luping", title, capacity_kbps: 2000, media_share_percent: 50, highest_rung: null, contact_name: null, contact_phone: null, created: 0 }));

export function numbers(now: number): NumberEntry[] {
  const entry = (number: string, kind: NumberEntry["kind"], id: string, title: string, unit: string, unit_path: string, segment: string, rest: Partial<NumberEntry> = {}): NumberEntry => ({
    number,
    kind,
    id,
    title,
    unit,
    unit_path,
    segment,
    alias_of: null,
    foreign: false,
    until: null,
    given: now - 30 * DAY_MS,
    ...rest,
  });
  return [
    entry("601001", "person", "p2", "李娜", "office", "/市委办公室", "of"),
    entry("610010", "site", "s0", "清河县会议室", "qinghe", "/清河县", "qh"),
    entry("619901", "meeting", "m1", "防汛会商", "qinghe", "/清河县", "mt", { until: now + DAY_MS }),
    entry("620001", "site", "s1", "芦坪县会议室", "luping", "/芦坪县", "lp", { foreign: true }),
    entry("620777", "person", "p4", "陈静", "qinghe", "/清河县", "lp", { alias_of: "610777", until: now + 40 * DAY_MS }),
  ];
}
