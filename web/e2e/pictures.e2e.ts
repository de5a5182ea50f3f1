import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";

import { DESK, openSite, PHONE, picture, settled, signIn, visit, type Site } from "./browser";

// Pictures of every page, for looking at and for the documentation: `npm run pictures`, with YIZHAN_PICTURES naming the folder.

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const PAGES: [name: string, path: (first: First) => string][] = [
  ["front", () => "/"],
  ["watch", ({ asset }) => `/watch/${asset}`],
  ["live", ({ channel }) => `/live/${channel}`],
  ["column", ({ column }) => `/columns/${column}`],
  ["password", () => "/password"],
  ["duty", () => "/ops"],
  ["channels", () => "/ops/channels"],
  ["channel", ({ channel }) => `/ops/channels/${channel}`],
  ["guide", () => "/ops/guide"],
  ["rules", () => "/ops/rules"],
  ["jobs", () => "/ops/jobs"],
  ["columns", () => "/ops/columns"],
  ["assets", () => "/ops/assets"],
  ["people", () => "/ops/people"],
  ["numbers", () => "/ops/numbers"],
  ["tokens", () => "/ops/tokens"],
  ["audit", () => "/ops/audit"],
];

/** Ids of what is shown: the first that the server lists. */
interface First {
  asset: string;
  channel: string;
  column: string;
}

async function first(page: Page): Promise<First> {
  const id = async (path: string) => {
    const list = (await (await page.request.get(`${site.url}/api/v1/${path}`)).json()) as { items: { id: string }[] };
    const item = list.items[0];
    if (!item) throw new Error(`the server has no ${path} to take a picture of`);
    return item.id;
  };
  return { asset: await id("assets?state=ready"), channel: await id("channels"), column: await id("columns") };
}

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
    const shown = await first(page);
    for (const [name, path] of PAGES) {
      await page.goto(site.url + path(shown));
      await settled(page);
      await page.waitForTimeout(name === "watch" || name === "live" ? 2500 : 500);
      await picture(page, `${name}-${where}-${language}`, folder, name !== "live" && name !== "watch");
    }
    await close();
  });
});
