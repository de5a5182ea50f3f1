import { closeSync, mkdtempSync, openSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

import { MEDIA_FLAGS } from "./browser";

/** A page of any browser, as far as it is looked at. */
export type Seen = Pick<Page, "evaluate" | "waitForFunction">;

// Cameras that can be told apart: each sends its own shade of grey, with a block that moves.

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 12;
const BLOCK = 48;

/** As the picture is read back (0 black … 255 white), for shades as they are sent (BT.601, 16 … 235). */
const seenAs = (luma: number) => ((luma - 16) * 255) / 219;

export interface Camera {
  flags: string[];
  shade: number;
  /** The tone that its microphone hears, in pulses; absent: the browser's own beep. */
  hertz?: number | undefined;
}

const RATE = 48_000;
const LOUD = 8_000;

/** Pulses of a tone, a third of a second each with as much silence between: what never changes is taken for noise and filtered out. */
function tone(path: string, hertz: number): void {
  const samples = RATE * 2;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write("WAVEfmt ", 8);
  for (const [at, value] of [[16, 16], [24, RATE], [28, RATE * 2], [40, samples * 2]] as const) bytes.writeUInt32LE(value, at);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]] as const) bytes.writeUInt16LE(value, at);
  bytes.write("data", 36);
  for (let at = 0; at < samples; at += 1) {
    const isOn = Math.floor((at * 3) / RATE) % 2 === 0;
    bytes.writeInt16LE(isOn ? Math.round(LOUD * Math.sin((2 * Math.PI * hertz * at) / RATE)) : 0, 44 + at * 2);
  }
  writeFileSync(path, bytes);
}

/** The film of a camera (YUV4MPEG2, which Chromium plays in a ring), a tone for its microphone, and the switches to use them. */
export function camera(name: string, luma: number, hertz?: number): Camera {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-camera-"));
  const path = join(folder, `${name}.y4m`);
  const file = openSync(path, "w");
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F15:1 Ip A1:1 C420jpeg\n`);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const bright = Buffer.alloc(WIDTH * HEIGHT, luma);
    for (let row = 0; row < BLOCK; row += 1) bright.fill(235, row * WIDTH + frame * BLOCK, row * WIDTH + (frame + 1) * BLOCK);
    writeSync(file, "FRAME\n");
    writeSync(file, bright);
    writeSync(file, Buffer.alloc((WIDTH * HEIGHT) / 2, 128));
  }
  closeSync(file);
  const flags = [...MEDIA_FLAGS, `--use-file-for-fake-video-capture=${path}`];
  if (hertz !== undefined) {
    tone(join(folder, `${name}.wav`), hertz);
    flags.push(`--use-file-for-fake-audio-capture=${join(folder, `${name}.wav`)}`);
  }
  return { flags, shade: seenAs(luma), hertz };
}

/** Whether a video of the page shows a camera's shade, below where its block moves. */
const SHOWS = ({ selector, shade }: { selector: string; shade: number }) => {
  const video = document.querySelector<HTMLVideoElement>(selector);
  if (!video || video.videoWidth === 0) return false;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [8, 8];
  const context = canvas.getContext("2d");
  if (!context) return false;
  context.drawImage(video, 0, video.videoHeight / 2, video.videoWidth, video.videoHeight / 2, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += data[at] ?? 0;
  return Math.abs(sum / 64 - shade) < 22;
};

/** Until a picture shows this camera; returns how long it took, in ms. */
export async function untilShows(page: Seen, selector: string, { shade }: Camera, timeout = 30_000): Promise<number> {
  const begun = Date.now();
  await page.waitForFunction(SHOWS, { selector, shade }, { timeout, polling: 40 });
  return Date.now() - begun;
}

/** The number of the frame that a picture shows, burnt in as the place of a bright block; null where none is shown. */
const NUMBER = ({ selector, frames }: { selector: string; frames: number }) => {
  const video = document.querySelector<HTMLVideoElement>(selector);
  if (!video || video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  // The blocks stand in the uppermost row, one beside the other, and fill nine tenths of it.
  [canvas.width, canvas.height] = [40, 1];
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.drawImage(video, 0, video.videoHeight / 30, video.videoWidth, video.videoHeight / 15, 0, 0, 40, 1);
  const { data } = context.getImageData(0, 0, 40, 1);
  let brightest = 0;
  for (let at = 0; at < 40; at += 1) if ((data[at * 4] ?? 0) > (data[brightest * 4] ?? 0)) brightest = at;
  return Math.min(frames - 1, Math.floor((brightest * 16) / 48));
};

/** Until a picture moves: its burnt-in number goes on, three times. Returns how long it took, in ms. */
export async function untilMoves(page: Page, selector: string, timeout = 30_000): Promise<number> {
  const begun = Date.now();
  const seen = new Set<number>();
  while (seen.size < 4) {
    if (Date.now() - begun > timeout) throw new Error(`${selector}: the picture stands still at ${[...seen].join(", ")} after ${timeout} ms`);
    const number = await page.evaluate(NUMBER, { selector, frames: FRAMES }).catch(() => null);
    if (number !== null) seen.add(number);
    await page.waitForTimeout(40);
  }
  return Date.now() - begun;
}

/** The loudest tone of a track within two seconds, in Hz; 0 where nothing is heard. */
export async function toneOf(page: Seen, identity: string, trackName: string | null): Promise<number> {
  return page.evaluate(
    async ([identity, trackName]) => {
      const person = window.yizhanRoom?.remoteParticipants.get(identity);
      const publication = [...(person?.audioTrackPublications.values() ?? [])].find((each) => (trackName === null ? each.source === "microphone" : each.trackName === trackName));
      const track = publication?.track?.mediaStreamTrack;
      if (!track) return 0;
      const context = new AudioContext();
      await context.resume();
      const analyser = context.createAnalyser();
      analyser.fftSize = 4096;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      const levels = new Float32Array(analyser.frequencyBinCount);
      let [loudest, hertz] = [-70, 0];
      for (let turn = 0; turn < 40; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        analyser.getFloatFrequencyData(levels);
        levels.forEach((level, bin) => {
          if (level > loudest) [loudest, hertz] = [level, (bin * context.sampleRate) / analyser.fftSize];
        });
      }
      await context.close();
      return hertz;
    },
    [identity, trackName] as const,
  );
}
