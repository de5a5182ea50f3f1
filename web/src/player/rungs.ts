// Names and limits of the rungs of a ladder.

/** The height a rung's name stands for (`480p`); null for `source`, sound and whatever else. */
export function heightOf(rung: string | null): number | null {
  const found = /^(\d{3,4})p$/.exec(rung ?? "");
  return found ? Number(found[1]) : null;
}

/** Whether a rung goes over the line's advice. The lowest rung there is is always allowed: a picture too large beats none. */
export function overAdvice(height: number, capHeight: number | null, lowest: number): boolean {
  return capHeight !== null && height > capHeight && height > lowest;
}

export interface Rung {
  /** Index among the player's levels, which change when a level is taken away; the height does not. */
  height: number;
  bitrateBps: number;
  name: string;
  over: boolean;
}

/** The menu's rungs from what a playlist offers, best first, one for each height. */
export function rungsOf(levels: { height: number; bitrate: number }[], capHeight: number | null): Rung[] {
  const heights = new Map<number, number>();
  for (const { height, bitrate } of levels) if (height > 0) heights.set(height, Math.max(bitrate, heights.get(height) ?? 0));
  const lowest = Math.min(...heights.keys());
  return [...heights]
    .sort(([one], [other]) => other - one)
    .map(([height, bitrateBps]) => ({ height, bitrateBps, name: `${height}p`, over: overAdvice(height, capHeight, lowest) }));
}
