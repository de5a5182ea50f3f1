import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";

import { type ApiProblem, asProblem } from "../../api/problem";
import { serverNow } from "../../api/server_time";
import { useTitle } from "../../ui/PageHead";
import { useNow } from "../../ui/useNow";
import { untilOpen } from "../meeting/before/door";
import { Hall } from "../meeting/hall/Hall";
import type { Joined } from "../meeting/model";
import { refusal } from "../room/faults";
import { choicesIn } from "../room/link";
import { Session } from "../room/session";
import { joinAsStand, report, type StandView } from "./api";
import { Ring } from "./ring";
import { declined, decide, entered, isMeant, type Memory, recall, remember } from "./rules";
import { runs } from "./runs";
import styles from "./Stand.module.css";
import { Standby } from "./Standby";

/** So long it rings before it comes in by itself: whoever is in the room sees that the camera goes on. */
const RINGS_MS = 4_000;
/** Before it tries again to go back. */
const AGAIN_MS = 3_000;
const REPORT_MS = 10 * 60_000;

interface Visit {
  meeting: string;
  session: Session;
  joined: Joined;
}

/** A venue's computer that is paired: in standby, on its way in, or in a meeting. */
export function Ready({ view, stale }: { view: StandView; stale: boolean }) {
  const [memory, setMemory] = useState<Memory>(() => recall(localStorage));
  const [visit, setVisit] = useState<Visit | null>(null);
  const [entering, setEntering] = useState<{ meeting: string; title: string; waiting: boolean } | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [failedAt, setFailedAt] = useState(0);
  const [ring] = useState(() => new Ring());
  const [mayRing, setMayRing] = useState(() => ring.isAllowed);
  const [choices] = useState(() => choicesIn(window.location.search));
  const trip = useRef<AbortController>(undefined);
  const isUnloading = useRef(false);
  const [heard, setHeard] = useState<{ key: string; at: number } | null>(null);
  const now = useNow(500);
  useTitle(view.venue_title);
  useEffect(() => remember(localStorage, memory), [memory]);
  useEffect(() => () => trip.current?.abort(), []);
  useEffect(() => {
    // A page that ends leaves its room too, which is not the venue's will: the next page goes back.
    const unloading = () => {
      isUnloading.current = true;
    };
    for (const event of ["beforeunload", "pagehide"]) window.addEventListener(event, unloading);
    return () => {
      for (const event of ["beforeunload", "pagehide"]) window.removeEventListener(event, unloading);
    };
  }, []);
  useEffect(() => {
    const tell = () => void runs().then(report).catch(() => undefined);
    tell();
    const timer = setInterval(tell, REPORT_MS);
    return () => clearInterval(timer);
  }, []);

  const isBusy = visit !== null || entering !== null;
  const decision = decide(view, memory);
  const ringKey = !isBusy && decision.kind === "ring" ? decision.key : null;
  if (ringKey !== (heard?.key ?? null)) setHeard(ringKey === null ? null : { key: ringKey, at: now });

  const goIn = async (meeting: string, title: string) => {
    trip.current?.abort();
    const going = new AbortController();
    trip.current = going;
    setTrouble(null);
    setEntering({ meeting, title, waiting: false });
    setMemory((before) => entered(before, meeting, view.calls));
    try {
      const joined = await untilOpen((signal) => joinAsStand(meeting, signal), undefined, going.signal, () => setEntering({ meeting, title, waiting: true }));
      if (going.signal.aborted) return;
      setVisit({ meeting, joined, session: new Session({ token: joined.token ?? "", name: null, microphone: true, camera: true }, choices, "asked") });
    } catch (thrown) {
      if (going.signal.aborted) return;
      const problem = refusal(thrown instanceof Error ? asProblem(thrown) : thrown);
      setTrouble(problem);
      setFailedAt(serverNow());
      // What the server refused it will refuse again.
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) setMemory((before) => declined(before, meeting, view.calls));
    } finally {
      if (!going.signal.aborted) setEntering(null);
    }
  };
  const stay = (meeting: string) => {
    trip.current?.abort();
    setEntering(null);
    setTrouble(null);
    setMemory((before) => declined(before, meeting, view.calls));
  };

  const visited = visit?.meeting ?? null;
  const calls = view.calls;
  const out = useCallback(
    (why: ApiProblem | null) => {
      if (isUnloading.current) return;
      setVisit(null);
      const meant = isMeant(why?.code ?? null);
      if (!meant) {
        setTrouble(why);
        setFailedAt(serverNow());
      }
      if (visited !== null && meant) setMemory((before) => declined(before, visited, calls));
    },
    [visited, calls],
  );

  // It answers by rule, and goes back where it was.
  const answersAt = heard && decision.kind === "ring" && decision.answers ? heard.at + RINGS_MS : null;
  const isDue = answersAt !== null && now >= answersAt;
  const goesBack = !isBusy && decision.kind === "return" && !stale && now - failedAt > AGAIN_MS;
  const act = useEffectEvent(() => {
    if (decision.kind === "return") void goIn(decision.meeting.id, decision.meeting.title);
    if (decision.kind === "ring") void goIn(decision.call.meeting, decision.call.title);
  });
  useEffect(() => {
    if (!isDue && !goesBack) return undefined;
    const timer = setTimeout(() => act(), 0);
    return () => clearTimeout(timer);
  }, [isDue, goesBack]);

  const rings = ringKey !== null;
  useEffect(() => {
    if (!rings) return undefined;
    ring.start();
    return () => ring.stop();
  }, [ring, rings]);

  if (visit) {
    return (
      <div className={styles.inside} data-stand="inside">
        <Hall key={visit.joined.token} meeting={visit.meeting} session={visit.session} joined={visit.joined} onOut={out} />
      </div>
    );
  }
  const ringing = rings && decision.kind === "ring" ? { call: decision.call, seconds: answersAt === null ? null : Math.max(0, Math.ceil((answersAt - now) / 1_000)) } : null;
  return (
    <Standby
      view={view}
      stale={stale}
      ringing={ringing}
      entering={entering ?? (decision.kind === "return" ? { title: decision.meeting.title, waiting: false } : null)}
      trouble={trouble}
      mayRing={mayRing}
      onAnswer={() => decision.kind === "ring" && void goIn(decision.call.meeting, decision.call.title)}
      onDecline={() => decision.kind === "ring" && stay(decision.call.meeting)}
      onEnter={({ id, title }) => void goIn(id, title)}
      onTurnBack={() => stay(entering?.meeting ?? (decision.kind === "return" ? decision.meeting.id : ""))}
      onSound={() => {
        void ring.allow().then(() => setMayRing(ring.isAllowed));
        ring.play();
      }}
    />
  );
}
