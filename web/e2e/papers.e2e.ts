import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DESK, expectAccessible, expectNoFaults, expectNoSidewaysScroll, expectTargets, openSite, PHONE, picture, press, settled, signIn, visit, type Site, type Visit } from "./browser";

const folder = process.env.YIZHAN_PICTURES ?? join(tmpdir(), "yizhan-pictures");
const STAMP = Date.now().toString(36);
const PASSWORD = "three unrelated words";
const TITLE = `全省水利工作会议 ${STAMP}`;
const NEW_TITLE = `全省水利工作视频会议 ${STAMP}`;
const PAPER = "水情简报 第12期";

/** A PDF of so many pages. The Chinese font is not in it: the reader's own tables must know its characters. */
function pdf(pages: number): Buffer {
  const hex = (text: string) => Buffer.from(text, "utf16le").swap16().toString("hex");
  const kids = Array.from({ length: pages }, (_, at) => `${10 + at * 2} 0 R`).join(" ");
  const objects: [number, string][] = [
    [1, "<< /Type /Catalog /Pages 2 0 R >>"],
    [2, `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`],
    [3, "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>"],
    [4, "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor 5 0 R >>"],
    [5, "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"],
  ];
  for (let at = 0; at < pages; at += 1) {
    const text = `BT /F1 36 Tf 60 480 Td <${hex("青海省水利厅")}> Tj 0 -60 Td <${hex(`水情简报 第${at + 1}页`)}> Tj ET ${at % 2 === 0 ? "0.8 0.2 0.2" : "0.2 0.3 0.8"} rg 60 ${120 + at * 40} 400 60 re f`;
    objects.push([10 + at * 2, `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << /Font << /F1 3 0 R >> >> /Contents ${11 + at * 2} 0 R >>`]);
    objects.push([11 + at * 2, `<< /Length ${text.length} >>\nstream\n${text}\nendstream`]);
  }
  let body = "%PDF-1.7\n";
  const offsets = new Map<number, number>();
  for (const [number, content] of objects) {
    offsets.set(number, body.length);
    body += `${number} 0 obj\n${content}\nendobj\n`;
  }
  const most = Math.max(...offsets.keys());
  const rows = Array.from({ length: most + 1 }, (_, number) => (offsets.has(number) ? `${String(offsets.get(number)).padStart(10, "0")} 00000 n \n` : "0000000000 65535 f \n"));
  return Buffer.from(`${body}xref\n0 ${most + 1}\n${rows.join("")}trailer\n<< /Size ${most + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`, "latin1");
}

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

interface Booked {
  id: string;
  title: string;
  starts: number;
  column: string | null;
  agenda: { title: string }[];
  desk: { name: string }[];
}

describe.skipIf(!process.env.YIZHAN_URL)("papers of a meeting", () => {
  let site: Site;
  let clerk: Visit;
  let meeting: string;
  let mainVenue: string;
  let countyVenue: string;
  const county = { name: `papers-${STAMP}`, password: PASSWORD };
  const visits: Visit[] = [];

  const come = async (size = DESK, language?: "en"): Promise<Visit> => {
    const came = await visit({ size, ...(language && { language }) });
    visits.push(came);
    return came;
  };

  beforeAll(async () => {
    site = await openSite();
    clerk = await visit({ size: DESK });
    await signIn(clerk.page, site, "/meetings");
    await settled(clerk.page);
    const { page } = clerk;
    const units = await api<{ items: { id: string; parent: string | null }[] }>(page, "GET", "/units");
    const root = units.items.find(({ parent }) => parent === null)?.id ?? "";
    mainVenue = `site:${(await api<{ id: string }>(page, "POST", "/sites", { unit: root, title: `省厅会议室 ${STAMP}` })).id}`;
    const unit = await api<{ id: string }>(page, "POST", "/units", { parent: root, title: `都兰县 ${STAMP}`, kind: "region", level: "county" });
    countyVenue = `site:${(await api<{ id: string }>(page, "POST", "/sites", { unit: unit.id, title: `都兰县水利局 ${STAMP}`, capacity_kbps: 4_000 })).id}`;
    const person = await api<{ id: string }>(page, "POST", "/people", { ...county, display_name: "卓玛", unit: unit.id });
    await api(page, "POST", "/grants", { person: person.id, role: "chair", unit: unit.id });
    await api(page, "POST", "/people", { name: `li-${STAMP}`, display_name: `李秘书${STAMP}`, unit: root, password: PASSWORD });
    // Somebody else chairs: the clerk of these tests chairs other meetings at the same time.
    await api(page, "POST", "/people", { name: `wang-${STAMP}`, display_name: `王厅长${STAMP}`, unit: root, password: PASSWORD });
    await api(page, "POST", "/columns", { id: `p-${STAMP}`, title: `水利会议 ${STAMP}` });
  });
  afterAll(async () => {
    await Promise.all([...visits, clerk].map((one) => one.close()));
    site.close();
  });

  test("a clerk books with agenda, group, column, desk, repeat and a paper", async () => {
    const { page } = clerk;
    await page.goto(`${site.url}/meetings/new`);
    await settled(page);
    await page.locator("input[data-autofocus]").fill(TITLE);
    await picture(page, "booking-short-desk-zh", folder, true);
    await page.getByLabel("主持人").fill(`wtz${STAMP}`);
    await page.locator(`[data-person="王厅长${STAMP}"]`).click();
    await page.locator("[data-repeat]").selectOption("week");
    await page.getByLabel("次数").fill("2");
    await page.getByLabel("主会场", { exact: true }).selectOption(mainVenue);
    await page.getByPlaceholder("按名称查找会场").fill(STAMP);
    await page.getByLabel(new RegExp(`都兰县水利局 ${STAMP}`)).check();
    await press(page.getByRole("button", { name: "会场组…" }));
    await page.getByPlaceholder("例如：各地市").fill(`水利组 ${STAMP}`);
    await press(page.getByRole("button", { name: "存为一组" }));
    await page.locator(`[data-group="水利组 ${STAMP}"]`).waitFor();
    // The group brings what was taken out.
    await page.getByLabel(new RegExp(`都兰县水利局 ${STAMP}`)).uncheck();
    await press(page.locator(`[data-group="水利组 ${STAMP}"]`));
    expect(await page.getByLabel(new RegExp(`都兰县水利局 ${STAMP}`)).isChecked()).toBe(true);

    await press(page.locator("[data-more] > summary"));
    await press(page.getByRole("button", { name: "增加一项议程" }));
    await page.getByLabel("第 1 项").fill("水情通报");
    await page.locator("[data-point='0']").getByLabel("发言").fill("省水文局");
    await press(page.getByRole("button", { name: "增加一项议程" }));
    await page.getByLabel("第 2 项").fill("部署安排");
    await page.getByLabel("会务和秘书").fill(`lms${STAMP}`);
    await page.locator(`[data-person="李秘书${STAMP}"]`).click();
    await page.getByLabel("录像存入栏目").selectOption({ label: `水利会议 ${STAMP}` });
    await page.locator("[data-files]").setInputFiles({ name: `${PAPER}.pdf`, mimeType: "application/pdf", buffer: pdf(3) });
    await page.locator(`[data-pending="${PAPER}.pdf"] select`).selectOption("0");
    // Asked by itself, before anybody presses anything.
    await page.getByText("会场和线路都有空").waitFor({ timeout: 15_000 });
    await expectAccessible(page);
    await picture(page, "booking-whole-desk-zh", folder, true);
    await press(page.getByRole("button", { name: "预定", exact: true }));
    await page.locator(`[data-paper="${PAPER}"]`).waitFor({ timeout: 20_000 });
    meeting = (await page.locator("[data-overview]").getAttribute("data-overview")) ?? "";
    const booked = await api<Booked>(page, "GET", `/meetings/${meeting}`);
    expect(booked).toMatchObject({ title: TITLE, column: `p-${STAMP}`, agenda: [{ title: "水情通报" }, { title: "部署安排" }], chair_name: `王厅长${STAMP}` });
    // Who books for another runs the desk, too.
    expect(booked.desk.map(({ name }) => name)).toEqual(expect.arrayContaining([`李秘书${STAMP}`, "管理员"]));
    await expectAccessible(page);
    await expectTargets(page);
    await picture(page, "meeting-overview-desk-zh", folder, true);
  });

  test("what is booked is changed in the same form, this one and all that follow", async () => {
    const { page } = clerk;
    await press(page.getByRole("link", { name: "修改会议" }));
    await page.locator("[data-booking]").waitFor();
    await page.locator("input[data-autofocus]").fill(NEW_TITLE);
    await page.locator("[data-scope]").getByText("这次和以后的").click();
    await picture(page, "booking-change-desk-zh", folder, true);
    await press(page.getByRole("button", { name: "保存修改" }));
    await page.getByRole("heading", { level: 1, name: NEW_TITLE }).waitFor();
    const series = await api<{ items: Booked[] }>(page, "GET", `/meetings?from=${Date.now()}&to=${Date.now() + 20 * 86_400_000}`);
    expect(series.items.filter(({ title }) => title === NEW_TITLE)).toHaveLength(2);
  });

  test("a county finds its notices, unread ones counted, and answers from there", async () => {
    const { page } = await come();
    await signIn(page, { ...site, ...county }, "/notices");
    await page.locator("[data-notice=changed]").first().waitFor();
    const unread = Number(await page.locator("[data-unread]").getAttribute("data-unread"));
    expect(unread).toBeGreaterThanOrEqual(2);
    await expectAccessible(page);
    await expectTargets(page);
    await picture(page, "notices-desk-zh", folder);
    await press(page.locator("[data-read-all]"));
    await page.locator("[data-unread='0']").waitFor();
    await press(page.locator("[data-notice=invited]").first().getByRole("link", { name: "回复" }));
    await page.locator("[data-overview]").waitFor();
    // Not handed out yet.
    expect(await page.locator(`[data-paper="${PAPER}"]`).count()).toBe(0);
    const phone = await come(PHONE, "en");
    await signIn(phone.page, { ...site, ...county }, "/notices");
    await phone.page.locator("[data-notice]").first().waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, "notices-phone-en", folder);
    await phone.close();
    visits.splice(visits.indexOf(phone), 1);
  });

  test("an own address of mail is set by oneself", async () => {
    const { page } = visits[0] ?? clerk;
    await page.goto(`${site.url}/password`);
    await page.locator("[data-own-email] input").fill("zhuoma@gov.example");
    await press(page.locator("[data-own-email] button[type=submit]"));
    await page.getByText("邮箱已保存").waitFor();
    await picture(page, "account-desk-zh", folder);
  });

  test("the chair shows page 2, the branch sees page 2, and the desk has its receipt", async () => {
    const chair = await come();
    await signIn(chair.page, site, `/meetings/${meeting}/join?venue=${encodeURIComponent(mainVenue)}&auto=view`);
    await chair.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });
    const branch = await come();
    await signIn(branch.page, { ...site, ...county }, `/meetings/${meeting}/join?venue=${encodeURIComponent(countyVenue)}&auto=view`);
    await branch.page.locator("[data-state=connected]").waitFor({ timeout: 30_000 });

    await press(chair.page.locator("[data-act=papers]"));
    await press(chair.page.locator(`[data-paper="${PAPER}"] [data-show]`));
    await chair.page.locator("[data-place=paper] canvas[data-page='1']").waitFor({ timeout: 30_000 });
    await press(chair.page.locator("[data-place=paper] [data-turn=on]"));
    await branch.page.locator("[data-place=paper][data-paper-page='2'] canvas[data-page='2']").waitFor({ timeout: 30_000 });
    await chair.page.locator("[data-place=paper] canvas[data-page='2']").waitFor();
    await expectAccessible(branch.page);
    await picture(chair.page, "papers-chair-desk-zh", folder);
    await picture(branch.page, "papers-branch-desk-zh", folder);

    // The branch looks by itself, and follows again.
    await press(branch.page.locator("[data-place=paper] [data-turn=on]"));
    await branch.page.locator("[data-place=paper][data-follows=false] canvas[data-page='3']").waitFor();
    await press(chair.page.locator("[data-place=paper] [data-turn=back]"));
    await chair.page.locator("[data-place=paper] canvas[data-page='1']").waitFor();
    expect(await branch.page.locator("[data-place=paper]").getAttribute("data-paper-page")).toBe("3");
    await press(branch.page.locator("[data-follow]"));
    await branch.page.locator("[data-place=paper][data-follows=true] canvas[data-page='1']").waitFor();

    await press(chair.page.locator("[data-act=desk]"));
    await press(chair.page.locator("[data-tool=texts]"));
    await chair.page.locator("[data-set=agenda]").selectOption("0");
    await press(chair.page.locator("[data-tool=papers]"));
    await chair.page.locator(`[data-desk-paper="${PAPER}"] canvas[data-page='1']`).waitFor();
    await chair.page.locator("[data-receipts='1']").waitFor({ timeout: 20_000 });
    await picture(chair.page, "papers-desk-desk-zh", folder);
    await press(chair.page.locator("[data-receipts='1']"));
    await chair.page.locator(`[data-opened-by="都兰县水利局 ${STAMP}"]`).waitFor();
    await picture(chair.page, "papers-receipts-desk-zh", folder);
    await chair.page.keyboard.press("Escape");
  });

  test("who comes late finds the agenda with the point now discussed, and the papers, at the door", async () => {
    const late = await come(PHONE);
    await signIn(late.page, { ...site, ...county }, `/meetings/${meeting}/join?venue=${encodeURIComponent(countyVenue)}`);
    await late.page.locator("[data-agenda='0']").waitFor({ timeout: 20_000 });
    expect(await late.page.locator("[data-agenda]").textContent()).toContain("水情通报");
    await late.page.locator(`[data-paper="${PAPER}"]`).waitFor();
    await expectNoSidewaysScroll(late.page);
    await picture(late.page, "papers-door-phone-zh", folder, true);
    await press(late.page.locator(`[data-paper="${PAPER}"] button`).first());
    await late.page.locator("[data-reader] canvas[data-page='1']").waitFor({ timeout: 20_000 });
    await picture(late.page, "papers-reader-phone-zh", folder);
    await late.close();
    visits.splice(visits.indexOf(late), 1);
  });

  test("a page that calls itself a paper is refused, and a paper cannot run anything here", async () => {
    const { page } = clerk;
    const tried = await page.evaluate(
      async ([meeting]) => {
        const html = await fetch(`/api/v1/meetings/${meeting ?? ""}/papers?name=x.pdf`, { method: "POST", body: "<html><script>alert(1)</script></html>" });
        const list = (await (await fetch(`/api/v1/meetings/${meeting ?? ""}/papers`)).json()) as { items: { id: string }[] };
        const file = await fetch(`/api/v1/meetings/${meeting ?? ""}/papers/${list.items[0]?.id ?? ""}/file`);
        return { status: html.status, policy: file.headers.get("content-security-policy"), sniff: file.headers.get("x-content-type-options"), name: file.headers.get("content-disposition") };
      },
      [meeting] as const,
    );
    expect(tried.status).toBe(415);
    expect(tried.policy).toMatch(/^sandbox;/);
    expect(tried.sniff).toBe("nosniff");
    expect(tried.name).toContain("filename*=UTF-8''%E6%B0%B4");
  });

  test("nothing was wrong in any page", async () => {
    await api(clerk.page, "POST", `/meetings/${meeting}/commands`, { act: "close" });
    for (const { faults } of [clerk, ...visits]) expectNoFaults(faults, /415|data ?channel/i);
  });
});
