import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {} from "../src/pages/room/session"; // window.yizhanRoom
import { DESK, expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";
import { camera, type Camera, untilShows } from "./cameras";

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const large = "[data-place=large] video";
/** The machine may be busy. */
const PATIENT = { timeout: 15_000 };
const SLIDES: Camera = { flags: [], shade: 225 };

async function api<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers: { "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: answer.status, text: await answer.text() };
    },
    [method, path, body] as const,
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

describe.skipIf(!process.env.YIZHAN_URL)("coming in without an account", () => {
  let site: Site;
  let clerk: Visit;
  let chair: Visit;
  let stand: Visit;
  let guest: Visit;
  let meeting: { id: string; number: string | null };
  let main: string;
  let county: string;
  const visits: Visit[] = [];
  const cameras = { main: camera("main", 60), county: camera("county", 125), guest: camera("guest", 190) };

  const open = async (flags: readonly string[] = [], size = DESK): Promise<Visit> => {
    const opened = await visit({ flags, size });
    visits.push(opened);
    return opened;
  };
  const command = (done: unknown) => api(clerk.page, "POST", `/meetings/${meeting.id}/commands`, done);

  beforeAll(async () => {
    site = await openSite();
    clerk = await open();
    await signIn(clerk.page, site, "/");
    await settled(clerk.page);
    const units = await api<{ items: { id: string; parent: string | null }[] }>(clerk.page, "GET", "/units");
    const root = units.items.find(({ parent }) => parent === null)?.id ?? "";
    const unit = await api<{ id: string }>(clerk.page, "POST", "/units", { parent: root, title: `都兰县${Date.now().toString(36)}`, kind: "region", level: "county" });
    const hall = await api<{ id: string }>(clerk.page, "POST", "/sites", { unit: root, title: "省防汛指挥中心" });
    const room = await api<{ id: string }>(clerk.page, "POST", "/sites", { unit: unit.id, title: "都兰县会议室" });
    [main, county] = [`site:${hall.id}`, `site:${room.id}`];
    await api(clerk.page, "POST", "/number-segments", { unit: root, range: `97${Date.now() % 1000}xx`.padEnd(7, "x") });
    await api(clerk.page, "POST", "/numbers", { kind: "site", id: room.id });
    const begin = { unit: root, title: "防汛会商", mode: "discussion", starts: Date.now() + 90_000, ends: Date.now() + 3_690_000 };
    const booked = await api<{ items: { id: string; number: string | null }[] }>(clerk.page, "POST", "/meetings", { ...begin, main, branches: [county], notice: "请各会场提前试音。" });
    const [first] = booked.items;
    if (!first) throw new Error("nothing was booked");
    meeting = first;
  });
  afterAll(async () => {
    await Promise.all(visits.map((visit) => visit.close()));
    site.close();
  });

  test("a venue's computer shows a code, and stands ready once the operator has typed it", async () => {
    stand = await open([...cameras.county.flags]);
    await stand.page.goto(`${site.url}/stand`);
    const code = stand.page.locator("[data-code]");
    await expect.poll(() => code.getAttribute("data-code"), PATIENT).toMatch(/^\d{8}$/);
    await picture(stand.page, "stand-pairing-desk-zh", folder);
    await expectAccessible(stand.page);

    await clerk.page.goto(`${site.url}/ops/stands`);
    await clerk.page.getByLabel("会场", { exact: true }).selectOption(county.replace("site:", ""));
    await clerk.page.getByText("这个会场还没有电脑").waitFor();
    await press(clerk.page.locator("[data-do=pair]"));
    const dialog = clerk.page.getByRole("dialog");
    await dialog.getByLabel("电脑上显示的号码").fill("0000 0000");
    await dialog.getByRole("button", { name: "配对一台电脑" }).click();
    await dialog.getByText("号码不对").waitFor();
    await dialog.getByLabel("电脑上显示的号码").fill((await code.getAttribute("data-code")) ?? "");
    await dialog.getByLabel("电脑名称").fill("大会议室");
    await dialog.getByRole("button", { name: "配对一台电脑" }).click();
    await dialog.getByText("已配对：大会议室").waitFor();
    await dialog.getByRole("button", { name: "完成" }).click();

    await stand.page.locator("[data-stand=ready]").waitFor();
    expect(await stand.page.locator("h1").textContent()).toBe("都兰县会议室");
    await stand.page.locator(`[data-next="${meeting.id}"]`, { hasText: "防汛会商" }).waitFor();
    await stand.page.locator("[data-number]").waitFor();
    await picture(stand.page, "stand-ready-desk-zh", folder);
    await expectAccessible(stand.page);
    await expectTargets(stand.page);
    await expectNoSidewaysScroll(stand.page);
    await clerk.page.locator("[data-computer=大会议室]", { hasText: "在线" }).waitFor();
    await picture(clerk.page, "stand-ops-desk-zh", folder);
    await expectAccessible(clerk.page);
    // Another reload is no other computer.
    await stand.page.reload();
    await stand.page.locator("[data-stand=ready]").waitFor();
  });

  test("it rings when the meeting opens, answers when the chair calls, and is in with its picture", async () => {
    chair = await open([...cameras.main.flags]);
    await signIn(chair.page, site, `/meetings/${meeting.id}/join?venue=${encodeURIComponent(main)}`);
    await chair.page.locator("main video").waitFor();
    await press(chair.page.locator("[data-enter=camera]"));
    await chair.page.locator("[data-state=connected]").waitFor();
    await stand.page.locator("[data-ringing=opened]").waitFor();
    // By its rule it rings, and stays outside until it is called.
    await stand.page.waitForTimeout(6_000);
    await stand.page.locator("[data-ringing=opened]").waitFor();
    await picture(stand.page, "stand-ringing-desk-zh", folder);
    await expectAccessible(stand.page);

    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=doors]"));
    const called = Date.now();
    await press(chair.page.locator("[data-do=redial_all]"));
    await stand.page.locator("[data-ringing=chair]").waitFor();
    process.stdout.write(`rings after ${Date.now() - called} ms\n`);
    await stand.page.locator("[data-stand=inside] [data-state=connected]").waitFor({ timeout: 20_000 });
    process.stdout.write(`in after ${Date.now() - called} ms\n`);
    await untilShows(stand.page, large, cameras.main);
    await command({ act: "broadcast", venue: county });
    await press(chair.page.locator("[data-act=desk]"));
    await untilShows(chair.page, large, cameras.county);
    await stand.page.locator("[data-about=broadcast]").waitFor();
    await picture(stand.page, "stand-inside-desk-zh", folder);
    await command({ act: "end_broadcast" });
  });

  test("a computer whose browser is started anew goes back to its seat by itself", async () => {
    await stand.page.reload();
    await stand.page.locator("[data-stand=inside] [data-state=connected]").waitFor({ timeout: 20_000 });
    await untilShows(stand.page, large, cameras.main);
  });

  test("a guest opens the link, waits, is admitted by the chair, seen, and keeps the seat over a reload", async () => {
    await clerk.page.goto(`${site.url}/meetings`);
    await press(clerk.page.locator("[data-meeting=防汛会商]").getByRole("button", { name: "详情" }));
    await press(clerk.page.locator("[data-do=guest_link]"));
    await clerk.page.getByLabel("给谁").fill("设计院专家");
    await clerk.page.getByRole("dialog").getByRole("button", { name: "新建来宾链接" }).click();
    const address = (await clerk.page.locator("[data-guest-address]").textContent())?.trim() ?? "";
    expect(address).toMatch(/\/guest#[0-9a-f]{32}$/);
    await picture(clerk.page, "guest-link-desk-zh", folder);
    await expectAccessible(clerk.page);

    const phone = await open([...cameras.guest.flags], PHONE);
    await phone.page.goto(address);
    await settled(phone.page);
    await phone.page.locator("main video").waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, "guest-join-phone-zh", folder, true);
    await phone.close();
    visits.splice(visits.indexOf(phone), 1);

    guest = await open([...cameras.guest.flags]);
    await guest.page.goto(address);
    await guest.page.locator("[data-guest-name]").fill("王工 省设计院");
    await guest.page.locator("main video").waitFor();
    await picture(guest.page, "guest-join-desk-zh", folder);
    await expectAccessible(guest.page);
    await expectTargets(guest.page);
    await press(guest.page.locator("[data-enter=camera]"));
    await guest.page.locator("[data-waiting=true]", { hasText: "请各会场提前试音" }).waitFor();

    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=doors]"));
    const waiting = chair.page.locator("[data-waiting-venue^='guest:']");
    await expect.poll(() => waiting.textContent(), PATIENT).toContain("王工 省设计院(来宾)");
    await picture(chair.page, "guest-waiting-desk-zh", folder);
    const venue = (await waiting.getAttribute("data-waiting-venue")) ?? "";
    await press(waiting.locator("[data-do=admit]"));
    await guest.page.locator("[data-state=connected]").waitFor({ timeout: 10_000 });
    await untilShows(guest.page, large, cameras.main);
    await command({ act: "broadcast", venue });
    await press(chair.page.locator("[data-act=desk]"));
    await untilShows(chair.page, large, cameras.guest);
    await untilShows(stand.page, large, cameras.guest);
    await picture(chair.page, "guest-seen-desk-zh", folder);
    await picture(guest.page, "guest-inside-desk-zh", folder);

    await guest.page.reload();
    await guest.page.getByText("以“王工 省设计院”入会").waitFor();
    await guest.page.locator("main video").waitFor();
    await press(guest.page.locator("[data-enter=camera]"));
    await guest.page.locator("[data-state=connected]").waitFor({ timeout: 10_000 });
    const people = chair.page.locator(`[data-person^='guest:']`);
    await expect.poll(() => people.count(), PATIENT).toBe(1);
    expect(await people.getAttribute("data-person")).toBe(venue);
    await command({ act: "end_broadcast" });
  });

  test("a meeting is joined by its number; a wrong one is answered clearly", async () => {
    expect(meeting.number).toMatch(/^\d{5,}$/);
    await clerk.page.goto(`${site.url}/meetings`);
    await clerk.page.locator("[data-meeting=防汛会商] [data-number]", { hasText: meeting.number ?? "" }).waitFor();
    await picture(clerk.page, "meetings-number-desk-zh", folder);
    await clerk.page.getByRole("link", { name: "按号码入会" }).click();
    const field = clerk.page.getByLabel("会议号或链接");
    await field.fill("9999999");
    await clerk.page.keyboard.press("Enter");
    await clerk.page.getByText("没有这个号码").waitFor();
    await picture(clerk.page, "join-number-desk-zh", folder);
    await expectAccessible(clerk.page);
    await expectTargets(clerk.page);
    const number = meeting.number ?? "";
    await field.fill(`${number.slice(0, 3)} ${number.slice(3)}`);
    await clerk.page.keyboard.press("Enter");
    await clerk.page.waitForURL((url) => url.pathname === `/meetings/${meeting.id}/join`);
    await clerk.page.getByRole("heading", { name: "防汛会商" }).waitFor();
    await clerk.page.goto(`${site.url}/`);
  });

  test("with a second screen the slides are there, and the speaker stays on the first", async () => {
    const [slides] = await Promise.all([stand.page.context().waitForEvent("page"), stand.page.goto(`${site.url}/stand?screen=speaker`)]);
    await stand.page.locator("[data-stand=inside] [data-state=connected]").waitFor({ timeout: 20_000 });
    await slides.getByText("材料显示在这块屏幕上").waitFor();
    await picture(slides, "stand-second-empty-zh", folder);
    await chair.page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [1280, 720];
      const context = canvas.getContext("2d");
      const draw = () => {
        if (!context) return;
        context.fillStyle = "rgb(225, 225, 225)";
        context.fillRect(0, 0, 1280, 720);
        context.fillStyle = "black";
        context.font = "64px sans-serif";
        context.fillText(`水情简报 ${Math.round(performance.now() / 1000)}`, 80, 160);
      };
      setInterval(draw, 200);
      draw();
      const [track] = canvas.captureStream(5).getVideoTracks();
      if (track) await window.yizhanRoom?.localParticipant.publishTrack(track, { source: "screen_share" as never, simulcast: false });
    });
    await untilShows(slides, "video", SLIDES);
    await untilShows(stand.page, large, cameras.main);
    expect(await stand.page.locator("[data-place=slides]").count()).toBe(0);
    await picture(slides, "stand-second-slides-zh", folder);
    await picture(stand.page, "stand-second-speaker-zh", folder);
    // On one screen both are beside each other.
    await guest.page.locator("[data-place=slides] video").waitFor();
  });

  test("after the meeting it stands ready again", async () => {
    await command({ act: "close" });
    await stand.page.locator("[data-stand=ready]").waitFor({ timeout: 20_000 });
    await stand.page.getByText("今天没有会议").waitFor();
    await picture(stand.page, "stand-after-desk-zh", folder);
    for (const { faults } of [stand, guest, chair, clerk]) expectNoFaults(faults, /status of 40[1349]|WebSocket|data ?channel|ERR_/i);
  });

  test("who takes the pairing away sends the computer back to its code", async () => {
    await clerk.page.goto(`${site.url}/ops/stands`);
    await clerk.page.getByLabel("会场", { exact: true }).selectOption(county.replace("site:", ""));
    await press(clerk.page.getByRole("button", { name: "解除配对 大会议室" }));
    await clerk.page.getByRole("dialog").getByRole("button", { name: "解除配对" }).click();
    await stand.page.locator("[data-stand=unpaired]").waitFor({ timeout: 20_000 });
  });
});
