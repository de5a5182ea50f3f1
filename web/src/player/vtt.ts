// The seek bar's pictures: a WebVTT file whose cues name a rectangle of a sprite (`sprite-0.jpg#xywh=160,0,160,90`).

export interface Thumbnail {
  fromSeconds: number;
  toSeconds: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

function secondsOf(stamp: string): number {
  const parts = stamp.trim().split(":").map(Number);
  return parts.reduce((total, part) => total * 60 + part, 0);
}

/** Cues that cannot be read are left out: a missing picture is better than no player. */
export function parseThumbnails(text: string, base: string): Thumbnail[] {
  const found: Thumbnail[] = [];
  const cue = /([\d:.]+)\s+-->\s+([\d:.]+)[^\n]*\n([^\n]+)/g;
  for (const [, from = "", to = "", payload = ""] of text.replace(/\r\n?/g, "\n").matchAll(cue)) {
    const area = /^(.*)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(payload.trim());
    const fromSeconds = secondsOf(from);
    const toSeconds = secondsOf(to);
    if (!area || Number.isNaN(fromSeconds) || Number.isNaN(toSeconds)) continue;
    const [x = 0, y = 0, width = 0, height = 0] = area.slice(2).map(Number);
    found.push({ fromSeconds, toSeconds, url: new URL(area[1] ?? "", base).href, x, y, width, height });
  }
  return found;
}

export function thumbnailAt(thumbnails: Thumbnail[], seconds: number): Thumbnail | undefined {
  return thumbnails.find(({ fromSeconds, toSeconds }) => seconds >= fromSeconds && seconds < toSeconds) ?? (seconds > 0 ? thumbnails.at(-1) : thumbnails[0]);
}
