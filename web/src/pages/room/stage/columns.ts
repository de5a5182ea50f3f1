// How many tiles stand beside one another.

/** Columns for so many tiles on a wide window: as near to its own shape as whole tiles allow. */
export function columnsFor(tiles: number): number {
  return Math.min(6, Math.max(1, Math.ceil(Math.sqrt(tiles))));
}

/** On a phone held upright: two of them lie over one another, more stand in pairs. */
export function narrowColumnsFor(tiles: number): number {
  return tiles <= 2 ? 1 : tiles <= 8 ? 2 : 3;
}
