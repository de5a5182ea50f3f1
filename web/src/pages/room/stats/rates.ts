import type { Stream } from "./report";

// Arithmetic over two readings of the same counters. Pure.

/** How many values a small curve holds: a minute. */
export const HISTORY = 60;

/** Null with only one reading, and where a counter went back: then the stream is another one under the same id. */
export function bitrateBps(now: Stream, before: Stream | undefined): number | null {
  if (!before || now.atMs <= before.atMs || now.bytes < before.bytes) return null;
  return ((now.bytes - before.bytes) * 8000) / (now.atMs - before.atMs);
}

/** The share of packets lost since the reading before, 0 to 100. RTCP may count a loss back when a packet was only late: then it is 0. */
export function lossPercent(now: Stream, before: Stream | undefined): number | null {
  if (!before || now.packetsLost === null || before.packetsLost === null || now.packets < before.packets) return null;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  // The receiver counts what arrived, the sender what it sent, lost or not.
  const sent = now.packets - before.packets + (now.direction === "in" ? lost : 0);
  return sent <= 0 ? null : Math.min(100, (lost * 100) / sent);
}

export function pushed(history: readonly number[], value: number, most = HISTORY): number[] {
  return [...history, value].slice(-most);
}

/** The points of a curve, newest at the end, in a box of the given size; the highest value touches its top. */
export function curve(values: readonly number[], width: number, height: number, most = HISTORY): string {
  const top = Math.max(...values, 1);
  const step = width / Math.max(1, most - 1);
  const start = width - (values.length - 1) * step;
  return values.map((value, index) => `${(start + index * step).toFixed(1)},${(height - (Math.max(0, value) / top) * height).toFixed(1)}`).join(" ");
}
