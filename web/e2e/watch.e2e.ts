import { afterAll, beforeAll, expect, test } from "vitest";

import { expectNoFaults, expectPlaying, openSite, PHONE, PROGRAMME_MS, settled, visit, type Site, untilProgramme } from "./browser";

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await untilProgramme(site);
}, PROGRAMME_MS + 10_000);
afterAll(() => site.close());

test("the front page shows a programme, and a press plays it", async () => {
  const { page, faults, close } = await visit();
  await page.goto(site.url);
  await settled(page);
  const card = page.locator("[data-asset]").first();
  await card.waitFor();
  await card.click();
  await expectPlaying(page);
  expectNoFaults(faults);
  await close();
});

test("the first visit loads at most 300 kB of page", async () => {
  const { page, close } = await visit();
  let bytes = 0;
  page.on("requestfinished", async (request) => {
    const type = request.resourceType();
    if (type === "document" || type === "script" || type === "stylesheet") bytes += (await request.sizes()).responseBodySize;
  });
  await page.goto(site.url);
  await settled(page);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  // The stand-in does not compress; there the budget is test/first_load.size.ts.
  if (!site.mock) expect(bytes).toBeLessThan(300_000);
  expect(bytes).toBeGreaterThan(0);
  await close();
});

test("on a phone the news plays too, and the page does not scroll sideways", async () => {
  const { page, faults, close } = await visit({ size: PHONE });
  await page.goto(site.url);
  await settled(page);
  await page.locator("[data-asset]").first().tap();
  await expectPlaying(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expectNoFaults(faults);
  await close();
});
