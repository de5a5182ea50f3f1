import { useCallback, useEffect, useMemo, useState } from "react";

import type { View } from "../../room/view";
import type { Interpreted, Shown } from "../model";
import { Balance, type Choice, remember, remembered } from "./balance";
import { Ear } from "./ear";

const EVERY_MS = 200;

export interface Listening {
  /** Languages that there are. */
  offered: readonly Interpreted[];
  /** The one that is listened to; null: the floor. */
  language: string | null;
  beneath: number;
  /** The interpreter is heard now; else the floor, as nobody interprets or says anything. */
  isInterpreted: boolean;
  /** How loud the floor is to be. */
  floor: number;
  /** Through which the sounds go while a language is listened to; absent until the browser lets it run. */
  context: AudioContext | null;
  choose: (choice: Partial<Choice>) => void;
}

const NONE: Interpreted[] = [];

/** What is listened to: the choice, remembered, and who is heard at this moment. */
export function useListening(shown: Shown | null, view: View): Listening {
  const [choice, setChoice] = useState<Choice>(() => remembered(localStorage));
  const [isInterpreted, setInterpreted] = useState(false);
  const [context, setContext] = useState<AudioContext | null>(null);
  const offered = shown?.interpretation ?? NONE;
  // What was chosen in another meeting stays chosen, but here there may be no such language.
  const language = offered.some((each) => each.language === choice.language) ? choice.language : null;
  const onAir = offered.find((each) => each.language === language)?.on_air ?? null;
  const track = useMemo(() => view.voices.find((voice) => voice.language === language && voice.identity === onAir)?.track ?? null, [view, language, onAir]);

  useEffect(() => {
    if (language === null) return undefined;
    const made = new AudioContext();
    const changed = () => setContext(made.state === "running" ? made : null);
    made.addEventListener("statechange", changed);
    changed();
    // A page that nobody has touched may not begin to play by itself.
    const resume = () => void made.resume().catch(() => undefined);
    window.addEventListener("pointerdown", resume);
    window.addEventListener("keydown", resume);
    return () => {
      made.removeEventListener("statechange", changed);
      window.removeEventListener("pointerdown", resume);
      window.removeEventListener("keydown", resume);
      setContext(null);
      // Whoever still plays through it goes back to the element first.
      setTimeout(() => void made.close().catch(() => undefined), 0);
    };
  }, [language]);

  useEffect(() => {
    if (language === null) return undefined;
    const balance = new Balance();
    const ear = track && context ? new Ear(context, track) : null;
    const timer = setInterval(() => setInterpreted(balance.step(Date.now(), { isOnAir: track !== null, isLoud: ear?.hears() ?? true })), EVERY_MS);
    return () => {
      clearInterval(timer);
      ear?.end();
    };
  }, [language, track, context]);

  const choose = useCallback((part: Partial<Choice>) => {
    setChoice((before) => {
      const after = { ...before, ...part };
      remember(localStorage, after);
      return after;
    });
  }, []);
  const heard = language !== null && isInterpreted;
  return { offered, language, beneath: choice.beneath, isInterpreted: heard, floor: heard ? choice.beneath : 1, context: language === null ? null : context, choose };
}
