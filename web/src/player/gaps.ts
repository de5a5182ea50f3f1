import type { Asset } from "../api/model";

/** A gap on the seek bar, in fractions of its length. */
export interface Mark {
  start: number;
  end: number;
  from: number;
  to: number;
}

const TOLERANCE_MS = 1_500;

/** Where the gaps of a cut lie on the bar. A player may keep a gap as empty time or skip it; the length tells which: where the time is skipped, a gap is a mark without width. */
export function gapMarks({ from, to, duration_ms: length, gaps }: Pick<Asset, "from" | "to" | "duration_ms" | "gaps">): Mark[] {
  if (length <= 0 || to <= from) return [];
  const inside = gaps
    .map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to, to) }))
    .filter((gap) => gap.to > gap.from)
    .sort((one, other) => one.from - other.from);
  const missing = inside.reduce((total, gap) => total + gap.to - gap.from, 0);
  const skipped = length < to - from - missing / 2 - TOLERANCE_MS;
  let before = 0;
  return inside.map((gap) => {
    const width = gap.to - gap.from;
    const start = gap.from - from - (skipped ? before : 0);
    before += width;
    const at = (ms: number) => Math.min(1, Math.max(0, ms / length));
    return { start: at(start), end: at(skipped ? start : start + width), from: gap.from, to: gap.to };
  });
}
