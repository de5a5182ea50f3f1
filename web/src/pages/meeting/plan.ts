import type { Layout, Scene, Shown, VenueId } from "./model";

// Which pictures a viewer sees, and so which ones come over the line. Pure: what is not wanted here is not subscribed.

/** Who is in the room, in the order of the list. */
export interface Present {
  identity: VenueId;
  hasCamera: boolean;
  hasScreen: boolean;
}

/** `fit`: as large as its place on the page. `small`: the smallest layer. `warm`: the smallest, not shown yet, so that it can be shown at once. `whole`: the
 * best there is, as another screen shows it. */
export type Quality = "fit" | "small" | "warm" | "whole";

export interface Want {
  identity: VenueId;
  source: "camera" | "screen";
  quality: Quality;
}

/** What stands where. */
export interface Arrangement {
  layout: Layout;
  /** The large person; null where nobody can be shown. */
  large: VenueId | null;
  /** Whose slides are shown. */
  slides: VenueId | null;
  /** Whose slides are shown on the second screen instead. */
  apart: VenueId | null;
  /** Beside the large picture, or in the grid. */
  others: VenueId[];
  /** Pages of the grid. */
  pages: number;
  wants: Want[];
}

/** Beside the large picture. */
export const SIDES = 5;
/** On a page of the grid. */
export const GRID = 16;

interface Viewing {
  shown: Shown;
  viewer: VenueId;
  present: readonly Present[];
  /** What the viewer chose instead of the meeting's layout. */
  chosen: Layout | null;
  /** The chair's own scene, for who chairs. */
  scene: Pick<Scene, "large" | "next"> | null;
  page: number;
  /** There is a second screen: it shows the slides. */
  hasSecond?: boolean;
}

/** Nobody looks at themselves: who is on the screen sees what was chosen for it. */
export function largeFor(shown: Shown, viewer: VenueId, scene: Pick<Scene, "large"> | null): VenueId | null {
  const large = scene ? scene.large : shown.on_screen !== viewer ? shown.on_screen : shown.seen_there;
  return large === viewer ? null : large;
}

/** The sources that are asked for once, the best quality first. */
function once(wants: Want[]): Want[] {
  const seen = new Set<string>();
  return wants.filter(({ identity, source }) => {
    const key = `${identity}/${source}`;
    return !seen.has(key) && seen.add(key);
  });
}

export function arrange({ shown, viewer, present, chosen, scene, page, hasSecond = false }: Viewing): Arrangement {
  const others = present.filter(({ identity }) => identity !== viewer);
  const here = (id: VenueId | null | undefined) => (others.some(({ identity }) => identity === id) ? (id ?? null) : null);
  const large = here(largeFor(shown, viewer, scene));
  const sharing = others.filter(({ hasScreen }) => hasScreen).map(({ identity }) => identity);
  // Of several the one of who is seen large, then the chair's.
  const slides = [large, shown.chair].find((id) => id !== null && sharing.includes(id)) ?? sharing[0] ?? null;
  const layout = layoutFor(chosen ?? shown.layout, chosen !== null, slides !== null && !hasSecond);
  const next = here(scene ? scene.next : shown.next);
  const warm: Want[] = next === null ? [] : [{ identity: next, source: "camera", quality: "warm" }];
  const isPutAway = layout === "speaker" && chosen !== null && !hasSecond;
  const slidesWant: Want[] = slides === null || isPutAway ? [] : [{ identity: slides, source: "screen", quality: hasSecond ? "whole" : "fit" }];
  const shownSlides = slidesWant.length > 0 && !hasSecond ? slides : null;
  const apart = hasSecond ? slides : null;
  const camera = (quality: Quality) => (identity: VenueId): Want => ({ identity, source: "camera", quality });

  if (layout === "grid") {
    const pages = Math.max(1, Math.ceil(others.length / GRID));
    const at = Math.min(Math.max(0, page), pages - 1);
    const shownHere = others.slice(at * GRID, (at + 1) * GRID).map(({ identity }) => identity);
    return { layout, large, slides: shownSlides, apart, others: shownHere, pages, wants: once([...slidesWant, ...shownHere.map(camera("fit")), ...warm]) };
  }
  const sides = layout === "main_with_sides" ? sidesOf(shown, others, large) : [];
  const person = large === null ? [] : [camera("fit")(large)];
  return { layout, large, slides: shownSlides, apart, others: sides, pages: 1, wants: once([...slidesWant, ...person, ...sides.map(camera("small")), ...warm]) };
}

/** Slides are shown whoever forgot to say so, unless the viewer chose the speaker alone. */
function layoutFor(asked: Layout, isOwn: boolean, hasSlides: boolean): Layout {
  if (asked === "slides_beside_speaker" && !hasSlides) return "speaker";
  if (asked === "speaker" && hasSlides && !isOwn) return "slides_beside_speaker";
  return asked;
}

/** First who matters, then as the list goes. */
function sidesOf(shown: Shown, others: readonly Present[], large: VenueId | null): VenueId[] {
  const first = [shown.main, shown.chair, ...[...shown.floor.holders].reverse()];
  const rank = (id: VenueId) => (first.includes(id) ? first.indexOf(id) : first.length);
  const ranked = others.map(({ identity }, place) => ({ identity, place })).filter(({ identity }) => identity !== large);
  ranked.sort((one, other) => rank(one.identity) - rank(other.identity) || one.place - other.place);
  return ranked.slice(0, SIDES).map(({ identity }) => identity);
}

/** What the chair's desk shows: what all see, what the chair sees, what comes next, and the wall. */
export function deskWants(shown: Shown, scene: Scene, wall: readonly VenueId[], viewer: VenueId): Want[] {
  const want = (quality: Quality) => (identity: VenueId): Want => ({ identity, source: "camera", quality });
  const named = (...ids: (VenueId | null)[]) => ids.filter((id) => id !== null);
  const wants = [...named(shown.on_screen, scene.large).map(want("fit")), ...wall.map(want("small")), ...named(shown.next, scene.next).map(want("small")), ...scene.wall_next.map(want("warm"))];
  return once(wants.filter(({ identity }) => identity !== viewer));
}
