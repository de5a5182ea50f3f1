import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { DESK } from "./browser";
import type { Seen } from "./cameras";

// Debian's Firefox, by Marionette, its own remote control (protocol 3: `length:[type, id, command, parameters]`). Playwright's way into Firefox asks for
// commands of WebDriver BiDi that the extended support release does not have.

const PROGRAMS = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Undefined where there is none. */
export const firefoxPath = (): string | undefined => process.env.FIREFOX ?? PROGRAMS.find((path) => existsSync(path));

/** The tone of the microphone that is always there. */
export const FIREFOX_HERTZ = 600;

const START_MS = 60_000;
const SCRIPT_MS = 60_000;
/** What stands above the page in its window. */
const CHROME_PX = 86;
const ENTER = "\uE007";

const PREFS = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.navigator.audio.fake_frequency": FIREFOX_HERTZ,
  "media.autoplay.default": 0,
  "media.peerconnection.ice.loopback": true,
  "ui.prefersReducedMotion": 1,
  "intl.accept_languages": "zh-CN,zh",
  // Any free port; it is written into the profile.
  "marionette.port": 0,
  // Nothing from outside, and no pages of its own.
  "media.gmp-manager.url": "",
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.aboutwelcome.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,none",
};

/** Which port it took: written into its profile when it listens. */
async function portIn(profile: string, ended: () => string | null): Promise<number> {
  const path = join(profile, "MarionetteActivePort");
  for (const begun = Date.now(); ; ) {
    const port = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
    if (port > 0) return port;
    const why = ended() ?? (Date.now() - begun > START_MS ? `not within ${START_MS} ms` : null);
    if (why) throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A browser with a profile of its own, and its one page. */
export class Fox {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private last = 0;
  private unread = Buffer.alloc(0);

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
    private readonly socket: Socket,
  ) {
    socket.on("data", (bytes) => this.read(bytes));
    socket.on("close", () => this.fail(new Error("Firefox has gone")));
    socket.on("error", (error) => this.fail(error));
  }

  static async start(program: string): Promise<Fox> {
    const profile = mkdtempSync(join(tmpdir(), "yizhan-fox-"));
    writeFileSync(join(profile, "user.js"), Object.entries(PREFS).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
    const size = { MOZ_HEADLESS_WIDTH: String(DESK.width), MOZ_HEADLESS_HEIGHT: String(DESK.height + CHROME_PX) };
    const child = spawn(program, ["--headless", "--marionette", "--no-remote", "--profile", profile], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...size, HOME: profile } });
    let said = "";
    child.stderr?.on("data", (words: Buffer) => (said += words.toString()));
    const port = await portIn(profile, () => (child.exitCode === null ? null : `it ended with ${child.exitCode}`)).catch((thrown: unknown) => {
      child.kill("SIGKILL");
      throw new Error(`Firefox did not start: ${String(thrown)}\n${said}`);
    });
    const socket = connect(port, "127.0.0.1");
    const fox = new Fox(child, profile, socket);
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    await fox.send("WebDriver:NewSession", { acceptInsecureCerts: true });
    await fox.send("WebDriver:SetTimeouts", { script: SCRIPT_MS });
    return fox;
  }

  /** For helpers that look at pages of any browser. */
  get page(): Seen {
    return this as unknown as Seen;
  }

  async goto(url: string): Promise<void> {
    await this.send("WebDriver:Navigate", { url });
  }

  /** Runs a function in the page. */
  async evaluate<R, A = undefined>(run: (given: A) => R | Promise<R>, given?: A): Promise<R> {
    const script = `const done = arguments[1]; Promise.resolve((${run.toString()})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error && error.stack || error) }));`;
    const { value } = (await this.send("WebDriver:ExecuteAsyncScript", { script, args: [given ?? null] })) as { value: { value?: R; error?: string } };
    if (value.error !== undefined) throw new Error(value.error);
    return value.value as R;
  }

  async waitForFunction<A>(is: (given: A) => unknown, given: A, { timeout = 30_000, polling = 100 } = {}): Promise<void> {
    for (const begun = Date.now(); ; ) {
      if (await this.evaluate(is, given).catch(() => false)) return;
      if (Date.now() - begun > timeout) throw new Error(`not so after ${timeout} ms: ${is.toString().slice(0, 200)} of ${JSON.stringify(given)}`);
      await new Promise((resolve) => setTimeout(resolve, polling));
    }
  }

  /** Until something is on the page, or gone from it. */
  async waitFor(selector: string, { gone = false, timeout = 30_000 } = {}): Promise<void> {
    await this.waitForFunction(([selector, gone]) => (document.querySelector(selector as string) === null) === gone, [selector, gone] as const, { timeout });
  }

  /** Presses by keyboard, as a person may. */
  async press(selector: string): Promise<void> {
    await this.waitFor(selector);
    await this.focus(selector);
    await this.type(ENTER);
  }

  async fill(selector: string, text: string): Promise<void> {
    await this.waitFor(selector);
    await this.focus(selector);
    await this.type(text);
  }

  /** Keys, whatever has the focus. */
  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.send("WebDriver:PerformActions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async enter(): Promise<void> {
    await this.type(ENTER);
  }

  async picture(name: string, folder: string): Promise<void> {
    const { value } = (await this.send("WebDriver:TakeScreenshot", { full: false })) as { value: string };
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, `${name}.png`), Buffer.from(value, "base64"));
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    const patience = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    await this.send("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => this.child.kill("SIGKILL"));
    await gone;
    clearTimeout(patience);
    this.socket.destroy();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private async focus(selector: string): Promise<void> {
    await this.evaluate((selector) => document.querySelector<HTMLElement>(selector)?.focus(), selector);
  }

  private send(command: string, parameters: unknown): Promise<unknown> {
    this.last += 1;
    const id = this.last;
    const text = JSON.stringify([0, id, command, parameters]);
    const answered = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return answered;
  }

  private read(bytes: Buffer): void {
    this.unread = Buffer.concat([this.unread, bytes]);
    for (;;) {
      const colon = this.unread.indexOf(":");
      const length = Number(this.unread.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || this.unread.length < colon + 1 + length) return;
      const message = JSON.parse(this.unread.subarray(colon + 1, colon + 1 + length).toString()) as unknown;
      this.unread = this.unread.subarray(colon + 1 + length);
      // The first is its greeting.
      if (Array.isArray(message)) this.answered(message as [number, number, { error: string; message: string } | null, unknown]);
    }
  }

  private answered([, id, error, result]: [number, number, { error: string; message: string } | null, unknown]): void {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
    else asked?.resolve(result);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
