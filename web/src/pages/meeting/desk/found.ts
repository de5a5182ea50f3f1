import type { Venue } from "../model";

// Which venues a list shows. Pure.

export const WHICH = ["all", "here", "missing"] as const;
export type Which = (typeof WHICH)[number];

export const isHere = ({ presence }: Venue) => presence.is === "in" || presence.is === "away";

function fits(venue: Venue, which: Which): boolean {
  if (which === "all") return true;
  return which === "here" ? isHere(venue) : venue.is_expected && !isHere(venue);
}

export function counts(venues: readonly Venue[]): Record<Which, number> {
  const many = (which: Which) => venues.filter((venue) => fits(venue, which)).length;
  return { all: many("all"), here: many("here"), missing: many("missing") };
}

/** By any part of the title, whatever the case; several words must all be there. */
export function found(venues: readonly Venue[], text: string, which: Which): Venue[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return venues.filter((venue) => fits(venue, which) && words.every((word) => venue.title.toLowerCase().includes(word)));
}
