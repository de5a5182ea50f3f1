// When the floor gives way to the interpreter, and when it comes back by itself. Pure.

/** An interpreter may breathe and wait for the verb; after this the listener hears the floor again. */
export const SILENT_MS = 4_000;
/** Nobody is on air: who listens shall not sit in silence. */
export const ABSENT_MS = 1_000;

/** How loud the floor is beneath the interpreter where nobody chose otherwise. */
export const BENEATH = 0.15;

export class Balance {
  private lastVoice = Number.NEGATIVE_INFINITY;

  /** Whether the interpreter is heard now, and so the floor softly beneath. */
  step(now: number, { isOnAir, isLoud }: { isOnAir: boolean; isLoud: boolean }): boolean {
    if (isOnAir && isLoud) this.lastVoice = now;
    return now - this.lastVoice < (isOnAir ? SILENT_MS : ABSENT_MS);
  }
}

/** What a listener chose, as it is remembered. */
export interface Choice {
  /** Null: the floor. */
  language: string | null;
  /** 0 to 1. */
  beneath: number;
}

const KEY = "yizhan.listening";

type Kept = Pick<Storage, "getItem" | "setItem">;

export function remembered(storage: Kept): Choice {
  try {
    const read = JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<Choice>;
    const { language, beneath } = read;
    return { language: typeof language === "string" ? language : null, beneath: typeof beneath === "number" && beneath >= 0 && beneath <= 1 ? beneath : BENEATH };
  } catch {
    return { language: null, beneath: BENEATH };
  }
}

export function remember(storage: Kept, choice: Choice): void {
  try {
    storage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // A full or closed storage forgets; the choice still holds for this visit.
  }
}
