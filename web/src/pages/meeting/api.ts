import { call } from "../../api/client";
import type { components } from "../../api/schema";
import type { Command, Joined, VenueId } from "./model";

type Frozen = components["schemas"]["Frozen"];

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

/** Tells how long the picture stood still on this screen since it was last told. */
export function tellFrozen(meeting: string, token: Acting, frozenMs: number): Promise<void> {
  return call<undefined>("POST", `${of(meeting)}/freezes`, { frozen_ms: Math.round(frozenMs) } satisfies Frozen, undefined, asVenue(token), true);
}

/** Where the whole state is told at every change. */
export function eventsUrl(meeting: string, acting: Acting): string {
  return `/api/v1${of(meeting)}/conduct/events${acting === null ? "" : `?token=${encodeURIComponent(acting)}`}`;
}

/** How often who waits at the door asks again. */
export const KNOCK_MS = 2_000;
