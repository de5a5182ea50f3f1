import { join } from "node:path";
import { tmpdir } from "node:os";
import type {} from "../src/pages/room/session"; // window.yizhanRoom
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, MEDIA_FLAGS, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const STAMP = Date.now().toString(36);
const TITLE = `全省防汛工作视频会议 ${STAMP}`;
/** So long nothing comes from a camera, which is less than the five seconds after which Chromium takes it for switched off. */
const STILL_MS = 2_500;
/** So often, which is long enough for a few looks at the lines (every five seconds), and for half of it to be told where the minute ends meanwhile. */
const STILLS = 5;

async function api<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers: { "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: answer.status, text: await answer.text() };
    },
    [method, path, body] as const,
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** The camera of a page sends nothing for a while: its picture stands still wherever it is seen. */
const standsStill = (page: Page) =>
  page.evaluate(async (ms) => {
    const track = window.yizhanRoom?.localParticipant.getTrackPublication("camera" as never)?.videoTrack;
    const sender = track?.sender;
    if (!track || !sender) throw new Error("there is no camera");
    const camera = sender.track;
    await sender.replaceTrack(null);
    await new Promise((done) => setTimeout(done, ms));
    await sender.replaceTrack(camera);
  }, STILL_MS);

/** The first bytes of a file, its type and its name. */
const file = (page: Page, path: string) =>
  page.evaluate(async (path) => {
    const answer = await fetch(path);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, type: answer.headers.get("content-type"), name: decodeURIComponent(answer.headers.get("content-disposition") ?? ""), begin: String.fromCharCode(...bytes.slice(0, 4)), length: bytes.length };
  }, path);

describe.skipIf(!process.env.YIZHAN_URL)("after a meeting", () => {
  let site: Site;
  let clerk: Visit;
  let meeting = "";
  const venues: Visit[] = [];

  /** A region with a venue, and whom to phone there. */
  const place = async (id: string, title: string, level: string) => {
    await api(clerk.page, "POST", "/units", { id: `${id}-${STAMP}`, parent: "root", title: `${title} ${STAMP}`, kind: "region", level });
    await api(clerk.page, "POST", "/sites", { id: `${id}-${STAMP}`, unit: `${id}-${STAMP}`, title: `${title}会议室`, capacity_kbps: 20_000, contact_name: "李四", contact_phone: "0977-822 1234" });
    return `site:${id}-${STAMP}`;
  };
  const does = (command: unknown) => api(clerk.page, "POST", `/meetings/${meeting}/commands`, command);

  beforeAll(async () => {
    site = await openSite();
    clerk = await visit();
    await signIn(clerk.page, site, "/meetings");
    await settled(clerk.page);
    const main = await place("main", "省主会场", "省");
    const county = await place("county", "天峻县", "县");
    const booked = await api<{ items: { id: string }[] }>(clerk.page, "POST", "/meetings", {
      unit: "root",
      title: TITLE,
      mode: "discussion",
      starts: Date.now() + 1_000,
      ends: Date.now() + 3_600_000,
      main,
      branches: [county],
      agenda: [{ title: "水情通报", speaker: "省水利厅" }, { title: "部署安排" }],
      papers: [{ title: "水情简报第 12 期", point: 0 }],
    });
    meeting = booked.items[0]?.id ?? "";
    await api(clerk.page, "POST", `/meetings/${meeting}/reply`, { venue: county, reply: "accepted", headcount: 12 });
    await does({ act: "open" });
    for (const venue of [main, county]) {
      const came = await visit({ flags: MEDIA_FLAGS });
      venues.push(came);
      await signIn(came.page, site, `/meetings/${meeting}/join?venue=${encodeURIComponent(venue)}&auto=1`);
      await came.page.locator("[data-state=connected]").waitFor({ timeout: 60_000 });
    }
    for (const command of [{ act: "call_roll" }, { act: "mark_roll", venue: county, mark: "late" }, { act: "end_roll" }, { act: "set_agenda", at: 0 }, { act: "give_floor", venue: county }, { act: "start_vote", title: "是否同意部署方案", options: ["同意", "不同意"], is_secret: true }]) await does(command);
    const [hall, branch] = venues;
    if (!hall || !branch) throw new Error("nobody came");
    for (let times = 0; times < STILLS; times++) {
      await hall.page.waitForTimeout(STILL_MS);
      await standsStill(hall.page);
    }
    // Who leaves the page tells the rest.
    await branch.page.goto("about:blank");
    await hall.page.waitForTimeout(1_000);
    for (const command of [{ act: "end_ballot" }, { act: "take_floor", venue: county }, { act: "close" }]) await does(command);
    await Promise.all(venues.splice(0).map((came) => came.close()));
  }, 240_000);
  afterAll(async () => {
    await Promise.all([...venues, clerk].map((came) => came.close()));
    site.close();
  });

  test("who attended is told with times and by what people were counted, and goes onto paper", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings`);
    const card = page.locator(`[data-meeting="${TITLE}"]`);
    await press(card.getByRole("button", { name: "详情" }));
    await press(page.getByRole("link", { name: "会后材料" }));
    await press(page.getByText("出席情况", { exact: true }).first());
    await page.goto(`${site.url}/meetings/${meeting}/after`);
    await settled(page);
    const county = page.locator(`[data-venue="site:county-${STAMP}"]`);
    await expect.poll(() => county.textContent()).toMatch(/迟到.*代答.*12 按回复/);
    await expectAccessible(page);
    await expectTargets(page);
    await picture(page, "after-attendance-desk-zh", folder);
    for (const [kind, begin] of [["pdf", "%PDF"], ["xlsx", "PK\u0003\u0004"]] as const) {
      const got = await file(page, `/api/v1/meetings/${meeting}/attendance.${kind}`);
      expect(got, kind).toMatchObject({ status: 200, begin });
      expect(got.name).toContain(`${TITLE}出席情况.${kind}`);
    }
  });

  test("the minutes are drafted, edited, kept in versions, and downloaded in both forms", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings/${meeting}/after/minutes`);
    await settled(page);
    const paper = page.locator("article");
    for (const said of [`${TITLE}纪要（草稿）`, "水情通报", "天峻县会议室", "是否同意部署方案", "水情简报第 12 期", "议定事项"]) await expect.poll(() => paper.textContent()).toContain(said);
    await picture(page, "after-minutes-draft-desk-zh", folder, true);
    await expectAccessible(page);
    await page.getByText("编辑", { exact: true }).click();
    const text = page.getByRole("textbox", { name: "纪要正文" });
    const draft = await text.inputValue();
    await text.fill(draft.replace("（请填写）", "各县于 18 时前报送巡堤情况。"));
    await page.getByText("有未保存的修改").waitFor();
    await picture(page, "after-minutes-edit-desk-zh", folder);
    await expectAccessible(page);
    await press(page.getByRole("button", { name: "保存", exact: true }));
    await page.getByLabel("历次版本").waitFor();
    await expect.poll(() => page.getByLabel("历次版本").locator("option").count()).toBe(2);
    await expect.poll(() => page.locator("article").textContent()).toContain("各县于 18 时前报送巡堤情况");
    // What the log said is still there.
    await page.getByLabel("历次版本").selectOption("1");
    await expect.poll(() => page.locator("article").textContent()).toContain("（请填写）");
    await page.getByText("这是第 1 版，不是最新").waitFor();
    await page.getByLabel("历次版本").selectOption("2");
    for (const [kind, begin] of [["pdf", "%PDF"], ["docx", "PK\u0003\u0004"]] as const) {
      const got = await file(page, `/api/v1/meetings/${meeting}/minutes.${kind}`);
      expect(got, kind).toMatchObject({ status: 200, begin });
      expect(got.name).toContain(`纪要（草稿）.${kind}`);
    }
    await press(page.getByRole("button", { name: "按记录重新起草" }));
    await press(page.getByRole("dialog").getByRole("button", { name: "按记录重新起草" }));
    await expect.poll(() => page.getByLabel("历次版本").locator("option").count()).toBe(3);
    await picture(page, "after-minutes-versions-desk-zh", folder);
  });

  test("how the lines were is shown per venue", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings/${meeting}/after/quality`);
    await settled(page);
    await page.getByRole("img", { name: /天峻县会议室/ }).waitFor();
    expect(await page.getByRole("img", { name: /会议室/ }).count()).toBe(2);
    const row = page.getByRole("row").filter({ hasText: "天峻县会议室" });
    // Something was sent and something was received.
    expect(await row.textContent()).toMatch(/[1-9]\d* kb\/s[1-9]\d* kb\/s/);
    // The picture of the hall stood still on the county's screen.
    const report = await api<{ venues: { venue: string; frozen_seconds: number }[] }>(page, "GET", `/meetings/${meeting}/quality`);
    const frozen = report.venues.find(({ venue }) => venue === `site:county-${STAMP}`)?.frozen_seconds ?? 0;
    process.stdout.write(`of ${(STILLS * STILL_MS) / 1_000} s that the picture stood still, ${frozen} s are in the report\n`);
    expect(frozen).toBeGreaterThanOrEqual(8);
    await page.getByText(/^会场屏幕上的画面在 .* 卡住过，共 \d+ 秒$/).first().waitFor();
    await expectAccessible(page);
    await picture(page, "after-quality-desk-zh", folder);
    expect(await file(page, `/api/v1/meetings/${meeting}/quality.pdf`)).toMatchObject({ status: 200, begin: "%PDF" });
    expect(await file(page, `/api/v1/meetings/${meeting}/quality.xlsx`)).toMatchObject({ status: 200, begin: "PK\u0003\u0004" });
  });

  test("the savings are reckoned by rates that an operator sets, and go onto paper", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/ops`);
    await settled(page);
    await press(page.getByRole("link", { name: "节约统计" }));
    await settled(page);
    const region = page.locator(`[data-unit="county-${STAMP}"]`);
    await expect.poll(() => region.textContent()).toContain("2,400");
    await picture(page, "after-savings-desk-zh", folder, true);
    await expectAccessible(page);
    await expectTargets(page);
    await press(page.getByRole("button", { name: "修改标准" }));
    await page.getByLabel("县（元/人次）").fill("300");
    await picture(page, "after-savings-rates-desk-zh", folder);
    await expectAccessible(page);
    await press(page.getByRole("button", { name: "保存", exact: true }));
    await expect.poll(() => region.textContent()).toContain("3,600");
    for (const [kind, begin] of [["pdf", "%PDF"], ["xlsx", "PK\u0003\u0004"]] as const) {
      const got = await file(page, `/api/v1/savings.${kind}`);
      expect(got, kind).toMatchObject({ status: 200, begin });
      expect(got.name).toContain(`节约差旅支出统计.${kind}`);
    }
    await api(page, "PUT", "/savings/rates", { yuan: 200 });
  });

  test("on a phone, in English", async () => {
    const phone = await visit({ size: PHONE, language: "en" });
    for (const [name, path] of [["attendance", ""], ["minutes", "/minutes"], ["quality", "/quality"]] as const) {
      await signIn(phone.page, site, `/meetings/${meeting}/after${path}`);
      await settled(phone.page);
      await expectNoSidewaysScroll(phone.page);
      await picture(phone.page, `after-${name}-phone-en`, folder);
    }
    await phone.page.goto(`${site.url}/ops/savings`);
    await settled(phone.page);
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, "after-savings-phone-en", folder, true);
    expectNoFaults(phone.faults);
    expectNoFaults(clerk.faults);
    await phone.close();
  });
});
