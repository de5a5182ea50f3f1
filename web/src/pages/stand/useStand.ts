import { useCallback, useEffect, useState } from "react";

import { asProblem } from "../../api/problem";
import { EVENTS, lookAround, type StandView } from "./api";

const AGAIN_MS = 2_000;

export type Standing = { kind: "loading" } | { kind: "unpaired" } | { kind: "ready"; view: StandView; stale: boolean };

/** What the server tells this computer, through cuts of the line and restarts; and how to ask again once it was paired. */
export function useStand(): [Standing, () => void] {
  const [standing, setStanding] = useState<Standing>({ kind: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const gone = new AbortController();
    const stale = () => setStanding((before) => (before.kind === "ready" ? { ...before, stale: true } : before));
    const later = () => {
      timer = setTimeout(() => void begin(), AGAIN_MS);
    };
    const begin = async () => {
      try {
        // By this its cookie lives on; and a refusal says why, which a stream of events cannot.
        const view = await lookAround(gone.signal);
        setStanding({ kind: "ready", view, stale: false });
        listen();
      } catch (thrown) {
        if (gone.signal.aborted) return;
        if (asProblem(thrown).code === "not_paired") return setStanding({ kind: "unpaired" });
        stale();
        later();
      }
    };
    const listen = () => {
      source = new EventSource(EVENTS);
      source.addEventListener("stand", ({ data }: MessageEvent<string>) => setStanding({ kind: "ready", view: JSON.parse(data) as StandView, stale: false }));
      source.onerror = () => {
        stale();
        source?.close();
        later();
      };
    };
    void begin();
    return () => {
      gone.abort();
      clearTimeout(timer);
      source?.close();
    };
  }, [round]);
  return [standing, useCallback(() => setRound((before) => before + 1), [])];
}
