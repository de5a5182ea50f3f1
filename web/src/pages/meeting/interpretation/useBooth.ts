import type { LocalAudioTrack } from "livekit-client";
import { useEffect, useState } from "react";

import type { Session } from "../../room/session";
import type { Interpreted, Shown, VenueId } from "../model";
import { Booth } from "./booth";

export interface BoothState {
  /** Languages into which one interprets; none for who is no interpreter. */
  mine: readonly Interpreted[];
  /** The one in which one is on air. */
  onAir: string | null;
  track: LocalAudioTrack | null;
}

const NONE: Interpreted[] = [];

/** Sends the interpreter's voice as the meeting's state says. */
export function useBooth(session: Session, shown: Shown | null, me: VenueId, state: string): BoothState {
  const [track, setTrack] = useState<LocalAudioTrack | null>(null);
  const [booth] = useState(() => new Booth(session.room, setTrack));
  const mine = shown?.interpretation.filter(({ interpreters }) => interpreters.includes(me)) ?? NONE;
  const onAir = mine.find((each) => each.on_air === me)?.language ?? null;
  const isConnected = state === "connected";
  useEffect(() => {
    if (isConnected) booth.speak(onAir).catch((thrown: unknown) => session.fault("microphone", thrown));
  }, [booth, session, onAir, isConnected]);
  useEffect(() => () => booth.end(), [booth]);
  return { mine, onAir, track };
}
