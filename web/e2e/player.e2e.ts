import { afterAll, beforeAll, expect, test } from "vitest";

import { expectNoFaults, expectPlaying, openSite, press, PROGRAMME_MS, settled, signIn, visit, type Site, untilProgramme } from "./browser";

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await untilProgramme(site);
}, PROGRAMME_MS + 10_000);
afterAll(() => site.close());

test("the player obeys the keyboard alone, and remembers where it was", async () => {
  const { page, faults, close } = await visit();
  await page.goto(site.url);
  await settled(page);
  await page.locator("[data-asset]").first().focus();
  await page.keyboard.press("Enter");
  await expectPlaying(page);
  const state = () => page.evaluate(() => ({ at: document.querySelector("video")?.currentTime ?? 0, paused: document.querySelector("video")?.paused, muted: document.querySelector("video")?.muted }));
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Space");
  expect((await state()).paused).toBe(true);
  await page.keyboard.press("m");
  expect((await state()).muted).toBe(true);
  const before = (await state()).at;
  for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowRight");
  await page.waitForFunction((at) => (document.querySelector("video")?.currentTime ?? 0) > at + 20, before, { polling: 250 });
  await page.waitForTimeout(200);
  const left = await page.evaluate(() => localStorage.getItem("yizhan.resume"));
  await page.goto(site.url);
  await settled(page);
  expect(left ?? (await page.evaluate(() => localStorage.getItem("yizhan.resume")))).toBeTruthy();
  await page.locator("[data-asset]").first().click();
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 15, undefined, { timeout: 60_000, polling: 250 });
  expectNoFaults(faults);
  await close();
});

test("live plays, and plays from the start of what is on", async () => {
  const { page, faults, close } = await visit();
  await signIn(page, site, "/live");
  await expectPlaying(page);
  const fromStart = page.getByRole("button", { name: /从头看/ });
  if (site.mock || (await fromStart.count()) > 0) {
    // From the start of what began a moment ago it is live still: no way back is offered.
    if (!site.mock) {
      const age = () =>
        page.evaluate(async () => {
          const { items } = (await (await fetch("/api/v1/channels")).json()) as { items: { now?: { start: number } | null }[] };
          return Date.now() - Math.max(...items.map((channel) => channel.now?.start ?? 0));
        });
      await expect.poll(age, { timeout: 60_000, interval: 500 }).toBeGreaterThan(35_000);
    }
    await press(fromStart);
    await page.waitForURL(/from=\d+/);
    await expectPlaying(page);
    await press(page.getByRole("button", { name: "回到直播" }));
    await page.waitForURL((url) => !url.search.includes("from"));
    await expectPlaying(page);
  }
  expectNoFaults(faults);
  await close();
});
