import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DESK, expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, openSite, PHONE, settled, signIn, visit, type Site } from "./browser";

// Every page, as a careful reader would look at it: no serious fault for axe, nothing wider than the window, nothing too small to press, nothing refused by the policy.

const PAGES = ["/", "/live", "/rooms", "/password", "/ops", "/ops/channels", "/ops/guide", "/ops/rules", "/ops/jobs", "/ops/columns", "/ops/assets", "/ops/people", "/ops/numbers", "/ops/stands", "/ops/tokens", "/ops/audit", "/join", "/nowhere"];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe.each([
  ["a desk", DESK, "zh"],
  ["a phone", PHONE, "zh"],
  ["a desk in English", DESK, "en"],
] as const)("on %s", (_, size, language) => {
  test("every page is sound", { timeout: 300_000 }, async () => {
    const { page, faults, close } = await visit({ size, language });
    await page.goto(`${site.url}/sign-in`);
    await settled(page);
    await expectAccessible(page);
    await signIn(page, site, "/");
    const first = await page.locator("[data-asset]").first().getAttribute("data-asset", { timeout: 5_000 }).catch(() => null);
    const channels = (await (await page.request.get(`${site.url}/api/v1/channels`)).json()) as { items: { id: string }[] };
    const more = [first && `/watch/${first}`, channels.items[0] && `/ops/channels/${channels.items[0].id}`].filter((path) => typeof path === "string");
    for (const path of [...PAGES, ...more]) {
      await page.goto(site.url + path);
      await settled(page);
      await page.waitForTimeout(300);
      try {
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        await expectTargets(page);
        expectNoFaults(faults);
      } catch (error) {
        throw new Error(`${path}: ${String(error instanceof Error ? error.message : error)}`, { cause: error });
      }
    }
    await close();
  });
});

test("from right to left the pages turn round and still fit", async () => {
  const { page, faults, close } = await visit();
  await signIn(page, site, "/");
  for (const path of ["/", "/ops", "/ops/people"]) {
    await page.goto(site.url + path);
    await settled(page);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await expectNoSidewaysScroll(page);
    const brand = await page.locator("header a[href='/']").first().boundingBox();
    expect(brand?.x ?? 0).toBeGreaterThan(600);
  }
  expectNoFaults(faults);
  await close();
});
