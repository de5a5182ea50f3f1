import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";

import { openSite } from "./browser";

const SCRIPT = join(import.meta.dirname, "../../config/venue/yizhan-venue");

describe.skipIf(!process.env.YIZHAN_URL)("a venue's start script", () => {
  test("the browser's policy allows camera, microphone and sound to the one server, and is not to be talked into another", () => {
    const policy = (server: string) => spawnSync(SCRIPT, ["policy"], { env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), YIZHAN_SERVER: server }, encoding: "utf8" });
    const { AudioCaptureAllowedUrls, VideoCaptureAllowedUrls, URLAllowlist, URLBlocklist } = JSON.parse(policy("https://meeting.local:8443/").stdout) as Record<string, string[]>;
    for (const allowed of [AudioCaptureAllowedUrls, VideoCaptureAllowedUrls, URLAllowlist]) expect(allowed).toEqual(["https://meeting.local:8443"]);
    expect(URLBlocklist).toEqual(["*"]);
    for (const wrong of ["", "http://10.0.0.1", "https://a/b", 'https://a", "https://evil', "https://a|b", "https://$(id)"]) expect(policy(wrong).status).toBe(78);
  });

  test("keeps a browser open with the page, starts it again when it ends, and takes it along when it ends itself", { timeout: 120_000 }, async () => {
    const site = await openSite();
    const home = mkdtempSync(join(tmpdir(), "yizhan-venue-"));
    const profile = join(home, "profile");
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      YIZHAN_SERVER: site.url,
      YIZHAN_PROFILE: profile,
      YIZHAN_FLAGS: "--headless=new --no-sandbox --disable-gpu --remote-debugging-port=0 --use-fake-device-for-media-stream --use-fake-ui-for-media-stream",
    };
    const script: ChildProcess = spawn(SCRIPT, ["run"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    script.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
    const ended = new Promise((resolve) => script.once("exit", resolve));
    const shown = async (): Promise<string> => {
      const [port] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port ?? ""}`);
      try {
        const page = browser.contexts()[0]?.pages().find((page) => page.url().endsWith("/stand"));
        return (await page?.locator("[data-code]").getAttribute("data-code", { timeout: 2_000 })) ?? "";
      } finally {
        await browser.close();
      }
    };
    const code = () => shown().catch(() => "");
    try {
      await expect.poll(code, { timeout: 30_000, message: said }).toMatch(/^\d{8}$/);
      // The browser ends, as when it crashes: by its own command, so that nothing else is hit.
      const [port] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
      rmSync(join(profile, "DevToolsActivePort"));
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port ?? ""}`);
      await (await browser.newBrowserCDPSession()).send("Browser.close").catch(() => undefined);
      await expect.poll(() => said, { timeout: 30_000 }).toContain("the browser has ended");
      await expect.poll(code, { timeout: 30_000 }).toMatch(/^\d{8}$/);
    } finally {
      script.kill("SIGTERM");
      await ended;
      await expect.poll(code, { timeout: 10_000 }).toBe("");
      site.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    }
  });
});
