import type { Asset, Channel, Column, Entry, Grant, Job, Me, Person, Programme, Rule, Slot, Status, Tape, Token, Unit } from "../../src/api/model";

// A plausible morning at a prefecture's centre, seen from `now`.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface World {
  me: Me;
  assets: Asset[];
  channels: Channel[];
  columns: Column[];
  jobs: Job[];
  rules: Rule[];
  slots: Record<string, Slot[]>;
  units: Unit[];
  people: Person[];
  grants: Grant[];
  tokens: Token[];
  audit: Entry[];
}

export const ANONYMOUS: Me = { person: null, network: "机关办公网", roles: [], may: { operate: false, edit: false, administer: false, audit: false }, highest_rung: null };
export const ADMINISTRATOR: Me = {
  person: { id: "p1", name: "admin", display_name: "王建国", email: null },
  network: null,
  roles: [{ role: "administrator", unit: "root", unit_title: "全市" }],
  may: { operate: true, edit: true, administer: true, audit: true },
  highest_rung: "1080p",
};

/** Beginning of the day in Shanghai, which has no summer time. */
export function shanghaiMidnight(ms: number): number {
  return Math.floor((ms + 8 * HOUR) / DAY) * DAY - 8 * HOUR;
}

const ON_AIR: [string, number][] = [
  ["朝闻天下", 90],
  ["生活圈", 60],
  ["今日说法", 35],
  ["电视剧：山乡巨变", 95],
  ["新闻直播间", 60],
  ["田间课堂", 30],
  ["焦点访谈", 20],
  ["新闻联播", 30],
  ["天气预报", 10],
];

/** Programmes back to back over a span of time, the same at every call. */
export function programmes(channel: string, from: number, to: number, now: number): Programme[] {
  const items: Programme[] = [];
  let at = shanghaiMidnight(from);
  for (let n = 0; at < to; n += 1) {
    const [title, minutes] = ON_AIR[n % ON_AIR.length] ?? ["", 30];
    const midnight = shanghaiMidnight(at) + DAY;
    const end = Math.min(at + minutes * MINUTE, midnight);
    if (end === midnight) n = -1;
    if (end > from) items.push({ channel, event: `${channel}-${at}`, title, subtitle: "", description: "", scrambled: false, start: at, end, source: channel === "county" ? "timetable" : "eit", running: at <= now && now < end });
    at = end;
  }
  return items;
}

export function tape(now: number): Tape {
  const from = now - 71 * HOUR - 13 * MINUTE;
  const gap = (hoursAgo: number, minutes: number, reason: string) => ({ from: now - hoursAgo * HOUR, to: now - hoursAgo * HOUR + minutes * MINUTE, reason });
  return {
    from,
    to: now - 1500,
    bytes: 268_435_456_000,
    gaps: [gap(50, 42, "没有信号"), gap(21.5, 3, "没有信号"), gap(1.6, 6, "没有信号")],
    errors: [
      { at: now - 30 * HOUR, continuity: 14, transport: 2 },
      { at: now - 9 * HOUR, continuity: 3, transport: 0 },
    ],
    hours_kept: 72,
  };
}

export function status(now: number, { channels, jobs }: World): Status {
  const count = (state: string) => channels.filter(({ signal }) => signal.state === state).length;
  const inState = (state: string) => jobs.filter((job) => job.state === state).length;
  return {
    version: "0.1.0",
    started: now - 5 * DAY - 3 * HOUR,
    now,
    time_zone: "Asia/Shanghai",
    disk: { total: 4_000_000_000_000, free: 900_000_000_000, reserve: 2_147_483_648, tapes_bytes: 1_900_000_000_000, assets_bytes: 1_050_000_000_000, full_in_hours: 210 },
    channels: { ok: count("ok"), starting: count("starting"), missing: count("missing"), error: count("error"), off: count("off") },
    jobs: { queued: inState("queued"), running: inState("running"), failed: inState("failed") },
    warnings: [{ what: "规则 rule 乡村振兴大讲堂", detail: "这一周的节目单里没有符合的节目 / nothing in the guide fits this week", at: now - 40 * MINUTE }],
  };
}

export function world(now: number): World {
  const today = shanghaiMidnight(now);
  const evening = today - DAY + 19 * HOUR;
  const channelOf = (id: string, title: string, address: string, more: Partial<Channel["signal"]> = {}): Channel => {
    const list = programmes(id, now - HOUR * 3, now + HOUR * 5, now);
    const index = list.findIndex(({ running }) => running);
    return {
      id,
      title,
      source: { kind: "udp", address, interface: "eth1" },
      service: 101,
      charset: null,
      keep_hours: 72,
      keep_bytes: null,
      enabled: true,
      audience: "public",
      unit: "root",
      signal: {
        state: "ok",
        since: now - 5 * DAY,
        message: null,
        bitrate_bps: 7_840_000,
        continuity_errors: 0,
        transport_errors: 0,
        lost_packets: 0,
        scrambled: false,
        video: "h264",
        audio: "mp2",
        width: 1920,
        height: 1080,
        browser_playable: false,
        why_not: "隔行扫描，需要转换",
        ...more,
      },
      now: list[index] ?? null,
      next: list[index + 1] ?? null,
      live_url: `/media/live/${id}/master.m3u8`,
    };
  };
  const columns: Column[] = [
    { id: "news", title: "要闻", audience: "public", unit: "root", position: 1, on_front: true },
    { id: "training", title: "干部培训", audience: "signed_in", unit: "root", position: 2, on_front: true },
    { id: "farming", title: "农技推广", audience: "public", unit: "agri", position: 3, on_front: true },
    { id: "internal", title: "内部资料", audience: "network:机关办公网", unit: "root", position: 4, on_front: false },
  ];
  const asset = (n: number, title: string, column: string, channel: [string, string], start: number, minutes: number, more: Partial<Asset> = {}): Asset => ({
    id: `a${n}`,
    title,
    description: "",
    column,
    channel: channel[0],
    channel_title: channel[1],
    start,
    end: start + minutes * MINUTE,
    from: start - 30_000,
    to: start + minutes * MINUTE + 30_000,
    duration_ms: minutes * MINUTE - 2_000,
    state: "ready",
    progress: null,
    error: null,
    playable: true,
    master_url: `/media/assets/a${n}/master.m3u8`,
    poster_url: `/media/vod/poster-${(n - 1) % 6}.jpg`,
    thumbnails_url: `/media/vod/thumbnails.vtt`,
    renditions: [
      { name: "480p", width: 854, height: 480, bitrate_bps: 800_000, codecs: "avc1.64001f", average_bps: 0, frame_rate_milli: 25_000 },
      { name: "270p", width: 480, height: 270, bitrate_bps: 300_000, codecs: "avc1.640015", average_bps: 0, frame_rate_milli: 25_000 },
      { name: "audio-48k", width: 0, height: 0, bitrate_bps: 48_000, codecs: "mp4a.40.2", average_bps: 0, frame_rate_milli: 25_000 },
    ],
    gaps: [],
    created: start + (minutes + 3) * MINUTE,
    ...more,
  });
  const one: [string, string] = ["cctv1", "CCTV-1 综合"];
  const two: [string, string] = ["province", "省卫视"];
  const assets = [
    asset(1, "新闻联播", "news", one, evening, 30, { description: "昨晚播出的完整节目。", gaps: [{ from: evening + 9 * MINUTE, to: evening + 10 * MINUTE, reason: "没有信号" }] }),
    asset(2, "本省新闻联播：全省秋粮收购工作有序推进", "news", two, evening - 30 * MINUTE, 25),
    asset(3, "天气预报", "news", one, evening + 30 * MINUTE, 5),
    asset(4, "焦点访谈：把服务送到家门口", "news", one, evening + 38 * MINUTE, 17),
    asset(5, "晚间新闻", "news", one, evening + 3 * HOUR, 30),
    asset(6, "市委全体会议精神解读", "training", two, today - 2 * DAY + 9 * HOUR, 118),
    asset(7, "公文写作规范（第三讲）", "training", two, today - 3 * DAY + 14 * HOUR, 62),
    asset(8, "应急管理培训：山洪灾害防御", "training", two, today - 9 * DAY + 9 * HOUR, 95),
    asset(9, "田间课堂：冬小麦越冬管理", "farming", two, today - DAY + 7 * HOUR, 28),
    asset(10, "朝闻天下", "news", one, today + 6 * HOUR, 90, { state: "transcoding", progress: 0.43, playable: false, poster_url: null, renditions: [], duration_ms: 0 }),
    asset(11, "午间新闻", "news", one, today + 12 * HOUR, 20, { state: "failed", playable: false, poster_url: null, renditions: [], error: "录像在 12:04 到 12:19 没有信号，剩下的不足一半" }),
  ];
  const job = (n: number, kind: string, title: string, state: Job["state"], more: Partial<Job> = {}): Job => ({
    id: `j${n}`,
    kind,
    asset: `a${n}`,
    title,
    state,
    progress: 0,
    eta_seconds: null,
    attempts: 1,
    error: null,
    created: now - n * 7 * MINUTE,
    started: state === "queued" ? null : now - n * 6 * MINUTE,
    finished: state === "running" || state === "queued" ? null : now - n * 5 * MINUTE,
    ...more,
  });
  const rule = (n: number, title: string, more: Partial<Rule> = {}): Rule => ({
    id: `r${n}`,
    title,
    title_match: "contains",
    channel: "cctv1",
    weekdays: [],
    from_time: "18:30",
    to_time: "20:00",
    column: "news",
    pad_before_seconds: 30,
    pad_after_seconds: 60,
    keep_last: null,
    keep_days: 90,
    enabled: true,
    warning: null,
    ...more,
  });
  const unit = (id: string, parent: string | null, kind: Unit["kind"], level: string, title: string, position = 0): Unit => ({ id, parent, kind, level, title, position, created: now - 90 * DAY });
  const person = (n: number, name: string, display: string, at: string, more: Partial<Person> = {}): Person => ({ id: `p${n}`, name, display_name: display, email: null, unit: at, disabled: false, has_password: true, created: now - 60 * DAY, ...more });
  const entry = (sequence: number, minutesAgo: number, who: [string, string] | null, action: string, object: string, after: unknown = null): Entry => ({
    sequence,
    at: now - minutesAgo * MINUTE,
    actor: who ? "person" : "server",
    person: who?.[0] ?? null,
    person_name: who?.[1] ?? null,
    token: null,
    address: who ? "10.12.3.41" : null,
    action,
    object,
    unit: "root",
    before: null,
    after: after as Entry["after"],
  });
  return {
    me: ANONYMOUS,
    columns,
    assets,
    channels: [
      channelOf("cctv1", "CCTV-1 综合", "239.1.1.1:5000"),
      channelOf("province", "省卫视", "239.1.1.7:5000", { continuity_errors: 17, lost_packets: 4, browser_playable: true, why_not: null, video: "h264", audio: "aac_adts", width: 1280, height: 720 }),
      channelOf("county", "县融媒体频道", "239.1.2.9:5000", { state: "missing", since: now - 22 * MINUTE, message: "239.1.2.9:5000 上 22 分钟没有收到数据包", bitrate_bps: 0 }),
    ],
    jobs: [
      job(10, "transcode", "朝闻天下", "running", { progress: 0.43, eta_seconds: 260 }),
      job(12, "transcode", "生活圈", "queued"),
      job(11, "cut", "午间新闻", "failed", { attempts: 3, error: "录像在 12:04 到 12:19 没有信号，剩下的不足一半" }),
      job(5, "transcode", "晚间新闻", "done", { progress: 1 }),
      job(4, "transcode", "焦点访谈：把服务送到家门口", "done", { progress: 1 }),
    ],
    rules: [
      rule(1, "新闻联播", { title_match: "exact" }),
      rule(2, "焦点访谈"),
      rule(3, "田间课堂", { channel: null, column: "farming", from_time: null, to_time: null, weekdays: [1, 2, 3, 4, 5], keep_days: null, keep_last: 10 }),
      rule(4, "乡村振兴大讲堂", { column: "farming", enabled: true, warning: "这一周的节目单里没有符合的节目" }),
    ],
    slots: { county: [{ id: "s1", weekdays: [1, 2, 3, 4, 5], start: "19:30", end: "19:50", title: "全县新闻" }] },
    units: [
      unit("root", null, "region", "市", "临江市"),
      unit("office", "root", "body", "市直", "市委办公室", 1),
      unit("agri", "root", "department", "市直", "农业农村局", 2),
      unit("qinghe", "root", "region", "县", "清河县", 3),
      unit("dongcheng", "qinghe", "region", "街道", "东城街道办", 1),
      unit("xishan", "qinghe", "region", "乡镇", "西山镇", 2),
      unit("luping", "root", "region", "县", "芦坪县", 4),
    ],
    people: [person(1, "admin", "王建国", "root"), person(2, "lina", "李娜", "office"), person(3, "zhangwei", "张伟", "agri"), person(4, "chenjing", "陈静", "qinghe"), person(5, "liuyang", "刘洋", "dongcheng", { disabled: true })],
    grants: [
      { id: "g1", person: "p1", role: "administrator", unit: "root", created: now - 60 * DAY },
      { id: "g2", person: "p2", role: "operator", unit: "root", created: now - 50 * DAY },
      { id: "g3", person: "p3", role: "column_editor", unit: "agri", created: now - 50 * DAY },
      { id: "g4", person: "p4", role: "chair", unit: "qinghe", created: now - 20 * DAY },
      { id: "g5", person: "p2", role: "auditor", unit: "root", created: now - 20 * DAY },
    ],
    tokens: [{ id: "t1", person: "p1", name: "办公系统取节目列表", roles: [{ role: "viewer", unit: "root" }], created: now - 12 * DAY, expires: now + 353 * DAY, last_used: now - 4 * MINUTE }],
    audit: [
      entry(412, 3, ["p2", "lina"], "rule.create", "r4", { title: "乡村振兴大讲堂", column: "farming" }),
      entry(411, 26, ["p1", "admin"], "grant.create", "g5", { person: "p2", role: "auditor", unit: "root" }),
      entry(410, 61, null, "job.retry", "a5"),
      entry(409, 15 * 60, ["p2", "lina"], "channel.change", "county", { source: { address: "239.1.2.9:5000" } }),
      entry(408, 26 * 60, ["p1", "admin"], "session.create", "p1"),
    ],
  };
}
