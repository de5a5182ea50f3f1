import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {} from "../src/pages/room/session"; // window.yizhanRoom
import { expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";
import { toneOf, untilShows } from "./cameras";
import { bookMeeting, closeMeeting, makePlace, type Place } from "./places";

// What venues do together: interpretation, reactions, the shared board, slides.

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const UYGHUR = "interpretation.ug";

describe.skipIf(!process.env.YIZHAN_URL)("together", () => {
  let site: Site;
  let clerk: Visit;
  let main: Place;
  let booth: Place;
  let county: Place;
  let meeting: string;
  let chair: Visit;
  let interpreter: Visit;
  let listener: Visit;
  const visits: Visit[] = [];

  beforeAll(async () => {
    site = await openSite();
    clerk = await visit();
    visits.push(clerk);
    await signIn(clerk.page, site, "/");
    await settled(clerk.page);
    main = await makePlace(clerk.page, "省主会场", "t-main", 60, 400);
    booth = await makePlace(clerk.page, "民语译制中心", "t-booth", 125, 1_000);
    county = await makePlace(clerk.page, "和田县", "t-county", 190, 700);
    meeting = await bookMeeting(clerk.page, "全省乡村振兴推进会", main, [booth, county], { mode: "discussion" });
    chair = await come(main, true);
    interpreter = await come(booth);
    listener = await come(county);
  });
  afterAll(async () => {
    if (meeting) await closeMeeting(clerk.page, meeting);
    await Promise.all(visits.map((each) => each.close()));
    site.close();
  });

  async function come(place: Place, isClerk = false): Promise<Visit> {
    const came = await visit({ flags: place.camera.flags });
    visits.push(came);
    const path = `/meetings/${meeting}/join?venue=${encodeURIComponent(place.venue)}`;
    await signIn(came.page, isClerk ? site : { ...site, ...place.person }, path);
    await press(came.page.locator("[data-enter=camera]"));
    await came.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
    return came;
  }

  const gain = (page: Page) => page.evaluate(() => [...document.querySelectorAll<HTMLAudioElement>("audio[data-gain]")].map((audio) => Number(audio.dataset.gain)));
  /** Whether a page takes the interpreter's track. */
  const takes = (page: Page) => page.evaluate(([who, name]) => [...(window.yizhanRoom?.remoteParticipants.get(who)?.trackPublications.values() ?? [])].some((each) => each.trackName === name && each.isSubscribed), [booth.venue, UYGHUR] as const);

  test("who is here is seen with the state of their lines soon after one comes in", async () => {
    const begun = Date.now();
    for (const place of [main, booth]) await listener.page.locator(`[data-person="${place.venue}"] [data-quality]`).waitFor({ timeout: 10_000 });
    await listener.page.locator(`[data-person="${county.venue}"] [data-quality]`).waitFor({ timeout: 10_000 });
    process.stdout.write(`bars of all lines ${Date.now() - begun} ms after coming in\n`);
    expect(Date.now() - begun).toBeLessThan(5_000);
    await expect.poll(() => listener.page.locator("p", { hasText: /本会场线路/ }).count(), { timeout: 10_000 }).toBe(1);
  });

  test("the chair names an interpreter, who gets a booth; others a choice", async () => {
    expect(await listener.page.locator("[data-act=listen]").count()).toBe(0);
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=interpreters]"));
    await chair.page.locator("[data-set=language]").selectOption("ug");
    await chair.page.locator("[data-set=interpreter]").selectOption(booth.venue);
    await press(chair.page.locator("[data-do=set_interpreter]"));
    await interpreter.page.locator("[data-booth=ug]").waitFor();
    await listener.page.locator("[data-act=listen]").waitFor();
    await picture(interpreter.page, "interpreter-off-desk-zh", folder);
    await expectAccessible(chair.page);
    await expectTargets(chair.page);
    await picture(chair.page, "interpretation-desk-desk-zh", folder);
  });

  test("a language that nobody interprets is heard as the floor", async () => {
    await press(listener.page.locator("[data-act=listen]"));
    await picture(listener.page, "interpretation-choice-desk-zh", folder);
    await expectAccessible(listener.page);
    await press(listener.page.locator("[data-listen=ug]"));
    await listener.page.keyboard.press("Escape");
    await listener.page.locator("[data-hears=floor]").waitFor();
    expect(await gain(listener.page)).toEqual([1, 1]);
  });

  test("on air, the interpreter is heard with the floor softly beneath, and by nobody who does not listen", async () => {
    await press(interpreter.page.locator("[data-do=interpret]"));
    await interpreter.page.locator("[data-booth=ug][data-on-air]").waitFor();
    const pressed = Date.now();
    await listener.page.locator("[data-hears=interpreter]").waitFor({ timeout: 10_000 });
    process.stdout.write(`the interpreter is heard ${Date.now() - pressed} ms after going on air\n`);
    expect(Math.abs((await toneOf(listener.page, booth.venue, UYGHUR)) - 1_000)).toBeLessThan(40);
    expect(Math.abs((await toneOf(listener.page, main.venue, null)) - 400)).toBeLessThan(40);
    expect((await gain(listener.page)).sort()).toEqual([0.15, 0.15, 1]);
    expect(await takes(listener.page)).toBe(true);
    expect(await takes(chair.page)).toBe(false);
    await picture(interpreter.page, "interpreter-on-air-desk-zh", folder);
    await picture(listener.page, "interpretation-heard-desk-zh", folder);
    await expectAccessible(interpreter.page);
    await expectTargets(interpreter.page);
  });

  test("who interprets is no speaker on the floor, and cannot open that microphone", async () => {
    await listener.page.waitForTimeout(1_500);
    expect(await listener.page.locator(`[data-person="${booth.venue}"][data-speaking]`).count()).toBe(0);
    expect(await listener.page.evaluate(() => window.yizhanRoom?.activeSpeakers.map(({ identity }) => identity))).not.toContain(booth.venue);
    await interpreter.page.keyboard.press("m");
    await interpreter.page.locator("[data-refused]").waitFor();
    await press(interpreter.page.locator("[data-refused] button"));
  });

  test("nobody else can send in that language, whatever the client says", async () => {
    const refused = await listener.page.evaluate(async (name) => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const [track] = stream.getAudioTracks();
      if (!track || !window.yizhanRoom) return "no track";
      const sent = window.yizhanRoom.localParticipant.publishTrack(track, { name, source: "microphone" as never });
      return Promise.race([sent.then(() => "sent", (thrown: unknown) => `refused: ${String(thrown)}`), new Promise((resolve) => setTimeout(resolve, 20_000, "no answer"))]);
    }, UYGHUR);
    // The client is told that it may not, or waits for an answer in vain.
    expect(refused).toMatch(/^refused/);
    const seen = await chair.page.evaluate(([who, name]) => [...(window.yizhanRoom?.remoteParticipants.get(who)?.trackPublications.values() ?? [])].some((each) => each.trackName === name), [county.venue, UYGHUR] as const);
    expect(seen).toBe(false);
  });

  test("the mix is the listener's, and remembered", async () => {
    await press(listener.page.locator("[data-act=listen]"));
    await listener.page.locator("[data-beneath]").fill("40");
    await listener.page.keyboard.press("Escape");
    await expect.poll(async () => (await gain(listener.page)).sort()).toEqual([0.4, 0.4, 1]);
    expect(await listener.page.evaluate(() => localStorage.getItem("yizhan.listening"))).toBe('{"language":"ug","beneath":0.4}');
  });

  test("off air, the floor comes back by itself within seconds", async () => {
    await press(interpreter.page.locator("[data-do=interpret]"));
    const pressed = Date.now();
    await listener.page.locator("[data-hears=floor]").waitFor({ timeout: 8_000 });
    process.stdout.write(`the floor is back after ${Date.now() - pressed} ms\n`);
    expect(Date.now() - pressed).toBeLessThan(4_000);
    expect((await gain(listener.page)).every((each) => each === 1)).toBe(true);
  });

  test("reactions are off until the chair allows them; then they are small marks", async () => {
    expect(await listener.page.locator("[data-act=react]").count()).toBe(0);
    await press(chair.page.locator("[data-tool=texts]"));
    await chair.page.locator("[data-set=reactions]").press("Space");
    await press(listener.page.locator("[data-act=react]"));
    await press(listener.page.locator("[data-react=applause]"));
    await interpreter.page.locator(`[data-person="${county.venue}"] [data-reaction=applause]`).waitFor({ timeout: 5_000 });
    await interpreter.page.locator("[data-tally=applause]").waitFor();
    await picture(interpreter.page, "reactions-desk-zh", folder);
    expect(await interpreter.page.locator("[data-panel=chat]").count()).toBe(0);
    // A flood goes no further than three.
    await interpreter.page.evaluate(() => {
      const heard = { count: 0 };
      Object.assign(window, { heard });
      window.yizhanRoom?.on("dataReceived", () => (heard.count += 1));
    });
    await listener.page.evaluate(async () => {
      for (let turn = 0; turn < 50; turn += 1) await window.yizhanRoom?.localParticipant.publishData(new TextEncoder().encode("agree"), { reliable: true, topic: "yizhan.reaction" });
      await window.yizhanRoom?.localParticipant.publishData(new TextEncoder().encode("<script>"), { reliable: true, topic: "yizhan.reaction" });
      await window.yizhanRoom?.localParticipant.publishData(new TextEncoder().encode('{"act":"clear","page":0,"version":1,"by":"desk"}'), { reliable: true, topic: "yizhan.board" });
    });
    await interpreter.page.waitForTimeout(1_000);
    const heard = await interpreter.page.evaluate(() => (window as unknown as { heard: { count: number } }).heard.count);
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThanOrEqual(3);
  });

  test("the board is drawn on by several, late comers have the whole, and the chair clears it", async () => {
    await chair.page.locator("[data-set=board]").press("Space");
    await listener.page.locator("[data-board]").waitFor();
    await draw(listener.page, [[0.1, 0.2], [0.3, 0.5], [0.6, 0.3]]);
    await interpreter.page.locator("[data-board][data-strokes='1']").waitFor();
    await press(interpreter.page.locator("[data-pen=line]"));
    await press(interpreter.page.locator("button[data-colour=red]"));
    await draw(interpreter.page, [[0.1, 0.8], [0.9, 0.8]]);
    await press(listener.page.locator("[data-pen=text]"));
    const box = await paper(listener.page);
    await listener.page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.6);
    await listener.page.locator("[data-write]").fill("防汛重点：三座水库");
    await listener.page.keyboard.press("Enter");
    await interpreter.page.locator("[data-board][data-strokes='3']").waitFor();
    await picture(interpreter.page, "board-desk-zh", folder);
    await expectAccessible(interpreter.page);
    await expectTargets(interpreter.page);
    await interpreter.page.reload();
    await press(interpreter.page.locator("[data-enter=camera]"));
    await interpreter.page.locator("[data-board][data-strokes='3']").waitFor({ timeout: 20_000 });
    // One's own strokes can be rubbed out, those of others not.
    await press(interpreter.page.locator("[data-pen=eraser]"));
    await draw(interpreter.page, [[0.3, 0.5], [0.31, 0.5]]);
    await draw(interpreter.page, [[0.5, 0.75], [0.5, 0.85]]);
    await listener.page.locator("[data-board][data-strokes='2']").waitFor();
    const [saved] = await Promise.all([listener.page.waitForEvent("download"), listener.page.getByRole("button", { name: "保存为图片" }).click()]);
    await saved.saveAs(join(folder, "board-saved.png"));
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.getByRole("button", { name: "新的一页" }));
    await listener.page.locator("[data-board][data-page='1'][data-strokes='0']").waitFor();
    await press(chair.page.getByRole("button", { name: "上一页" }));
    await press(chair.page.getByRole("button", { name: "清空本页" }));
    await press(chair.page.getByRole("dialog").getByRole("button", { name: "清空本页" }));
    await listener.page.locator("[data-board][data-page='0'][data-strokes='0']").waitFor();
    await picture(chair.page, "board-chair-desk-zh", folder);
  });

  test("slides or a film are chosen when one shares, and stand beside the speaker", async () => {
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=texts]"));
    await chair.page.locator("[data-set=board]").press("Space");
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-act=screen]"));
    await picture(chair.page, "share-choice-desk-zh", folder);
    await expectAccessible(chair.page);
    for (const [what, fps] of [["slides", 5], ["film", 25]] as const) {
      if (what === "film") await press(chair.page.locator("[data-act=screen]"));
      await press(chair.page.locator(`[data-share=${what}]`));
      await listener.page.locator("[data-place=slides] video").waitFor({ timeout: 20_000 });
      const sent = await chair.page.evaluate(() => {
        const track = window.yizhanRoom?.localParticipant.getTrackPublication("screen_share" as never)?.videoTrack;
        return { hint: track?.mediaStreamTrack.contentHint, fps: track?.mediaStreamTrack.getSettings().frameRate, most: track?.sender?.getParameters().encodings.at(-1)?.maxFramerate };
      });
      expect(sent).toEqual({ hint: what === "slides" ? "detail" : "motion", fps, most: fps });
      if (what === "slides") await picture(listener.page, "slides-beside-desk-zh", folder);
      await press(chair.page.locator("[data-act=screen]"));
      await listener.page.locator("[data-place=slides]").waitFor({ state: "detached" });
    }
  });

  test("on a phone and in English all of it is there", async () => {
    const page = listener.page;
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    if (await page.locator("[data-panel=people]").count()) await page.keyboard.press("p");
    await picture(page, "together-room-phone-zh", folder);
    await press(page.locator("[data-act=listen]"));
    await picture(page, "interpretation-choice-phone-zh", folder);
    await page.keyboard.press("Escape");
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=texts]"));
    await chair.page.locator("[data-set=board]").press("Space");
    await page.locator("[data-board]").waitFor();
    await draw(page, [[0.1, 0.1], [0.5, 0.9]]);
    await page.locator("[data-board][data-strokes='1']").waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, "board-phone-zh", folder);
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.evaluate(() => localStorage.setItem("yizhan.language", "en"));
    await interpreter.page.evaluate(() => localStorage.setItem("yizhan.language", "en"));
    for (const [come, name] of [[listener, "board-desk-en"], [interpreter, "interpreter-desk-en"]] as const) {
      await come.page.reload();
      await press(come.page.locator("[data-enter=camera]"));
      await come.page.locator("[data-state=connected]").waitFor({ timeout: 20_000 });
      await come.page.locator("[data-board][data-strokes='1']").waitFor({ timeout: 20_000 });
      await untilShows(come.page, "[data-place=beside] video", main.camera);
      await picture(come.page, name, folder);
    }
    for (const { faults } of visits) expectNoFaults(faults, /status of 40[039]|status of 429|WebSocket|data ?channel|publish/i);
  });
});

async function paper(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator("[data-board] svg[data-tool]").boundingBox();
  if (!box) throw new Error("no board to draw on");
  return box;
}

/** A stroke of the mouse, by shares of the page. */
async function draw(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const box = await paper(page);
  const [first, ...rest] = points.map(([x, y]) => [box.x + box.width * x, box.y + box.height * y] as const);
  if (!first) return;
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 12 });
  await page.mouse.up();
}
