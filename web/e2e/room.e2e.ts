import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {} from "../src/pages/room/session"; // window.yizhanRoom
import { expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, MEDIA_FLAGS, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const SECOND = { name: `second-${Date.now()}`, display_name: "乙会场", password: "three unrelated words" };

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A second person, as one identity can be in a room once. */
async function makeSecond(page: Page): Promise<void> {
  const status = await page.evaluate(async (second) => {
    const units = (await (await fetch("/api/v1/units")).json()) as { items: { id: string }[] };
    const made = await fetch("/api/v1/people", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...second, unit: units.items[0]?.id }) });
    return made.status;
  }, SECOND);
  expect(status).toBe(201);
}

const tile = (page: Page, whose: "me" | "other", source = "camera") => page.locator(`[data-tile][data-source=${source}]${whose === "me" ? "[data-me]" : ":not([data-me])"}`);

/** Until the other's picture moves: its count of shown frames grows. */
async function expectGrowingFrames(page: Page, whose: "me" | "other" = "other"): Promise<void> {
  const video = tile(page, whose).locator("video").first();
  await video.waitFor({ timeout: 30_000 });
  const frames = () => video.evaluate((element) => (element as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await expect.poll(frames, { timeout: 30_000, interval: 250 }).toBeGreaterThan(before + 10);
}

async function enter(page: Page): Promise<void> {
  await press(page.locator("[data-enter=camera]"));
  await page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
}

/** Two browsers in a room of their own. */
async function two(query = ""): Promise<{ one: Visit; other: Visit; close: () => Promise<void> }> {
  const path = `/rooms/e2e-${Date.now()}${query}`;
  const one = await visit({ flags: MEDIA_FLAGS });
  const other = await visit({ flags: MEDIA_FLAGS });
  await signIn(one.page, site, path);
  await enter(one.page);
  await signIn(other.page, { ...site, ...SECOND }, path);
  await enter(other.page);
  return { one, other, close: async () => void (await Promise.all([one.close(), other.close()])) };
}

test("the list of rooms and the check before are sound", async () => {
  for (const size of [undefined, PHONE]) {
    const { page, faults, close } = await visit({ flags: MEDIA_FLAGS, ...(size && { size }) });
    await signIn(page, site, "/rooms");
    await settled(page);
    const look = async (name: string) => {
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await expectTargets(page);
      await picture(page, `${name}-${size ? "phone" : "desk"}-zh`, folder, true);
    };
    await look("rooms");
    await page.getByLabel("会议室名称").fill("例会/一 #2");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "进入“例会/一 #2”" }).waitFor();
    await page.locator("main video").waitFor();
    await expect.poll(() => page.locator("main meter").evaluate((meter) => (meter as HTMLMeterElement).value), { timeout: 10_000 }).toBeGreaterThan(0);
    await look("room-before");
    expectNoFaults(faults);
    await close();
  }
});

test("an invitation that has expired is said so, without signing in", async () => {
  const { page, faults, close } = await visit();
  const claims = Buffer.from(JSON.stringify({ sub: "guest", exp: 1 })).toString("base64url");
  await page.goto(`${site.url}/rooms/any#token=x.${claims}.y`);
  expect(await page.getByRole("alert").textContent()).toContain("邀请已过期");
  expectNoFaults(faults);
  await close();
});

// The stand-in does not speak the rooms' protocol.
describe.skipIf(!process.env.YIZHAN_URL)("with a server", () => {
  beforeAll(async () => {
    const { page, close } = await visit();
    await signIn(page, site, "/rooms");
    await makeSecond(page);
    await close();
  });

  test.each([
    ["one peer connection", ""],
    ["two peer connections", "?v=0"],
  ])("two people see each other move over %s", async (_, query) => {
    const { one, other, close } = await two(query);
    await Promise.all([expectGrowingFrames(one.page), expectGrowingFrames(other.page)]);
    expect(await tile(other.page, "other").count()).toBe(1);
    expectNoFaults([...one.faults, ...other.faults]);
    await close();
  });

  test("mute shows, a message arrives, the numbers are there, and leaving is seen", async () => {
    const { one, other, close } = await two();
    await expectGrowingFrames(other.page);

    await expect.poll(() => tile(other.page, "other").getAttribute("data-muted")).toBeNull();
    await one.page.keyboard.press("m");
    await tile(other.page, "other").and(other.page.locator("[data-muted]")).waitFor();
    await one.page.keyboard.press("v");
    await expect.poll(() => tile(other.page, "other").locator("video").count()).toBe(0);
    await one.page.keyboard.press("v");
    await expectGrowingFrames(other.page);

    await one.page.keyboard.press("c");
    await one.page.getByPlaceholder("写一条消息").fill("听得到吗？");
    await one.page.keyboard.press("Enter");
    await press(other.page.locator("[data-act=chat]"));
    await other.page.locator("[data-message]", { hasText: "听得到吗？" }).waitFor();
    await one.page.evaluate(() => window.yizhanRoom?.localParticipant.publishData(new TextEncoder().encode("raw"), { reliable: true, topic: "probe" }));
    await other.page.locator("[data-message]", { hasText: "[probe]" }).waitFor();

    await press(other.page.locator("[data-act=statistics]"));
    await expect.poll(() => other.page.locator("[data-statistics] tr[data-direction=in][data-kind=video]").first().textContent(), { timeout: 15_000 }).toMatch(/\d+×\d+ · \d+ fps.*\d [km]b\/s/i);
    expect(await other.page.locator("[data-protocol]").first().getAttribute("data-protocol")).toBe("UDP");
    expect(await other.page.locator("[data-srtp]").first().getAttribute("data-srtp")).toMatch(/AES/);
    await expectAccessible(other.page);
    await picture(other.page, "room-statistics-desk-zh", folder);
    await other.page.locator("[data-statistics] button").first().click();
    await picture(other.page, "room-desk-zh", folder);

    await one.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await one.page.keyboard.press("Shift+Q");
    await one.page.getByText("您已离开会议室").waitFor();
    await expect.poll(() => tile(other.page, "other").count()).toBe(0);
    expectNoFaults([...one.faults, ...other.faults]);
    await close();
  });

  test("a layer is chosen for one tile, and turned off", async () => {
    const { one, other, close } = await two();
    await expectGrowingFrames(other.page);
    const height = () => tile(other.page, "other").locator("video").evaluate((video) => (video as HTMLVideoElement).videoHeight);
    const choose = async (choice: string) => {
      await press(tile(other.page, "other").locator("[data-layer]"));
      await press(other.page.locator(`[data-choice=${choice}]`));
    };
    await choose("low");
    await expect.poll(height, { timeout: 20_000 }).toBeLessThanOrEqual(200);
    await choose("high");
    await expect.poll(height, { timeout: 60_000 }).toBeGreaterThan(500);
    await choose("off");
    await other.page.getByText("您关掉了这个画面").waitFor();
    await choose("auto");
    await expectGrowingFrames(other.page);
    expectNoFaults([...one.faults, ...other.faults]);
    await close();
  });

  test("a signalling line that breaks comes back by itself", async () => {
    const { other, close } = await two();
    await expectGrowingFrames(other.page);
    await other.page.evaluate(() => void window.yizhanRoom?.simulateScenario("signal-reconnect"));
    await other.page.locator("[data-line=lost]").waitFor();
    await other.page.locator("[data-state=connected]").waitFor({ timeout: 20_000 });
    await expectGrowingFrames(other.page);
    await close();
  });

  test("a venue computer watches without devices, and over TCP alone", async () => {
    const { other, close } = await two("?tcp=1");
    await expectGrowingFrames(other.page);
    await press(other.page.locator("[data-act=statistics]"));
    await expect.poll(() => other.page.locator("[data-protocol]").first().getAttribute("data-protocol"), { timeout: 15_000 }).toBe("TCP");
    await close();

    const venue = await visit();
    await signIn(venue.page, site, `/rooms/e2e-venue-${Date.now()}?auto=view`);
    await venue.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
    expect(await venue.page.evaluate(() => window.yizhanRoom?.localParticipant.trackPublications.size)).toBe(0);
    expectNoFaults(venue.faults);
    await venue.close();
  });
});
