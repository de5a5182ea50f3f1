// Where each programme was left, on this desk only.

const KEY = "yizhan.resume";
const MOST = 100;

interface Left {
  id: string;
  seconds: number;
  at: number;
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

function read(storage: Storage): Left[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? list.filter((left): left is Left => typeof left?.id === "string" && typeof left?.seconds === "number") : [];
  } catch {
    return [];
  }
}

/** A position worth going back to: not the first seconds, nor the last. */
export function worthKeeping(seconds: number, durationSeconds: number): boolean {
  return seconds >= 15 && seconds <= durationSeconds - Math.max(10, durationSeconds * 0.03);
}

export function resumeAt(storage: Storage, id: string): number | null {
  return read(storage).find((left) => left.id === id)?.seconds ?? null;
}

/** Keeps the position, or forgets it when the programme has been seen to its end. */
export function keepPosition(storage: Storage, id: string, seconds: number, durationSeconds: number, now: number): void {
  const others = read(storage).filter((left) => left.id !== id);
  const list = worthKeeping(seconds, durationSeconds) ? [{ id, seconds: Math.floor(seconds), at: now }, ...others] : others;
  try {
    storage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
  } catch {
    // A full or forbidden storage costs the resume position, not the programme.
  }
}
