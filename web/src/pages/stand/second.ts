import { createContext, useContext, useEffect } from "react";

import { type Seat, seatIn } from "../meeting/seats";
import type { Store } from "../room/store";

// The second screen: a window of its own that shows the slides, fed by the window of the first. So a venue with two screens receives everything once.

export interface Second {
  venue: string;
  slides: { track: MediaStreamTrack; name: string } | null;
}

declare global {
  interface Window {
    /** What a venue's window tells the one on its second screen. */
    yizhanSecond?: Store<Second>;
  }
}

interface ScreenPlace {
  availLeft: number;
  availTop: number;
  availWidth: number;
  availHeight: number;
}

/** Window Management API, which Chromium has; the managed policy of a venue's computer allows it. */
interface Screens {
  screens: readonly ScreenPlace[];
  currentScreen: ScreenPlace;
}

export type Wanted = "slides" | "speaker" | "one" | null;

/** `?screen=slides` is the second window itself; `?screen=speaker` wants one, however many screens there seem to be; `?screen=one` never. */
export function wantedIn(query: string): Wanted {
  const asked = new URLSearchParams(query).get("screen");
  return asked === "slides" || asked === "speaker" || asked === "one" ? asked : null;
}

/** The screen that this window is not on; null where there is one alone, or the browser does not say. */
export async function otherScreen(): Promise<ScreenPlace | null> {
  const { getScreenDetails } = window as { getScreenDetails?: () => Promise<Screens> };
  if (!getScreenDetails) return null;
  try {
    const permission = await navigator.permissions.query({ name: "window-management" as PermissionName });
    // Nobody sits before the computer to answer a question.
    if (permission.state !== "granted") return null;
    const { screens, currentScreen } = await getScreenDetails.call(window);
    return screens.find((screen) => screen.availLeft !== currentScreen.availLeft || screen.availTop !== currentScreen.availTop) ?? null;
  } catch {
    return null;
  }
}

/** Opens the second window on that screen; null where the browser refuses: then everything stays on the first. */
export function openSecond(place: ScreenPlace | null): Window | null {
  const at = place ? `,left=${place.availLeft},top=${place.availTop},width=${place.availWidth},height=${place.availHeight}` : "";
  return window.open("/stand?screen=slides", "yizhan-slides", `popup,fullscreen${at}`);
}

/** Null where there is no second screen. */
export const SecondContext = createContext<Store<Second> | null>(null);

/** Tells the second screen whose slides to show; true where there is one. */
export function useSecond(): Store<Second> | null {
  return useContext(SecondContext);
}

export function useSlidesApart(second: Store<Second> | null, seats: readonly Seat[], sharing: string | null): void {
  const screen = sharing === null ? null : (seatIn(seats, sharing)?.screen ?? null);
  const track = screen?.track?.mediaStreamTrack ?? null;
  const name = screen?.name ?? "";
  useEffect(() => {
    second?.set({ ...second.now, slides: track ? { track, name } : null });
  }, [second, track, name]);
  useEffect(() => () => second?.set({ ...second.now, slides: null }), [second]);
}
