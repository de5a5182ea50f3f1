import { useEffect, useMemo, useRef } from "react";

import type { Session } from "../../room/session";
import { Freezes } from "../../room/stats/freezes";
import { type Entry, type Stream, streamsOf } from "../../room/stats/report";
import { type Acting, tellFrozen } from "../api";
import type { VenueId } from "../model";
import type { Arrangement } from "../plan";

const READ_MS = 2_000;
const TELL_MS = 25_000;
const NOBODY: readonly VenueId[] = [];

/** Whose pictures people look at. Slides are none of them: a page that is talked about stands still. */
function lookedAt(arrangement: Arrangement | null): readonly VenueId[] {
  if (!arrangement) return NOBODY;
  if (arrangement.layout === "grid") return arrangement.others;
  return arrangement.large === null ? NOBODY : [arrangement.large];
}

async function readingOf(session: Session, looked: readonly VenueId[]): Promise<Map<string, Stream>> {
  // What the server holds back for the line is in its own figures; what is not sent does not come.
  const cameras = session.view.now.tiles.filter(({ me, source, paused, identity, publication }) => !me && source === "camera" && !paused && publication !== null && looked.includes(identity));
  const readings = cameras.map(async ({ key, publication }) => {
    const report = await publication?.track?.getRTCStatsReport().catch(() => undefined);
    return streamsOf([...(report?.values() ?? [])] as Entry[]).map((stream) => [`${key}/${publication?.trackSid}/${stream.id}`, stream] as const);
  });
  return new Map((await Promise.all(readings)).flat());
}

/** Tells the server how long the picture stood still on this screen, where it did; for the report after the meeting. Nobody waits for it, so nothing is said when it fails. */
export function useFreezes(session: Session, meeting: string, token: Acting, arrangement: Arrangement | null): void {
  const looked = useMemo(() => lookedAt(arrangement), [arrangement]);
  const latest = useRef(looked);
  useEffect(() => {
    latest.current = looked;
  }, [looked]);
  useEffect(() => {
    const freezes = new Freezes();
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let toldMs = performance.now();
    const tell = () => {
      toldMs = performance.now();
      const ms = freezes.take();
      if (ms > 0) tellFrozen(meeting, token, ms).catch(() => freezes.giveBack(ms));
    };
    const read = async () => {
      const isSeen = () => document.visibilityState === "visible";
      const reading = isSeen() ? await readingOf(session, latest.current) : null;
      if (isGone) return;
      freezes.read(isSeen() ? reading : null);
      if (performance.now() - toldMs >= TELL_MS) tell();
      timer = setTimeout(() => void read(), READ_MS);
    };
    void read();
    window.addEventListener("pagehide", tell);
    return () => {
      isGone = true;
      clearTimeout(timer);
      window.removeEventListener("pagehide", tell);
      tell();
    };
  }, [session, meeting, token]);
}
