import type { Row, Statistics } from "../room/stats/useStatistics";
import type { Said } from "./words";

// What one's line does, in people's words.

export interface LineState {
  /** Received, bits per second. */
  rateBps: number;
  /** Of what was sent to us, 0 to 100. */
  lossPercent: number;
  picture: "whole" | "smaller" | "paused";
  sound: "clear" | "broken";
}

/** Below this nobody hears or sees it. */
const NOTICED_PERCENT = 2;
/** Less than the least sound. */
const DEAD_BPS = 2_000;
/** RED and FEC mend less than this. */
const BROKEN_PERCENT = 20;

const worst = (rows: readonly Row[]) => Math.max(0, ...rows.map(({ lossPercent }) => lossPercent ?? 0));

/** The state of the way to us; null before two readings are there. */
export function lineState({ rows }: Statistics, { paused, isLarge }: { paused: boolean; isLarge: boolean }): LineState | null {
  const inward = rows.filter(({ stream }) => stream.direction === "in" && stream.bytes > 0);
  const rates = inward.flatMap(({ bitrateBps }) => (bitrateBps === null ? [] : [bitrateBps]));
  if (rates.length === 0) return null;
  const pictures = inward.filter(({ stream }) => stream.kind === "video");
  const best = pictures.some(({ stream }) => stream.layer === "high" || stream.layer === null);
  return {
    rateBps: rates.reduce((sum, rate) => sum + rate, 0),
    lossPercent: worst(inward),
    picture: paused ? "paused" : isLarge && pictures.length > 0 && !best ? "smaller" : "whole",
    sound: worst(inward.filter(({ stream }) => stream.kind === "audio")) >= BROKEN_PERCENT ? "broken" : "clear",
  };
}

/** A picture should come, and nothing does: not even its sound. */
export function isDead({ rateBps, picture }: LineState, isExpected: boolean): boolean {
  return isExpected && picture !== "paused" && rateBps < DEAD_BPS;
}

/** Only what is not as it should be is told by itself. */
export function isWorthTelling({ lossPercent, picture, sound }: LineState, quality: string): boolean {
  const poor = quality === "poor" || quality === "lost";
  return picture === "paused" || sound === "broken" || lossPercent >= NOTICED_PERCENT || (poor && picture !== "whole");
}

/** “本会场线路 640 kb/s，丢包 4 %：画面已调小，声音正常” */
export function lineSaid({ rateBps, lossPercent, picture, sound }: LineState, rate: (bps: number) => string): Said {
  return { key: `hall.line.${picture}_${sound}`, values: { rate: rate(rateBps), loss: Math.round(lossPercent) } };
}
