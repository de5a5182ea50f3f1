// The shapes of a meeting that is held, as the server writes them (`src/conduct`, `src/meeting/live`).

/** `site:…`, `person:…`, `guest:…`: a venue's id, which is its identity in the room too. */
export type VenueId = string;

export type Phase = "called" | "gathering" | "roll_call" | "in_session" | "break" | "closed";
export type Mode = "lecture" | "discussion" | "training" | "emergency";
export type Layout = "speaker" | "grid" | "main_with_sides" | "slides_beside_speaker";
export type Chat = "open" | "moderated" | "off";
export type Screen = "chair" | "all" | "wall";
export type RollMark = "present" | "late" | "absent";

export const LAYOUTS: readonly Layout[] = ["speaker", "grid", "main_with_sides", "slides_beside_speaker"];
export const MODES: readonly Mode[] = ["lecture", "discussion", "training", "emergency"];
export const CHATS: readonly Chat[] = ["open", "moderated", "off"];
export const SCREENS: readonly Screen[] = ["all", "chair", "wall"];

export interface Poll {
  venues: VenueId[];
  seconds: number;
  at_once: number;
  at: number;
  since: number;
  /** It stands since then. */
  paused: number | null;
}

export interface Floor {
  /** The latest last. */
  holders: VenueId[];
  /** The first first. */
  hands: { venue: VenueId; since: number }[];
}

export interface Ballot {
  kind: "vote" | "sign_in";
  title: string;
  options: string[];
  is_secret: boolean;
  begun: number;
  ended: number | null;
  counts: number[];
  voted: number;
}

/** What is on every screen; it travels as the room's metadata. */
export interface Shown {
  version: number;
  title: string;
  phase: Phase;
  mode: Mode;
  main: VenueId;
  chair: VenueId;
  ends: number;
  is_extended: boolean;
  break_until: number | null;
  on_screen: VenueId | null;
  broadcast: VenueId | null;
  /** What who is on the screen sees meanwhile. */
  seen_there: VenueId | null;
  next: VenueId | null;
  wall: VenueId[];
  wall_next: VenueId[];
  poll: Poll | null;
  wall_poll: Poll | null;
  floor: Floor;
  is_mute_locked: boolean;
  is_door_locked: boolean;
  chat: Chat;
  layout: Layout;
  banner: string;
  subtitle: string;
  agenda: number | null;
  roll_begun: number | null;
  ballot: Ballot | null;
}

export type Presence = { is: "absent" | "in" | "removed" } | { is: "ringing" | "waiting" | "away"; since: number };

export interface Venue {
  id: VenueId;
  title: string;
  position: number;
  is_expected: boolean;
  presence: Presence;
  is_muted: boolean;
  is_camera_off: boolean;
  may_share: boolean;
  is_sharing: boolean;
  headcount: number | null;
}

export interface Answer {
  mark: RollMark;
  at: number;
  is_by_chair: boolean;
}

export interface Scene {
  large: VenueId | null;
  next: VenueId | null;
  wall: VenueId[];
  wall_next: VenueId[];
}

/** What chair and desk see: everything. */
export interface Conduct {
  shown: Shown;
  venues: Venue[];
  roll: { begun: number | null; ended: number | null; answers: Record<VenueId, Answer> };
  look: VenueId | null;
  chair_poll: Poll | null;
  scene: Scene;
  past_ballots: Ballot[];
}

/** The answer to who asks to come in. */
export interface Joined {
  state: "open" | "waiting";
  title: string;
  /** What the main venue says to those who wait. */
  notice: string;
  starts: number;
  ends: number;
  venue: VenueId;
  venue_title: string;
  choices: { venue: VenueId; title: string }[];
  may_steer: boolean;
  room: string;
  token: string | null;
}

/** What of the booking is looked at while the meeting is held. */
export interface Booked {
  agenda: { title: string; speaker: string | null }[];
  /** `point`: of the agenda, from 0. */
  papers: { title: string; point: number | null }[];
}

type OnVenue = "broadcast" | "look" | "give_floor" | "take_floor" | "dismiss_hand" | "remove" | "admit" | "turn_away";
type Plain = "open" | "call_roll" | "end_roll" | "begin" | "resume" | "close" | "reclaim" | "end_broadcast" | "end_look" | "end_ballot" | "answer_roll" | "raise_hand" | "lower_hand";

/** What can be done in a meeting. */
export type Command =
  | { act: Plain }
  | { act: OnVenue; venue: VenueId }
  | { act: "mark_roll"; venue: VenueId; mark: RollMark }
  | { act: "pause"; until: number | null }
  | { act: "extend"; minutes: number }
  | { act: "set_mode"; mode: Mode }
  | { act: "hand_over"; to: VenueId }
  | { act: "return_picture" | "redial"; venue: VenueId | null }
  | { act: "poll"; screen: Screen; venues: VenueId[]; seconds: number; at_once: number | null }
  | { act: "pause_poll" | "resume_poll" | "step_poll" | "stop_poll"; screen: Screen }
  | { act: "mute" | "unmute"; whom: "all" | { one: VenueId } | { all_but: VenueId[] } }
  | { act: "lock_mute" | "lock_door"; locked: boolean }
  | { act: "camera"; venue: VenueId; off: boolean }
  | { act: "set_layout"; layout: Layout }
  | { act: "set_banner" | "set_subtitle"; text: string }
  | { act: "start_vote"; title: string; options: string[]; is_secret: boolean }
  | { act: "start_sign_in"; title: string }
  | { act: "invite"; venue: VenueId; title: string }
  | { act: "set_agenda"; at: number | null }
  | { act: "allow_share"; venue: VenueId; allowed: boolean }
  | { act: "set_chat"; chat: Chat }
  | { act: "mute_self"; muted: boolean }
  | { act: "share"; on: boolean }
  | { act: "cast"; choice: number }
  | { act: "sign_in"; headcount: number | null }
  | { act: "headcount"; people: number };

/** The state in the room's metadata; null in a room that no meeting governs, and before it is told. */
export function shownIn(metadata: string): Shown | null {
  try {
    const read: unknown = JSON.parse(metadata);
    return typeof read === "object" && read !== null && "phase" in read && "floor" in read ? (read as Shown) : null;
  } catch {
    return null;
  }
}
