import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {} from "../src/pages/room/session"; // window.yizhanRoom
import { picture, press, settled, signIn, visit, type Visit } from "./browser";
import { untilMoves, untilShows } from "./cameras";
import { Line, noLines } from "./lines";
import { OwnServer } from "./own_server";
import { bookMeeting, makePlace, type Place } from "./places";

// What breaks under a meeting in the browser: a venue's line for 20 s, and the server.

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const why = noLines();
if (why) process.stdout.write(`cut.e2e.ts is NOT run: ${why}\n`);

const CUT_MS = 20_000;
const BACK_MS = 5_000;
const RESTARTED_MS = 10_000;
/** Three browsers without a graphics card share this machine's cores with whatever else runs. */
const inTime = (ms: number) => ms * Math.max(1, (loadavg()[0] ?? 0) / cpus().length);

const LARGE = "[data-place=large] video";

describe.skipIf(!process.env.YIZHAN_URL || why !== null)("what breaks mends by itself", () => {
  let line: Line;
  let server: OwnServer;
  let main: Place;
  let one: Place;
  let other: Place;
  let chair: Visit;
  let far: Visit;
  let near: Visit;
  const visits: Visit[] = [];

  beforeAll(async () => {
    line = new Line();
    server = await OwnServer.start(line.here);
    const clerk = await visit();
    visits.push(clerk);
    await signIn(clerk.page, server.site, "/");
    await settled(clerk.page);
    main = await makePlace(clerk.page, "省主会场", "c-main", 60);
    one = await makePlace(clerk.page, "德令哈市", "c-one", 125);
    other = await makePlace(clerk.page, "格尔木市", "c-other", 190);
    const meeting = await bookMeeting(clerk.page, "防汛调度会", main, [one, other]);
    await clerk.close();
    visits.pop();
    const come = async (place: Place, program?: string): Promise<Visit> => {
      const came = await visit({ flags: place.camera.flags, ...(program !== undefined && { program }) });
      visits.push(came);
      const path = `/meetings/${meeting}/join?venue=${encodeURIComponent(place.venue)}`;
      await signIn(came.page, place === main ? server.site : { ...server.site, ...place.person }, path);
      await press(came.page.locator("[data-enter=camera]"));
      await came.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
      return came;
    };
    chair = await come(main);
    far = await come(one, line.program);
    near = await come(other);
    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-do=begin]"));
    await press(chair.page.locator(`[data-row="${one.venue}"] [data-do=floor]`));
    await press(chair.page.locator(`[data-row="${one.venue}"] [data-do=broadcast]`));
    await press(chair.page.locator("[data-tool=texts]"));
    await chair.page.locator("[data-text=banner]").fill("线路演练");
    await chair.page.keyboard.press("Enter");
    await asBefore();
    await untilShows(near.page, LARGE, one.camera);
    await untilShows(far.page, LARGE, main.camera);
  });
  afterAll(async () => {
    await Promise.all(visits.map((each) => each.close()));
    await server?.end();
    line?.end();
  });

  /** The same state on every screen: floor, broadcast, banner, the course of the meeting. */
  async function asBefore(): Promise<void> {
    await Promise.all(visits.map(({ page }) => page.locator("[data-phase=in_session][data-state=connected]").waitFor({ timeout: 30_000 })));
    for (const about of ["floor", "broadcast"]) await far.page.locator(`[data-about=${about}]`).waitFor();
    await near.page.locator("[data-banner]", { hasText: "线路演练" }).waitFor();
    await far.page.waitForFunction(() => window.yizhanRoom?.localParticipant.isMicrophoneEnabled, undefined, { timeout: 10_000, polling: 100 });
  }

  const seat = () => far.page.evaluate(() => window.yizhanRoom?.localParticipant.sid);

  /** Pictures that move, both ways: of the venue whose line it is, and to it. */
  async function picturesBack(): Promise<{ to: number; from: number }> {
    const begun = Date.now();
    const after = async (moves: Promise<unknown>) => moves.then(() => Date.now() - begun);
    const [to, from] = await Promise.all([after(untilMoves(far.page, LARGE)), after(untilMoves(near.page, LARGE))]);
    return { to, from };
  }

  test("a venue whose line is cut for 20 s is back within 5 s of the line, same seat, same rights, moving pictures", async () => {
    await picturesBack();
    const before = await seat();
    line.cut();
    const cut = Date.now();
    await far.page.locator("[data-line=lost]").waitFor({ timeout: CUT_MS });
    process.stdout.write(`the venue is told of its lost line after ${Date.now() - cut} ms\n`);
    await picture(far.page, "meeting-cut-desk-zh", folder);
    // Those who are left see whose line it is.
    await near.page.locator(`[data-person="${one.venue}"] [data-quality=lost]`).waitFor({ timeout: CUT_MS });
    process.stdout.write(`the others see it after ${Date.now() - cut} ms\n`);
    await picture(near.page, "meeting-cut-seen-desk-zh", folder);
    await near.page.waitForTimeout(Math.max(0, CUT_MS - (Date.now() - cut)));
    const stood = await untilMoves(near.page, LARGE, 500).then(() => false, () => true);
    expect(stood, "the line is really cut").toBe(true);
    line.mend();
    const { to, from } = await picturesBack();
    process.stdout.write(`back after the line: pictures to the venue ${to} ms, from it ${from} ms\n`);
    await asBefore();
    expect(await seat()).toBe(before);
    expect(Math.max(to, from)).toBeLessThan(inTime(BACK_MS));
  });

  test("a server that is killed and started again has every venue back within 10 s, with the meeting as it was", async () => {
    await server.kill();
    const killed = Date.now();
    const ready = await server.up();
    const up = Date.now();
    const back = await Promise.all([untilMoves(far.page, LARGE), untilMoves(near.page, LARGE), asBefore()]).then(() => Date.now());
    process.stdout.write(`killed; ready after ${up - killed} ms (${ready} ms to start); all pictures and the state ${back - up} ms later\n`);
    await untilShows(near.page, LARGE, one.camera);
    await untilShows(far.page, LARGE, main.camera);
    expect(back - up).toBeLessThan(inTime(RESTARTED_MS));
  });
});
