import { call } from "../../api/client";

// These shapes come from the schema (src/api/model.ts) as soon as the server's description has the routes of rooms; until then they are written by hand.

/** A room in which someone is, or that was made beforehand. */
export interface LiveRoom {
  name: string;
  sid: string;
  participants: number;
  /** Those of them who send sound or pictures. */
  publishers: number;
  created_at: number;
}

export interface LiveRooms {
  items: LiveRoom[];
}

/** The right to enter one room until `expires_at`. */
export interface Access {
  room: string;
  identity: string;
  token: string;
  expires_at: number;
}

/** Asks for the right to enter, as the person who is signed in. */
export function askAccess(room: string): Promise<Access> {
  return call<Access>("POST", `/rooms/${encodeURIComponent(room)}/token`, {});
}

/** How often the list of rooms is asked for again. */
export const ROOMS_MS = 5_000;
