import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

import { PASSWORD } from "../dev/mock/routes";
import { serveBuilt } from "../dev/mock";

// A browser for the tests of the pages. With YIZHAN_URL they look at a real server; without, at the built pages with the stand-in behind them.

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--force-prefers-reduced-motion",
];

export const DESK = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };
/** A demonstration server has a programme by then, on a busy machine, too. */
export const PROGRAMME_MS = 300_000;

export interface Site {
  url: string;
  name: string;
  password: string;
  /** Whether this is the stand-in, whose data the tests know. */
  mock: boolean;
  close: () => void;
}

export async function openSite(): Promise<Site> {
  const url = process.env.YIZHAN_URL;
  if (url) {
    const password = process.env.YIZHAN_ADMIN_PASSWORD;
    if (!password) throw new Error("YIZHAN_URL is set, so YIZHAN_ADMIN_PASSWORD must be too");
    return { url: url.replace(/\/$/, ""), name: process.env.YIZHAN_ADMIN_NAME ?? "admin", password, mock: false, close: () => undefined };
  }
  const dist = join(import.meta.dirname, "../dist");
  if (!existsSync(join(dist, "index.html"))) throw new Error("web/dist is not there: run `npm run build` first");
  const built = await serveBuilt(dist);
  return { url: built.url, name: "admin", password: PASSWORD, mock: true, close: () => built.server.close() };
}

/** Until the server has a programme of most of a minute: the demonstration's first ends within three minutes of its start. */
export async function untilProgramme(site: Site): Promise<void> {
  if (site.mock) return;
  const end = Date.now() + PROGRAMME_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${site.url}/api/v1/assets?q=${encodeURIComponent("新闻")}`);
    const { items } = (await answer.json()) as { items: { playable: boolean; error: string | null; duration_ms: number }[] };
    if (items.some(({ playable, error, duration_ms }) => playable && !error && duration_ms >= 50_000)) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`no programme was recorded in ${PROGRAMME_MS / 1_000} s`);
}

export interface Visit {
  page: Page;
  /** Everything the page complained about: console errors, exceptions, policy violations. */
  faults: string[];
  close: () => Promise<void>;
}

interface VisitOptions {
  size?: { width: number; height: number };
  language?: "zh" | "en";
  phone?: boolean;
  /** More of the browser's own switches, as MEDIA_FLAGS. */
  flags?: readonly string[];
  /** Another program than this machine's Chromium: one that starts it elsewhere. */
  program?: string;
}

/** A camera and a microphone that are always there and always allowed: a turning disc with a beep each second. */
export const MEDIA_FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

export function chromiumPath(): string {
  const path = process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path));
  if (!path) throw new Error("no Chromium found: install the package `chromium`, or name it in CHROMIUM");
  return path;
}

/** A new browser with a profile of its own, so that no visit knows of another. */
export async function visit({ size = DESK, language = "zh", phone = size.width < 700, flags = [], program = chromiumPath() }: VisitOptions = {}): Promise<Visit> {
  const profile = mkdtempSync(join(tmpdir(), "yizhan-visit-"));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    args: [...FLAGS, ...flags],
    viewport: size,
    hasTouch: phone,
    locale: language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    ignoreHTTPSErrors: true,
    reducedMotion: "reduce",
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  // A refused policy is reported on the console too, but only there with its directive.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.effectiveDirective} refused ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber} ${event.sample}`);
    });
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  return {
    page,
    faults,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Nothing on the console, no exception, no refused policy; a status that the test provoked may be excused. */
export function expectNoFaults(faults: string[], excused?: RegExp): void {
  expect(faults.filter((fault) => !excused?.test(fault))).toEqual([]);
}

/** Signs in by the form, as a person would. */
export async function signIn(page: Page, site: Site, next = "/ops"): Promise<void> {
  await page.goto(`${site.url}/sign-in?next=${encodeURIComponent(next)}`);
  await page.locator("input[autocomplete=username]").fill(site.name);
  await page.locator("input[autocomplete=current-password]").fill(site.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Until nothing on the page is a skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main").waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".mantine-Skeleton-root").length === 0 && document.querySelector("main h1, main h2") !== null, undefined, { timeout: 30_000, polling: 250 });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeViolation {
  id: string;
  impact: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** No fault that axe calls serious or worse. It is run through the debugger, which the page's policy does not bind. */
export async function expectAccessible(page: Page): Promise<void> {
  const violations = (await page.evaluate(`(() => { ${axeSource}; return axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations); })()`)) as AxeViolation[];
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `  ${target.join(" ")}\n  ${failureSummary}`).join("\n")}`)).toEqual([]);
}

/** Nothing wider than the window: a page never scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}

/** Everything that can be pressed is large enough for a finger; links inside running text aside. */
export async function expectTargets(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, select, input:not([type=hidden]), nav a")]
      .filter((element) => element.offsetParent !== null && !element.closest("[hidden]"))
      .map((element) => ({ element, box: (element.closest("label, .mantine-Input-wrapper, .mantine-Switch-body, .mantine-Checkbox-body") ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.height > 1 && box.height < 43.5)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  expect(small).toEqual([]);
}

/** Until the video plays: its time goes on. */
export async function expectPlaying(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0, undefined, { timeout: 60_000, polling: 250 });
  const before = await page.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  await page.waitForFunction((at) => (document.querySelector("video")?.currentTime ?? 0) > at + 0.5, before, { timeout: 60_000, polling: 250 });
}

/** Presses by keyboard. A mouse press waits until the page holds still, which on a busy machine without a graphics card a page with moving pictures hardly does. */
export async function press(target: Locator): Promise<void> {
  await target.waitFor();
  await target.focus();
  await target.press("Enter");
}

export async function picture(page: Page, name: string, folder: string, whole = false): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
}
