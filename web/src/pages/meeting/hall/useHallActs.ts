import { useCallback, useEffect } from "react";

import { focusOf } from "../../../player/keys";
import { actOfKey } from "../../room/keys";
import type { Session } from "../../room/session";
import { useConducting } from "../Conducting";
import { LAYOUTS, type Layout, type Shown } from "../model";
import type { Seat } from "../seats";
import { queuePlace } from "../words";
import { HALL_KEYS, type HallAct } from "./keys";

/** What opens and closes something on the page. */
export type PageAct = Exclude<HallAct, "microphone" | "camera" | "screen" | "hand" | "answer" | "layout" | "aside" | "interpret"> | "share";

interface Acting {
  session: Session;
  shown: Shown | null;
  me: Seat | null;
  chosen: Layout | null;
  onLayout: (layout: Layout | null) => void;
  /** What the page itself opens and closes. */
  onPage: (act: PageAct) => void;
}

/** The large picture, beside other windows. */
function aside(): void {
  const video = document.querySelector<HTMLVideoElement>("[data-place=slides] video, [data-place=large] video, [data-place=tile] video");
  const done = document.pictureInPictureElement ? document.exitPictureInPicture() : video?.requestPictureInPicture?.();
  done?.catch(() => undefined);
}

/** What buttons and keys do in a venue. */
export function useHallActs({ session, shown, me, chosen, onLayout, onPage }: Acting): (act: HallAct) => void {
  const { run } = useConducting();
  const act = useCallback(
    (wanted: HallAct) => {
      switch (wanted) {
        case "microphone":
          // Whoever may not open it is told by the server why not, and what to do instead.
          if (me?.isLocked && !session.view.now.microphone) return void run({ act: "mute_self", muted: false });
          return void session.toggle("microphone");
        case "camera":
          return void session.toggle("camera");
        case "screen":
          if (!session.view.now.screen) return onPage("share");
          return void run({ act: "share", on: false }).then(() => session.toggle("screen"));
        case "interpret": {
          const booth = shown?.interpretation.find((each) => each.on_air === me?.identity) ?? shown?.interpretation.find((each) => me && each.interpreters.includes(me.identity));
          return void (booth && run({ act: "interpret", language: booth.language, on: booth.on_air !== me?.identity }));
        }
        case "hand":
          if (!shown || !me) return undefined;
          return void run({ act: queuePlace(shown.floor, me.identity).place === null ? "raise_hand" : "lower_hand" });
        case "answer":
          return void (shown?.phase === "roll_call" && run({ act: "answer_roll" }));
        case "layout": {
          const next = LAYOUTS[(chosen ? LAYOUTS.indexOf(chosen) : -1) + 1];
          return onLayout(next ?? null);
        }
        case "aside":
          return aside();
        default:
          return onPage(wanted);
      }
    },
    [session, run, shown, me, chosen, onLayout, onPage],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const wanted = actOfKey(HALL_KEYS, event, focusOf(event.target));
      if (!wanted) return;
      event.preventDefault();
      act(wanted);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [act]);
  return act;
}
