import type { Stream } from "./report";

// Adds up how long pictures stood still, from readings of the browser's counters (`totalFreezesDuration`). Pure.

/** What is shorter is nothing to tell: a picture that changes its layer stops for a moment. */
const LEAST_MS = 500;

/**
 * Of several pictures the one in the middle counts. When one of sixteen stands still, that is the line of who sends it; when most do, it is this one.
 * Where a single one is large, it alone is read, as people look at it.
 */
function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0;
}

export class Freezes {
  private before = new Map<string, Stream>();
  private ms = 0;

  /** Takes a reading of the pictures that are looked at, by their tracks' names. Null: nobody looks. */
  read(pictures: ReadonlyMap<string, Stream> | null): void {
    const stood: number[] = [];
    const now = new Map<string, Stream>();
    for (const [key, stream] of pictures ?? []) {
      // Firefox does not count; nothing is made up for it.
      if (stream.direction !== "in" || stream.kind !== "video" || stream.freezeMs === null) continue;
      now.set(key, stream);
      const before = this.before.get(key);
      // A camera that sends nothing stands still by its owner's wish. A counter that went back is another stream's under the same name.
      if (before?.freezeMs == null || stream.bytes <= before.bytes) continue;
      stood.push(Math.max(0, stream.freezeMs - before.freezeMs));
    }
    this.before = now;
    this.ms += middle(stood);
  }

  /** What there is to tell, which is then told; 0: nothing. */
  take(): number {
    if (this.ms < LEAST_MS) return 0;
    const ms = this.ms;
    this.ms = 0;
    return ms;
  }

  /** It could not be told, and is told with the next. */
  giveBack(ms: number): void {
    this.ms += ms;
  }
}
