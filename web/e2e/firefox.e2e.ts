import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {} from "../src/pages/room/session"; // window.yizhanRoom
import { expectNoFaults, openSite, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";
import { type Seen, toneOf, untilShows } from "./cameras";
import { Fox, FIREFOX_HERTZ, firefoxPath } from "./firefox";
import { bookMeeting, closeMeeting, makePlace, type Place } from "./places";

// Two venues of a meeting, one in Chromium and one in Debian's Firefox: picture and sound both ways.

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const program = firefoxPath();
if (!program) process.stdout.write("firefox.e2e.ts is NOT run: there is no Firefox (package firefox-esr, or name it in FIREFOX)\n");

const LARGE = "[data-place=large] video";

/** Until a picture goes on: so many more frames of it are shown. (Firefox counts none in `getVideoPlaybackQuality` of live pictures.) */
async function untilFlows(page: Seen, selector: string, many = 20): Promise<void> {
  const shown = await page.evaluate(
    async ([selector, many]) => {
      const end = Date.now() + 25_000;
      let frames = 0;
      while (frames < many && Date.now() < end) {
        const video = document.querySelector<HTMLVideoElement>(selector);
        const next = new Promise<boolean>((resolve) => {
          video?.requestVideoFrameCallback(() => resolve(true));
          setTimeout(resolve, 500, false);
        });
        if (await next) frames += 1;
      }
      return frames;
    },
    [selector, many] as const,
  );
  expect(shown, `frames of ${selector}`).toBe(many);
}

/** How loud a venue was for a second, as the receiver measured it: without a sound card Firefox lets no analyser run. */
async function energyOf(page: Seen, identity: string): Promise<number> {
  return page.evaluate(async (identity) => {
    const receiver = window.yizhanRoom?.remoteParticipants.get(identity)?.getTrackPublication("microphone" as never)?.track?.receiver;
    const energy = async () => ([...((await receiver?.getStats())?.values() ?? [])] as { type: string; totalAudioEnergy?: number }[]).find(({ type }) => type === "inbound-rtp")?.totalAudioEnergy ?? 0;
    const before = await energy();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return (await energy()) - before;
  }, identity);
}

describe.skipIf(!process.env.YIZHAN_URL || !program)("in Firefox", () => {
  let site: Site;
  let clerk: Visit;
  let main: Place;
  let branch: Place;
  let chair: Visit;
  let fox: Fox;
  let meeting: string;
  let path: string;

  beforeAll(async () => {
    site = await openSite();
    clerk = await visit();
    await signIn(clerk.page, site, "/");
    await settled(clerk.page);
    main = await makePlace(clerk.page, "省主会场", "f-main", 60, 1_000);
    branch = await makePlace(clerk.page, "玉树州", "f-branch", 125);
    meeting = await bookMeeting(clerk.page, "两种浏览器的会", main, [branch], { mode: "discussion" });
    path = `/meetings/${meeting}/join`;
    chair = await visit({ flags: main.camera.flags });
    await signIn(chair.page, site, `${path}?venue=${encodeURIComponent(main.venue)}`);
    await press(chair.page.locator("[data-enter=camera]"));
    await chair.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
    fox = await Fox.start(program ?? "");
  });
  afterAll(async () => {
    if (meeting) await closeMeeting(clerk.page, meeting);
    await Promise.all([clerk?.close(), chair?.close(), fox?.close()]);
    site.close();
  });

  /** What the browsers' own engines complain of, and what a test broke on purpose. */
  const faults = () => fox.evaluate(() => (window as unknown as { faults?: string[] }).faults ?? []);

  const microphone = () => chair.page.evaluate((who) => window.yizhanRoom?.remoteParticipants.get(who)?.isMicrophoneEnabled, branch.venue);
  /** Its own tone, as the main venue hears it. */
  const expectHeard = async () => expect(Math.abs((await toneOf(chair.page, branch.venue, null)) - FIREFOX_HERTZ)).toBeLessThan(40);

  test("the check shows the picture, and one press goes in", async () => {
    await fox.goto(`${site.url}/sign-in?next=${encodeURIComponent(path)}`);
    await fox.evaluate(() => {
      const faults: string[] = [];
      Object.assign(window, { faults });
      window.addEventListener("error", ({ message }) => faults.push(message));
      window.addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
      document.addEventListener("securitypolicyviolation", (event) => faults.push(`policy: ${event.effectiveDirective} ${event.blockedURI}`));
    });
    await fox.fill("input[autocomplete=username]", branch.person.name);
    await fox.fill("input[autocomplete=current-password]", branch.person.password);
    await fox.enter();
    await fox.waitFor("[data-enter=camera]");
    await untilFlows(fox.page, "main video");
    await fox.picture("firefox-join-desk-zh", folder);
    const pressed = Date.now();
    await fox.press("[data-enter=camera]");
    await fox.waitFor("[data-state=connected]");
    await untilShows(fox.page, LARGE, main.camera);
    process.stdout.write(`Firefox: first picture ${Date.now() - pressed} ms after the press\n`);
  });

  test("picture and sound come from Chromium", async () => {
    await untilFlows(fox.page, LARGE);
    expect(await energyOf(fox.page, main.venue)).toBeGreaterThan(0);
    expect(await fox.evaluate(() => [...document.querySelectorAll("audio")].map((audio) => audio.paused))).toEqual([false]);
    expect(await fox.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await fox.picture("firefox-hall-desk-zh", folder);
  });

  test("picture and sound come to Chromium, in layers", async () => {
    const shown = `[data-place=large][data-venue="${branch.venue}"] video`;
    const asked = Date.now();
    await lookAt(chair.page, branch);
    await untilFlows(chair.page, shown, 1);
    process.stdout.write(`Chromium: first picture of Firefox ${Date.now() - asked} ms after the chair looked at it\n`);
    await untilFlows(chair.page, shown);
    await expectHeard();
    const sent = await fox.evaluate(async () => {
      const publication = window.yizhanRoom?.localParticipant.getTrackPublication("camera" as never);
      const report = await publication?.videoTrack?.sender?.getStats();
      const rows = [...(report?.values() ?? [])] as { type: string; bytesSent?: number; mimeType?: string; rid?: string }[];
      return { layers: rows.filter(({ type, bytesSent }) => type === "outbound-rtp" && (bytesSent ?? 0) > 0).map(({ rid }) => rid), codecs: rows.filter(({ type }) => type === "codec").map(({ mimeType }) => mimeType) };
    });
    process.stdout.write(`Firefox sends the layers ${sent.layers.join(", ")} of ${sent.codecs.join(", ")}\n`);
    expect(sent.layers.length).toBeGreaterThanOrEqual(1);
    await picture(chair.page, "firefox-seen-desk-zh", folder);
  });

  test("microphone, camera, hand and messages work from its buttons", async () => {
    const camera = () => chair.page.evaluate((who) => window.yizhanRoom?.remoteParticipants.get(who)?.isCameraEnabled, branch.venue);
    for (const [act, is] of [
      ["microphone", microphone],
      ["camera", camera],
    ] as const) {
      for (const on of [false, true]) {
        await fox.press(`[data-act=${act}]`);
        await expect.poll(is, { timeout: 10_000 }).toBe(on);
      }
    }
    await expectHeard();
    await untilFlows(chair.page, `[data-place=large][data-venue="${branch.venue}"] video`);
    await fox.press("[data-act=hand]");
    await fox.waitFor("[data-queue='1']");
    await fox.press("[data-act=hand]");
    await fox.press("[data-act=chat]");
    await fox.fill("[data-panel=chat] input", "火狐里也能写");
    await fox.enter();
    await press(chair.page.locator("[data-act=chat]"));
    await chair.page.locator("[data-message]", { hasText: "火狐里也能写" }).waitFor();
  });

  test("the chair turns its microphone off and on again", async () => {
    await press(chair.page.locator("[data-act=desk]"));
    for (const on of [false, true]) {
      await press(chair.page.locator(`[data-row="${branch.venue}"] [data-do=microphone][data-muted=${on}]`));
      await expect.poll(microphone, { timeout: 10_000 }).toBe(on);
    }
    await press(chair.page.locator("[data-act=desk]"));
    await expectHeard();
  });

  test("its screen goes beside its camera, twice, and ends alone", async () => {
    // A machine without a screen has none to share: what is drawn goes the same way.
    await fox.evaluate(() => {
      navigator.mediaDevices.getDisplayMedia = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [800, 450];
        const context = canvas.getContext("2d");
        let bright = 0;
        const drawing = setInterval(() => {
          if (!context) return;
          bright = (bright + 40) % 256;
          context.fillStyle = `rgb(${bright}, 0, 0)`;
          context.fillRect(0, 0, canvas.width, canvas.height);
        }, 100);
        const stream = canvas.captureStream(10);
        stream.getVideoTracks()[0]?.addEventListener("ended", () => clearInterval(drawing));
        return Promise.resolve(stream);
      };
    });
    for (let turn = 0; turn < 2; turn += 1) {
      await fox.press("[data-act=screen]");
      await fox.press("[data-share=slides]");
      await untilFlows(chair.page, "[data-place=slides] video", 5);
      expect(await chair.page.evaluate(() => document.querySelector<HTMLVideoElement>("[data-place=slides] video")?.videoWidth)).toBe(800);
      await untilFlows(chair.page, `[data-place=beside][data-venue="${branch.venue}"] video`, 5);
      await fox.press("[data-act=screen]");
      await chair.page.locator("[data-place=slides]").waitFor({ state: "detached" });
      await untilFlows(chair.page, `[data-place=large][data-venue="${branch.venue}"] video`, 5);
    }
  });

  test("a signalling line that breaks comes back by itself, with pictures", async () => {
    await fox.evaluate(() => void window.yizhanRoom?.simulateScenario("signal-reconnect"));
    await fox.waitFor("[data-line=lost]");
    await fox.waitFor("[data-state=connected]", { timeout: 20_000 });
    await untilFlows(fox.page, LARGE);
    expect(await faults()).toEqual([]);
  });

  test("who leaves is gone at once", async () => {
    await fox.press("[data-act=leave]");
    await expect.poll(() => chair.page.evaluate((who) => window.yizhanRoom?.remoteParticipants.has(who), branch.venue), { timeout: 10_000 }).toBe(false);
    expectNoFaults(chair.faults, /status of 40[39]|WebSocket|data ?channel/i);
  });
});

/** The chair looks at a venue alone. */
async function lookAt(page: Page, { venue }: Place): Promise<void> {
  await press(page.locator("[data-act=desk]"));
  await press(page.locator(`[data-row="${venue}"] [data-do=look]`));
  await press(page.locator("[data-act=desk]"));
}
