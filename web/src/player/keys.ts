// What a key does in the player. Pure, so that the table can be read and tested.

export type KeyAction = { kind: "toggle" } | { kind: "seek"; seconds: number } | { kind: "volume"; by: number } | { kind: "fullscreen" } | { kind: "mute" } | { kind: "start" } | { kind: "end" };

export interface Pressed {
  key: string;
  altKey?: boolean;
  ctrlKey?: boolean;
  metaKey?: boolean;
}

/** Where the focus is, as far as it matters: some things need their own keys. */
export type Focus = "text" | "menu" | "press" | "slider" | "page";

const TABLE: Record<string, KeyAction> = {
  " ": { kind: "toggle" },
  k: { kind: "toggle" },
  ArrowLeft: { kind: "seek", seconds: -5 },
  ArrowRight: { kind: "seek", seconds: 5 },
  j: { kind: "seek", seconds: -10 },
  l: { kind: "seek", seconds: 10 },
  ArrowUp: { kind: "volume", by: 0.1 },
  ArrowDown: { kind: "volume", by: -0.1 },
  f: { kind: "fullscreen" },
  m: { kind: "mute" },
  Home: { kind: "start" },
  End: { kind: "end" },
};

export function keyAction({ key, altKey, ctrlKey, metaKey }: Pressed, focus: Focus): KeyAction | null {
  if (altKey || ctrlKey || metaKey || focus === "text" || focus === "menu") return null;
  const action = TABLE[key.length === 1 ? key.toLowerCase() : key] ?? null;
  // A focused button is pressed by space, and a page longer than the screen is scrolled by up, down, home and end.
  if (focus === "press" && key === " ") return null;
  if (focus !== "slider" && action && ["volume", "start", "end"].includes(action.kind)) return null;
  return action;
}

/** The focus of an event's target. */
export function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element)) return "page";
  if (target.closest("[role=menu], [role=dialog]")) return "menu";
  if (target instanceof HTMLInputElement && target.type === "range") return "slider";
  if (target.closest("input, textarea, select, [contenteditable=true]")) return "text";
  if (target.closest("button, a, summary")) return "press";
  return "page";
}
