import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { MEDIA_FLAGS, openSite, signIn, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

interface Plain {
  pc: RTCPeerConnection;
  resource: string;
  etag: string;
  video?: HTMLVideoElement;
}
declare global {
  interface Window {
    plain: Plain;
  }
}

const token = (page: Page, room: string) =>
  page.evaluate(async (room) => ((await (await fetch(`/api/v1/rooms/${room}/token`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })).json()) as { token: string }).token, room);

/** A browser as an encoder or a player: one POST, no other signalling. Pictures carry a number as eight bars. */
const enter = (page: Page, path: string, token: string, sends: boolean) =>
  page.evaluate(
    async ({ path, token, sends }) => {
      const pc = new RTCPeerConnection();
      let video: HTMLVideoElement | undefined;
      if (sends) {
        const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
        const context = canvas.getContext("2d") as CanvasRenderingContext2D;
        let number = 0;
        setInterval(() => {
          number = (number + 1) % 256;
          for (let bit = 0; bit < 8; bit++) {
            context.fillStyle = (number >> bit) & 1 ? "#fff" : "#000";
            context.fillRect(bit * 40, 0, 40, 180);
          }
        }, 50);
        for (const track of canvas.captureStream(20).getTracks()) pc.addTransceiver(track, { direction: "sendonly" });
        for (const track of (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks()) pc.addTransceiver(track, { direction: "sendonly" });
      } else {
        const element = (video = Object.assign(document.createElement("video"), { muted: true, autoplay: true }));
        document.body.append(element);
        const stream = new MediaStream();
        pc.ontrack = (event) => {
          stream.addTrack(event.track);
          element.srcObject = stream;
          void element.play();
        };
        pc.addTransceiver("video", { direction: "recvonly" });
        pc.addTransceiver("audio", { direction: "recvonly" });
      }
      await pc.setLocalDescription();
      const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/sdp", authorization: `Bearer ${token}` }, body: pc.localDescription?.sdp ?? "" });
      if (answer.status !== 201) return answer.status;
      await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
      window.plain = { pc, resource: answer.headers.get("location") ?? "", etag: answer.headers.get("etag") ?? "", ...(video && { video }) };
      return answer.status;
    },
    { path, token, sends },
  );

const number = (page: Page) =>
  page.evaluate(() => {
    const { video } = window.plain;
    if (!video?.videoWidth) return -1;
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.drawImage(video, 0, 0, 320, 180);
    return Array.from({ length: 8 }, (_, bit) => ((context.getImageData(bit * 40 + 20, 90, 1, 1).data[0] ?? 0) > 128 ? 1 << bit : 0)).reduce((a, b) => a + b, 0);
  });

async function expectCounting(page: Page): Promise<void> {
  const seen = new Set<number>();
  await expect
    .poll(
      async () => {
        const now = await number(page);
        if (now >= 0) seen.add(now);
        return seen.size;
      },
      { timeout: 30_000, interval: 120 },
    )
    .toBeGreaterThan(15);
}

// The stand-in does not speak WebRTC.
describe.skipIf(!process.env.YIZHAN_URL)("with a server", () => {
  test("an encoder comes by WHIP, a player by WHEP, and ICE begins anew under both", async () => {
    const room = `plain-${Date.now()}`;
    const encoder = await visit({ flags: MEDIA_FLAGS });
    const player = await visit({ flags: MEDIA_FLAGS });
    await signIn(encoder.page, site, "/rooms");
    await signIn(player.page, site, "/rooms");
    expect(await enter(player.page, `/whep/${room}`, await token(player.page, room), false)).toBe(409);
    expect(await enter(encoder.page, `/whip/${room}`, await token(encoder.page, room), true)).toBe(201);
    await expect.poll(() => encoder.page.evaluate(() => window.plain.pc.connectionState), { timeout: 15_000 }).toBe("connected");

    await encoder.page.evaluate(async () => {
      const { pc, resource, etag } = window.plain;
      pc.restartIce();
      await pc.setLocalDescription();
      const sdp = pc.localDescription?.sdp ?? "";
      const of = (name: string) => sdp.match(new RegExp(`a=${name}:(\\S+)`))?.[1] ?? "";
      const fragment = `a=ice-ufrag:${of("ice-ufrag")}\r\na=ice-pwd:${of("ice-pwd")}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:${of("mid")}\r\n`;
      const answer = await fetch(resource, { method: "PATCH", headers: { "content-type": "application/trickle-ice-sdpfrag", "if-match": etag }, body: fragment });
      if (answer.status !== 200 || answer.headers.get("etag") === etag) throw new Error(`restart: ${answer.status}`);
      const text = await answer.text();
      const theirs = (name: string) => text.match(new RegExp(`a=${name}:(\\S+)`))?.[1] ?? "";
      const remote = (pc.currentRemoteDescription?.sdp ?? "").replace(/a=ice-ufrag:.*/g, `a=ice-ufrag:${theirs("ice-ufrag")}`).replace(/a=ice-pwd:.*/g, `a=ice-pwd:${theirs("ice-pwd")}`);
      await pc.setRemoteDescription({ type: "answer", sdp: remote });
    });
    const sent = () => encoder.page.evaluate(async () => [...(await window.plain.pc.getStats()).values()].filter((s: { type: string }) => s.type === "transport").map((s: { selectedCandidatePairChanges: number; dtlsState: string }) => s.dtlsState).join());
    await expect.poll(sent, { timeout: 15_000 }).toBe("connected");

    // A person can be in a room once: the player is another.
    const second = await visit({ flags: MEDIA_FLAGS });
    const made = await encoder.page.evaluate(async () => {
      const units = (await (await fetch("/api/v1/units")).json()) as { items: { id: string }[] };
      const person = { name: `player-${Date.now()}`, display_name: "大厅屏", password: "three unrelated words", unit: units.items[0]?.id };
      await fetch("/api/v1/people", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(person) });
      return person;
    });
    await signIn(second.page, { ...site, ...made }, "/rooms");
    expect(await enter(second.page, `/whep/${room}`, await token(second.page, room), false)).toBe(201);
    await expectCounting(second.page);

    const gone = await second.page.evaluate(async () => (await fetch(window.plain.resource, { method: "DELETE" })).status);
    expect(gone).toBe(200);
    const again = await second.page.evaluate(async () => (await fetch(window.plain.resource, { method: "DELETE" })).status);
    expect(again).toBe(404);
    await Promise.all([encoder.close(), player.close(), second.close()]);
  });
});
