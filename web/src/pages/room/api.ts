import { call } from "../../api/client";
import type { components } from "../../api/schema";

/** A room in which someone is, or was a moment ago. */
export type LiveRoom = components["schemas"]["LiveRoom"];
export type LiveRooms = components["schemas"]["RoomList"];
/** The right to enter one room until `expires_at`. */
export type Access = components["schemas"]["RoomToken"];

/** Asks for the right to enter, as the person who is signed in. */
export function askAccess(room: string): Promise<Access> {
  return call<Access>("POST", `/rooms/${encodeURIComponent(room)}/token`, {});
}

/** How often the list of rooms is asked for again. */
export const ROOMS_MS = 5_000;
