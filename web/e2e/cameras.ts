import { closeSync, mkdtempSync, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

import { MEDIA_FLAGS } from "./browser";

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
}

/** The film of a camera (YUV4MPEG2, which Chromium plays in a ring), and the switches to use it. */
export function camera(name: string, luma: number): Camera {
  const path = join(mkdtempSync(join(tmpdir(), "yizhan-camera-")), `${name}.y4m`);
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
  return { flags: [...MEDIA_FLAGS, `--use-file-for-fake-video-capture=${path}`], shade: seenAs(luma) };
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
export async function untilShows(page: Page, selector: string, { shade }: Camera, timeout = 30_000): Promise<number> {
  const begun = Date.now();
  await page.waitForFunction(SHOWS, { selector, shade }, { timeout, polling: 40 });
  return Date.now() - begun;
}
