import type { Asset, Front, Job } from "../../src/api/model";
import { ADMINISTRATOR, ANONYMOUS, programmes, shanghaiMidnight, status, tape, type World } from "./data.ts";
import { numbers, numberSegments, SITES } from "./numbers.ts";
import { access, liveRooms } from "./rooms.ts";

const DAY = 86_400_000;

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  text: string;
  now: number;
}

export type Answer = { status: number; body?: unknown; type?: string };
type Route = [method: string, path: RegExp, answer: (world: World, asked: Asked, id: string) => Answer];

export const PASSWORD = "mock-password";

const STREAMS = [
  { pid: 257, kind: "h264", language: null },
  { pid: 258, kind: "mp2", language: "chi" },
];

const ok = (body: unknown): Answer => ({ status: 200, body });
const done: Answer = { status: 204 };
const page = (items: unknown[]): Answer => ok({ items, next: null });
const refused = (code: number, word: string, detail: string): Answer => ({
  status: code,
  type: "application/problem+json",
  body: { type: "about:blank", title: word, status: code, code: word, detail, instance: "01kabc0mock0problem0id" },
});
const missing = (what: string, id: string) => refused(404, "not_found", `${what}“${id}”不存在 / ${what} "${id}" does not exist`);

function front({ assets, channels, columns }: World, now: number): Front {
  const day = shanghaiMidnight(now) - DAY;
  return {
    date: new Date(day + 8 * 3_600_000).toISOString().slice(0, 10),
    is_yesterday: true,
    news: assets.filter(({ column, start }) => column === "news" && start !== null && start >= day && start < day + DAY),
    live: channels,
    columns: columns
      .filter(({ id, on_front }) => on_front && id !== "news")
      .map((column) => ({ column, items: assets.filter((asset) => asset.column === column.id && asset.playable) })),
  };
}

/** List, one, make, change and delete of a kind of thing. */
function things<K extends keyof World>(path: string, kind: K, made: (asked: Asked, id: string) => unknown): Route[] {
  type Thing = { id: string };
  const all = (world: World) => world[kind] as unknown as Thing[];
  return [
    ["GET", new RegExp(`^${path}$`), (world) => page(all(world))],
    ["GET", new RegExp(`^${path}/([^/]+)$`), (world, _, id) => (all(world).some((thing) => thing.id === id) ? ok(all(world).find((thing) => thing.id === id)) : missing(path.slice(1), id))],
    [
      "POST",
      new RegExp(`^${path}$`),
      (world, asked) => {
        const thing = made(asked, typeof asked.body.id === "string" ? asked.body.id : `n${asked.now}`) as Thing;
        all(world).push(thing);
        return { status: 201, body: thing };
      },
    ],
    [
      "PATCH",
      new RegExp(`^${path}/([^/]+)$`),
      (world, asked, id) => {
        const thing = all(world).find((found) => found.id === id);
        return thing ? ok(Object.assign(thing, asked.body)) : missing(path.slice(1), id);
      },
    ],
    [
      "DELETE",
      new RegExp(`^${path}/([^/]+)$`),
      (world, _, id) => {
        world[kind] = all(world).filter((thing) => thing.id !== id) as never;
        return done;
      },
    ],
  ];
}

function setJob(world: World, id: string, change: Partial<Job>): Answer {
  const job = world.jobs.find((found) => found.id === id);
  return job ? ok(Object.assign(job, change)) : missing("job", id);
}

export const ROUTES: Route[] = [
  ["GET", /^\/session$/, (world) => ok(world.me)],
  [
    "POST",
    /^\/session$/,
    (world, { body }) => {
      if (body.name === "locked") return refused(429, "locked", "该账号因多次登录失败已锁定,请在 15 分钟后再试 / locked after too many failed sign-ins, try again in 15 min");
      if (body.password !== PASSWORD) return refused(401, "wrong_password", "用户名或密码不正确 / name or password is wrong");
      world.me = ADMINISTRATOR;
      return ok(world.me);
    },
  ],
  ["DELETE", /^\/session$/, (world) => ((world.me = ANONYMOUS), done)],
  ["GET", /^\/notices\/unread$/, () => ok({ count: 0 })],
  ["POST", /^\/session\/password$/, (_, { body }) => (body.old === PASSWORD ? done : refused(401, "wrong_password", "密码不正确 / wrong password"))],
  ["GET", /^\/rooms$/, ({ me }, { now }) => (me.person ? ok(liveRooms(now)) : refused(401, "sign_in_needed", "请先登录 / sign in first"))],
  ["POST", /^\/rooms\/(.+)\/token$/, ({ me }, { now }, id) => (me.person ? ok(access(id, me.person.id, me.person.display_name, now)) : refused(401, "sign_in_needed", "请先登录 / sign in first"))],
  ["GET", /^\/front$/, (world, { now }) => ok(front(world, now))],
  ["GET", /^\/status$/, (world, { now }) => ok(status(now, world))],
  ["GET", /^\/channels\/([^/]+)\/tape$/, (_, { now }) => ok(tape(now))],
  [
    "GET",
    /^\/channels\/([^/]+)\/services$/,
    () =>
      page([
        { service: 101, title: "CCTV-1 综合", scrambled: false, streams: STREAMS },
        { service: 102, title: "CCTV-2 财经", scrambled: false, streams: STREAMS },
        { service: 110, title: "付费频道", scrambled: true, streams: STREAMS },
      ]),
  ],
  ["GET", /^\/channels\/([^/]+)\/guide$/, (_, { query, now }, id) => page(programmes(id, Number(query.get("from")), Number(query.get("to")), now))],
  ["GET", /^\/channels\/([^/]+)\/timetable$/, (world, _, id) => page(world.slots[id] ?? [])],
  ["POST", /^\/channels\/([^/]+)\/timetable$/, (world, { body, now }, id) => ((world.slots[id] ??= []).push({ id: `s${now}`, ...body } as never), { status: 201, body })],
  ["DELETE", /^\/channels\/([^/]+)\/timetable\/[^/]+$/, (world, { path }, id) => ((world.slots[id] = (world.slots[id] ?? []).filter((slot) => !path.endsWith(slot.id))), done)],
  [
    "POST",
    /^\/rules\/preview$/,
    (_, { body, now }) => {
      const title = String(body.title ?? "");
      const items = programmes(String(body.channel ?? "cctv1"), now, now + 7 * DAY, now).filter((programme) => body.title_match === "any" || (title !== "" && programme.title.includes(title)));
      return ok({ items: items.slice(0, 30), warning: items.length === 0 ? "这一周的节目单里没有符合的节目" : null });
    },
  ],
  [
    "GET",
    /^\/assets$/,
    ({ assets }, { query }) => {
      const fits = (asset: Asset) => (["column", "channel", "state"] as const).every((key) => !query.get(key) || asset[key] === query.get(key)) && asset.title.includes(query.get("q") ?? "");
      return page(assets.filter(fits));
    },
  ],
  ["POST", /^\/assets\/([^/]+)\/(cancel|retry)$/, (world, { path }, id) => ok(Object.assign(world.assets.find((asset) => asset.id === id) ?? {}, { state: path.endsWith("retry") ? "queued" : "cancelled", error: null }))],
  ["POST", /^\/jobs\/([^/]+)\/retry$/, (world, _, id) => setJob(world, id, { state: "queued", error: null, progress: 0, finished: null })],
  ["POST", /^\/jobs\/([^/]+)\/cancel$/, (world, _, id) => setJob(world, id, { state: "cancelled", eta_seconds: null })],
  ["GET", /^\/jobs$/, ({ jobs }, { query }) => page(jobs.filter(({ state }) => !query.get("state") || state === query.get("state")))],
  ["GET", /^\/audit$/, ({ audit }, { query }) => page(audit.filter(({ action, person_name: name }) => action.startsWith(query.get("action") ?? "") && (!query.get("person") || name === query.get("person"))))],
  ["GET", /^\/number-segments$/, (_, { now }) => page(numberSegments(now))],
  ["GET", /^\/calls$/, () => page([])],
  ["GET", /^\/sites\/([^/]+)\/stands$/, () => ok({ answers: "when_called", items: [] })],
  ["GET", /^\/numbers$/, (_, { query, now }) => page(numbers(now).filter(({ number, title }) => number.includes(query.get("query") ?? "") || title.includes(query.get("query") ?? "")))],
  ["GET", /^\/sites$/, () => page(SITES)],
  ["GET", /^\/org\/export\/(units|sites|people|number_segments|numbers)\.csv$/, () => ({ status: 200, type: "text/csv; charset=utf-8", body: "id,title\nroot,临江市\n" })],
  ["POST", /^\/org\/import\/(units|sites|people|number_segments|numbers)$/, (_, { text }) => ok({ created: 2, updated: 1, unchanged: 0, applied: false, errors: text.includes("bad") ? [{ line: 3, message: "没有单位“x”" }] : [] })],
  ["POST", /^\/people\/([^/]+)\/password$/, () => done],
  ...things("/channels", "channels", ({ body, now }, id) => ({ ...body, id, now: null, next: null, live_url: `/media/live/${id}/master.m3u8`, signal: { state: "starting", since: now, message: null, bitrate_bps: 0, continuity_errors: 0, transport_errors: 0, lost_packets: 0, scrambled: false, video: null, audio: null, width: 0, height: 0, browser_playable: false, why_not: null } })),
  ...things("/rules", "rules", ({ body }, id) => ({ ...body, id, warning: null })),
  ...things("/columns", "columns", ({ body }, id) => ({ ...body, id })),
  ...things("/assets", "assets", ({ body, now }, id) => ({ description: "", channel_title: "", start: body.from, end: body.to, duration_ms: 0, state: "queued", progress: null, error: null, playable: false, master_url: "", poster_url: null, thumbnails_url: null, renditions: [], gaps: [], created: now, ...body, id })),
  ...things("/jobs", "jobs", ({ body }) => body),
  ...things("/units", "units", ({ body, now }, id) => ({ level: "", position: 0, created: now, ...body, id })),
  ...things("/people", "people", ({ body, now }, id) => ({ disabled: false, has_password: true, created: now, ...body, id })),
  ...things("/grants", "grants", ({ body, now }, id) => ({ ...body, id, created: now })),
  ...things("/tokens", "tokens", ({ body, now }, id) => ({ person: "p1", last_used: null, expires: null, ...body, created: now, id, token: `yz_${id}_0123456789abcdef` })),
];
