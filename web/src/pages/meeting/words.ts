import type { Floor, Presence, Shown, VenueId } from "./model";

// What a meeting's state is called, as keys of the languages with their values. Pure, so that every state is seen to have its words.

export interface Said {
  key: string;
  values?: Record<string, string | number>;
}

/** The meeting's state in a word or two: 点名中; 休会至 15:00; 会议进行中, 已延长至 17:30. */
export function stateSaid(shown: Pick<Shown, "phase" | "break_until" | "is_extended" | "ends">, now: number, clock: (at: number) => string): Said[] {
  const { phase, break_until: until, is_extended: extended, ends } = shown;
  const state: Said = phase === "break" && until !== null ? { key: "hall.state.break_until", values: { clock: clock(until) } } : { key: `hall.state.${phase}` };
  if (phase === "closed" || phase === "called") return [state];
  if (extended) return [state, { key: "hall.state.extended", values: { clock: clock(ends) } }];
  return now > ends ? [state, { key: "hall.state.over_time", values: { minutes: Math.max(1, Math.floor((now - ends) / 60_000)) } }] : [state];
}

export interface Place {
  /** One may speak. */
  has: boolean;
  /** 1: next; null: no hand is raised. */
  place: number | null;
  /** Hands that are raised. */
  of: number;
}

/** One's place in the queue of raised hands. */
export function queuePlace({ holders, hands }: Floor, me: VenueId): Place {
  const at = hands.findIndex(({ venue }) => venue === me);
  return { has: holders.includes(me), place: at < 0 ? null : at + 1, of: hands.length };
}

/** What one must know about oneself, the most urgent first. */
export function aboutMe(shown: Shown, me: VenueId): ("broadcast" | "on_screen" | "floor")[] {
  const told: ("broadcast" | "on_screen" | "floor")[] = [];
  if (shown.broadcast === me) told.push("broadcast");
  else if (shown.on_screen === me && shown.chair !== me && shown.main !== me) told.push("on_screen");
  if (shown.floor.holders.includes(me)) told.push("floor");
  return told;
}

/** How a venue is there. */
export function presenceTone({ is }: Presence): "ok" | "warn" | "off" | "live" | "bad" {
  switch (is) {
    case "in":
      return "ok";
    case "waiting":
      return "live";
    case "away":
    case "ringing":
      return "warn";
    case "removed":
      return "bad";
    case "absent":
      return "off";
  }
}

/** A sentence of the server's with its venues by their names: it knows them by their ids. */
export function named(sentence: string, titles: ReadonlyMap<VenueId, string>): string {
  return sentence.replace(/(?:site|person|guest):[\w-]+/g, (id) => titles.get(id) ?? id);
}
