import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, expectNoFaults, openSite, settled, signIn, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test("a channel is added, seen, and deleted after one question", async () => {
  const { page, faults, close } = await visit();
  await signIn(page, site, "/ops/channels");
  await page.getByRole("button", { name: "添加频道" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("试验频道");
  await dialog.getByLabel("代号").fill("trial-of-pages");
  await dialog.getByLabel("地址").fill("239.255.77.77:5099");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "添加频道" }).click();
  await page.waitForURL(/\/ops\/channels\/trial-of-pages$/);
  await page.getByRole("heading", { name: "试验频道" }).waitFor();
  await page.getByRole("button", { name: "修改" }).click();
  await page.getByLabel("节目号").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "删除" }).click();
  expect(await page.getByRole("dialog").textContent()).toContain("试验频道");
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await page.waitForURL(/\/ops\/channels$/);
  await settled(page);
  expect(await page.getByText("试验频道").count()).toBe(0);
  // The page of what was just deleted may have been asking for it once more.
  expectNoFaults(faults, /status of 404/);
  await close();
});

test("a rule shows what it would take before it is saved", async () => {
  const { page, faults, close } = await visit();
  await signIn(page, site, "/ops/rules");
  await page.getByRole("button", { name: "新建规则" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("节目名称").last().fill("没有人会这样给节目起名");
  await dialog.getByText("这一周没有符合的节目", { exact: true }).waitFor();
  await expectAccessible(page);
  if (site.mock) {
    await dialog.getByLabel("节目名称").last().fill("新闻联播");
    await dialog.getByText(/\d+ 个节目/).waitFor();
  }
  expectNoFaults(faults);
  await close();
});

test("the jobs page lists jobs by their state", async () => {
  const { page, faults, close } = await visit();
  await signIn(page, site, "/ops/jobs");
  await page.getByRole("heading", { name: "任务" }).waitFor();
  await page.getByText("失败", { exact: true }).first().click();
  await page.waitForURL(/state=failed/);
  if (site.mock) {
    await page.getByRole("button", { name: /重试/ }).click();
    await page.getByText("没有失败的任务").waitFor();
  }
  expectNoFaults(faults);
  await close();
});

test("when the server does not answer, the page says how old its data is", async () => {
  const { page, close } = await visit();
  await signIn(page, site, "/ops");
  await settled(page);
  await page.route("**/api/**", (route) => route.abort());
  await page.getByText(/服务器没有回应/).first().waitFor({ timeout: 30_000 });
  expect(await page.locator("main h1").count()).toBe(1);
  await close();
});
