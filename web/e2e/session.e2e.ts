import { afterAll, beforeAll, expect, test } from "vitest";

import { expectNoFaults, openSite, settled, signIn, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test("a wrong password is said plainly, with an id that can be copied", async () => {
  const { page, faults, close } = await visit();
  await page.goto(`${site.url}/sign-in`);
  await page.locator("input[autocomplete=username]").fill("nobody");
  await page.locator("input[autocomplete=current-password]").fill("not the password");
  await page.keyboard.press("Enter");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("用户名或密码不对");
  await alert.locator("summary").click();
  expect(await alert.locator("pre").textContent()).toMatch(/wrong_password/);
  expectNoFaults(faults, /status of 401/);
  await close();
});

test("signing in by keyboard leads where one wanted to go, and out again", async () => {
  const { page, faults, close } = await visit();
  await page.goto(`${site.url}/ops/jobs`);
  await settled(page);
  await page.getByRole("main").getByRole("link", { name: /登录/ }).focus();
  await page.keyboard.press("Enter");
  await page.locator("input[autocomplete=username]").fill(site.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(site.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/ops\/jobs$/);
  await page.getByRole("heading", { name: "任务" }).waitFor();
  await page.locator("header [aria-haspopup=menu]").click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("link", { name: "登录" }).waitFor();
  expectNoFaults(faults);
  await close();
});

test("another site cannot choose where one lands after signing in", async () => {
  const { page, close } = await visit();
  await signIn(page, site, "//evil.example/");
  expect(new URL(page.url()).host).toBe(new URL(site.url).host);
  await close();
});

test("English is one press away, and stays", async () => {
  const { page, faults, close } = await visit();
  await page.goto(site.url);
  await settled(page);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("link", { name: "Home" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await page.reload();
  await page.getByRole("link", { name: "Home" }).waitFor();
  expectNoFaults(faults);
  await close();
});
