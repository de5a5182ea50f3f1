import type { NumberSegment, NumberUse } from "../../../api/model";

export interface PlacedSegment {
  segment: NumberSegment;
  depth: number;
}

/** The server lists each segment before its parts: only how deep each stands is missing. */
export function placedSegments(segments: NumberSegment[]): PlacedSegment[] {
  const depths = new Map<string, number>();
  return segments.map((segment) => {
    const depth = segment.parent === null ? 0 : (depths.get(segment.parent) ?? -1) + 1;
    depths.set(segment.id, depth);
    return { segment, depth };
  });
}

/** What a segment's numbers became, in the order of the bar. */
export const PARTS = ["given", "handed_down", "reserved", "resting"] as const;

export type Part = (typeof PARTS)[number];

/** How much of it is gone, in whole percent; full only when nothing is left, and never empty when something is gone. */
export function usedPercent(usage: NumberUse): number {
  if (usage.free === 0) return 100;
  if (usage.free === usage.total) return 0;
  return Math.min(99, Math.max(1, Math.round((1 - usage.free / usage.total) * 100)));
}

/** Ranges as typed, apart by blanks or commas of either script. */
export function rangesOf(text: string): string[] {
  return text.split(/[\s,;\uFF0C\uFF1B\u3001]+/).filter((range) => range !== "");
}
