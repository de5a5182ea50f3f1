import { call } from "../../api/client";
import type { Command, Joined, VenueId } from "./model";

const of = (meeting: string) => `/meetings/${encodeURIComponent(meeting)}`;

/** Asks to come in; who waits asks again. */
export function join(meeting: string, venue: VenueId | null, signal?: AbortSignal): Promise<Joined> {
  return call<Joined>("POST", `${of(meeting)}/join`, venue === null ? {} : { venue }, signal);
}

/** Who acts: the venue by whose token one sits in the room, or the desk by one's own rights (null). */
export type Acting = string | null;

const asVenue = (acting: Acting): Record<string, string> => (acting === null ? {} : { "x-room-token": acting });

export function command(meeting: string, acting: Acting, done: Command): Promise<{ version: number }> {
  return call<{ version: number }>("POST", `${of(meeting)}/commands`, done, undefined, asVenue(acting));
}

/** Where the whole state is told at every change. */
export function eventsUrl(meeting: string, acting: Acting): string {
  return `/api/v1${of(meeting)}/conduct/events${acting === null ? "" : `?token=${encodeURIComponent(acting)}`}`;
}

/** How often who waits at the door asks again. */
export const KNOCK_MS = 2_000;
