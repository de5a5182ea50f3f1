import type { Focus, Pressed } from "../../player/keys";

// What a key does in a room.

export type RoomAct = "microphone" | "camera" | "screen" | "chat" | "statistics" | "leave";

export const KEYS: Record<RoomAct, string> = { microphone: "M", camera: "V", screen: "E", chat: "C", statistics: "S", leave: "Shift+Q" };

type KeyPress = Pressed & { shiftKey?: boolean; repeat?: boolean };

/** The act whose key was pressed. The browser's own keys, a key held down and a key typed into a field are none. */
export function actOfKey<Act extends string>(keys: Record<Act, string>, { key, altKey, ctrlKey, metaKey, shiftKey, repeat }: KeyPress, focus: Focus): Act | null {
  if (altKey || ctrlKey || metaKey || repeat || focus === "text" || focus === "menu") return null;
  const pressed = `${shiftKey ? "Shift+" : ""}${key.toUpperCase()}`;
  return (Object.keys(keys) as Act[]).find((act) => keys[act].toUpperCase() === pressed.toUpperCase()) ?? null;
}

/** Leaving asks for two keys: one pressed by mistake must not end a meeting. */
export function roomAct(pressed: KeyPress, focus: Focus): RoomAct | null {
  return actOfKey(KEYS, pressed, focus);
}
