import "../../ui/mantine_forms.css";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";

import type { ApiProblem } from "../../api/problem";
import { AskProvider } from "../../ui/Ask";
import { Loaded } from "../../ui/Loaded";
import { useTitle } from "../../ui/PageHead";
import { EnterAtOnce } from "../room/before/EnterAtOnce";
import type { OwnDevices } from "../room/before/wish";
import { refusal } from "../room/faults";
import { choicesIn, nameIn } from "../room/link";
import { Outside } from "../room/Outside";
import { Session } from "../room/session";
import { SignedIn } from "../room/SignedIn";
import { join } from "./api";
import { BeforeMeeting } from "./before/BeforeMeeting";
import { untilOpen } from "./before/door";
import { Hall } from "./hall/Hall";
import type { Joined, VenueId } from "./model";

/** A token that was asked for longer ago is asked for anew: meanwhile the chair may have closed the door. */
const FRESH_MS = 30_000;

type Where = { kind: "before" } | { kind: "inside"; session: Session; joined: Joined } | { kind: "outside"; why: unknown };

/** A meeting: the check before, the waiting room, the venue's page, and what is left when one is out. */
export default function MeetingPage({ part }: { part: string }) {
  return (
    <AskProvider>
      <SignedIn>{() => <Meeting id={nameIn(part)} />}</SignedIn>
    </AskProvider>
  );
}

function Meeting({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const [choices] = useState(() => choicesIn(window.location.search));
  const [venue, setVenue] = useState<VenueId | null>(() => new URLSearchParams(window.location.search).get("venue"));
  const [where, setWhere] = useState<Where>({ kind: "before" });
  const [auto, setAuto] = useState(choices.auto);
  const [waiting, setWaiting] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const knocking = useRef<AbortController>(undefined);
  // Asked for while the picture is looked at, so that one press is enough.
  const prepared = useQuery<Joined, ApiProblem>({ queryKey: ["join", id, venue], queryFn: ({ signal }) => join(id, venue, signal), staleTime: Infinity, gcTime: 0, placeholderData: keepPreviousData });
  useTitle(prepared.data?.title ?? "");
  useEffect(() => () => knocking.current?.abort(), []);

  const enter = async (devices: () => OwnDevices): Promise<void> => {
    setRefused(null);
    const trip = new AbortController();
    knocking.current = trip;
    try {
      const fresh = !prepared.isPlaceholderData && Date.now() - prepared.dataUpdatedAt < FRESH_MS ? prepared.data : undefined;
      const joined = await untilOpen((signal) => join(id, venue, signal), fresh, trip.signal, () => setWaiting(true));
      const session = new Session({ token: joined.token ?? "", name: null, ...devices() }, choices, "asked");
      setWhere({ kind: "inside", session, joined });
      navigate(`/meetings/${encodeURIComponent(id)}/room${window.location.search}`, { replace: true });
    } catch (thrown) {
      if (!trip.signal.aborted) setRefused(refusal(thrown));
      throw thrown;
    } finally {
      setWaiting(false);
    }
  };
  const out = useCallback(
    (why: ApiProblem | null) => {
      setWhere({ kind: "outside", why });
      navigate(`/meetings/${encodeURIComponent(id)}/join`, { replace: true });
    },
    [id, navigate],
  );
  const again = () => {
    setAuto(null);
    setWhere({ kind: "before" });
    void prepared.refetch();
  };

  switch (where.kind) {
    case "inside":
      return <Hall meeting={id} session={where.session} joined={where.joined} onOut={out} />;
    case "outside":
      return <Outside why={where.why} onAgain={again} />;
    case "before":
      if (auto !== null && refused === null) return <EnterAtOnce devices={auto === "full"} onEnter={enter} />;
      return <Loaded of={prepared}>{(joined) => <BeforeMeeting joined={joined} waiting={waiting} refused={refused} onVenue={setVenue} onEnter={enter} onTurnBack={() => knocking.current?.abort()} />}</Loaded>;
  }
}
