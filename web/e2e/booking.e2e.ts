import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DESK, expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const STAMP = Date.now().toString(36);
const TITLE = `全省防汛工作视频会议 ${STAMP}`;

describe.skipIf(!process.env.YIZHAN_URL)("booking", () => {
  let site: Site;
  let clerk: Visit;

  const post = async (path: string, body: unknown): Promise<{ id: string }> =>
    clerk.page.evaluate(
      async ([path, body]) => {
        const answer = await fetch(`/api/v1${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return (await answer.json()) as { id: string };
      },
      [path, body] as const,
    );

  beforeAll(async () => {
    site = await openSite();
    clerk = await visit({ size: DESK });
    await signIn(clerk.page, site, "/meetings");
    await post("/sites", { unit: "root", title: `主会场 ${STAMP}` });
    for (const [title, capacity] of [["甲县", 2_000], ["乙县", 2_000], ["丙县", 100]] as const) await post("/sites", { unit: "root", title: `${title} ${STAMP}`, capacity_kbps: capacity });
  });
  afterAll(async () => {
    await clerk.close();
    site.close();
  });

  test("names the line that is too thin, and books what fits", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings/new`);
    await settled(page);
    await page.locator("input[data-autofocus]").fill(TITLE);
    await page.getByLabel("主会场", { exact: true }).selectOption({ label: `主会场 ${STAMP}` });
    await page.getByPlaceholder("按名称查找会场").fill(STAMP);
    await page.getByLabel(`甲县 ${STAMP}`).check();
    await page.getByLabel(`丙县 ${STAMP}`).check();
    await press(page.getByRole("button", { name: "检查会场和线路" }));
    // 100 kb/s, half of it for media: not even sound fits.
    await page.getByRole("alert").filter({ hasText: `丙县 ${STAMP}` }).first().waitFor();
    await picture(page, "meetings-new-thin-desk-zh", folder);
    await page.getByRole("checkbox", { name: `丙县 ${STAMP}` }).uncheck();
    await page.getByLabel(`乙县 ${STAMP}`).check();
    await press(page.getByRole("button", { name: "检查会场和线路" }));
    await page.getByText("会场和线路都有空").waitFor();
    await expectAccessible(page);
    await picture(page, "meetings-new-desk-zh", folder);
    await press(page.getByRole("button", { name: "预定", exact: true }));
    await page.locator(`[data-meeting="${TITLE}"]`).waitFor();
  });

  test("the list says when and where, and takes replies with a headcount", async () => {
    const { page } = clerk;
    await settled(page);
    const card = page.locator(`[data-meeting="${TITLE}"]`);
    await picture(page, "meetings-desk-zh", folder);
    await expectAccessible(page);
    await expectTargets(page);
    await press(card.getByRole("button", { name: "详情" }));
    const venue = page.locator("[data-venue]").filter({ hasText: `甲县 ${STAMP}` });
    await press(venue.getByRole("button", { name: "回复" }));
    await venue.getByLabel("人数").fill("23");
    await press(venue.getByRole("button", { name: "参加", exact: true }));
    await expect.poll(() => venue.textContent(), { timeout: 10_000 }).toContain("23");
    await picture(page, "meetings-details-desk-zh", folder);
  });

  test("nobody else gets a venue that is booked, and is told who has it", async () => {
    const answer = await clerk.page.evaluate(
      async ([stamp]) => {
        const list = (path: string) => fetch(`/api/v1${path}`).then((got) => got.json() as Promise<{ items: { id: string; title: string; starts: number; ends: number }[] }>);
        const sites = (await list("/sites?limit=1000")).items.filter(({ title }) => title.includes(stamp ?? ""));
        const meeting = (await list(`/meetings?to=${Date.now() + 86_400_000}`)).items.find(({ title }) => title.includes(stamp ?? ""));
        const id = (title: string) => `site:${sites.find((site) => site.title.includes(title))?.id ?? ""}`;
        const body = { unit: "root", title: "另一个会", mode: "discussion", starts: meeting?.starts, ends: meeting?.ends, main: id("甲县") };
        const refused = await fetch("/api/v1/meetings", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
        return { status: refused.status, text: await refused.text() };
      },
      [STAMP] as const,
    );
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(TITLE);
  });

  test("on a phone, in English", async () => {
    const phone = await visit({ size: PHONE, language: "en" });
    await signIn(phone.page, site, "/meetings");
    await phone.page.locator(`[data-meeting="${TITLE}"]`).waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, "meetings-phone-en", folder);
    expectNoFaults(phone.faults);
    await phone.close();
  });

  test("who cancels is asked once, and the chair is free again", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings`);
    const card = page.locator(`[data-meeting="${TITLE}"]`);
    await press(card.getByRole("button", { name: "详情" }));
    await press(page.getByRole("button", { name: "取消会议" }));
    await press(page.getByRole("button", { name: "确认取消，并通知所有会场" }));
    await card.getByText("已取消").waitFor();
    expect(await card.getByRole("link").count()).toBe(0);
    expectNoFaults(clerk.faults, /409/);
  });
});
