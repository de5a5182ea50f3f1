import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, test } from "vitest";

import { DESK, openSite, PHONE, picture, settled, signIn, visit, type Site } from "./browser";

// Pictures of every page, for looking at and for the documentation: `npm run pictures`, with YIZHAN_PICTURES naming the folder.

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const PAGES: [name: string, path: string][] = [
  ["front", "/"],
  ["watch", "/watch/a1"],
  ["live", "/live/cctv1"],
  ["column", "/columns/news"],
  ["password", "/password"],
  ["duty", "/ops"],
  ["channels", "/ops/channels"],
  ["channel", "/ops/channels/cctv1"],
  ["guide", "/ops/guide"],
  ["rules", "/ops/rules"],
  ["jobs", "/ops/jobs"],
  ["columns", "/ops/columns"],
  ["assets", "/ops/assets"],
  ["people", "/ops/people"],
  ["tokens", "/ops/tokens"],
  ["audit", "/ops/audit"],
];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
] as const)("on a %s", (where, size) => {
  test.each(["zh", "en"] as const)("in %s", async (language) => {
    const { page, close } = await visit({ size, language });
    await page.goto(`${site.url}/sign-in`);
    await settled(page);
    await picture(page, `sign-in-${where}-${language}`, folder);
    await signIn(page, site, "/");
    for (const [name, path] of PAGES) {
      await page.goto(site.url + path);
      await settled(page);
      await page.waitForTimeout(name === "watch" || name === "live" ? 2500 : 500);
      await picture(page, `${name}-${where}-${language}`, folder, name !== "live" && name !== "watch");
    }
    await close();
  });
});
