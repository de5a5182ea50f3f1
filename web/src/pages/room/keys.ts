import type { Focus, Pressed } from "../../player/keys";

// What a key does in a room.

export type RoomAct = "microphone" | "camera" | "screen" | "chat" | "statistics" | "leave";

export const KEYS: Record<RoomAct, string> = { microphone: "M", camera: "V", screen: "E", chat: "C", statistics: "S", leave: "Shift+Q" };

/** Leaving asks for two keys: one pressed by mistake must not end a meeting. */
export function roomAct({ key, altKey, ctrlKey, metaKey, shiftKey, repeat }: Pressed & { shiftKey?: boolean; repeat?: boolean }, focus: Focus): RoomAct | null {
  if (altKey || ctrlKey || metaKey || repeat || focus === "text" || focus === "menu") return null;
  const pressed = `${shiftKey ? "Shift+" : ""}${key.toUpperCase()}`;
  return (Object.keys(KEYS) as RoomAct[]).find((act) => KEYS[act].toUpperCase() === pressed.toUpperCase()) ?? null;
}
