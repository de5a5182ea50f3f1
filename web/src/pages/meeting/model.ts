// The shapes of a meeting that is held, by the names of the pages, from the description that the server gives of itself.
import type { Whole } from "../../api/model";
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

/** `site:…`, `person:…`, `guest:…`: a venue's id, which is its identity in the room too. */
export type VenueId = Schemas["VenueId"];

export type Mode = Schemas["Mode"];
export type Layout = Schemas["Layout"];
export type Chat = Schemas["Chat"];
export type Screen = Schemas["Screen"];
export type RollMark = Schemas["RollMark"];

export const LAYOUTS: readonly Layout[] = ["speaker", "grid", "main_with_sides", "slides_beside_speaker"];
export const MODES: readonly Mode[] = ["lecture", "discussion", "training", "emergency"];
export const CHATS: readonly Chat[] = ["open", "moderated", "off"];
export const SCREENS: readonly Screen[] = ["all", "chair", "wall"];

export type Poll = Whole<Schemas["Poll"]>;
export type Floor = Whole<Schemas["Floor"]>;
export type Ballot = Whole<Schemas["BallotShown"]>;
export type Interpreted = Whole<Schemas["Interpreted"]>;
export type Scene = Whole<Schemas["Scene"]>;
export type Presence = Schemas["Presence"];
export type Venue = Whole<Schemas["VenueView"]>;
/** What is on every screen; it travels as the room's metadata. */
export type Shown = Whole<Schemas["Shown"]>;
/** What chair and desk see: everything. */
export type Conduct = Whole<Schemas["ConductView"]>;
/** The answer to who asks to come in. */
export type Joined = Whole<Schemas["JoinedMeeting"]>;
/** What of the booking is looked at while the meeting is held. */
export type Booked = Pick<Whole<Schemas["Meeting"]>, "agenda" | "papers">;
/** What can be done in a meeting. */
export type Command = Schemas["Command"];

/** The state in the room's metadata; null in a room that no meeting governs, and before it is told. */
export function shownIn(metadata: string): Shown | null {
  try {
    const read: unknown = JSON.parse(metadata);
    return typeof read === "object" && read !== null && "phase" in read && "floor" in read ? (read as Shown) : null;
  } catch {
    return null;
  }
}
