import { useEffect, useMemo, useState } from "react";

import type { ApiProblem } from "../../../api/problem";
import { Connecting } from "../../room/stage/Connecting";
import type { Session } from "../../room/session";
import { useStore } from "../../room/store";
import type { Acting } from "../api";
import { ConductProvider } from "../Conducting";
import { type Joined, shownIn } from "../model";
import { Pictures } from "../pictures";
import { arrange } from "../plan";
import { ReactionsShown } from "../reactions/Marks";
import { useReactions } from "../reactions/useReactions";
import { seatsOf } from "../seats";
import { useConduct } from "../useConduct";
import { Venue } from "./Venue";

interface Props {
  meeting: string;
  session: Session;
  joined: Joined;
  /** Out of the meeting: why, or null when one left. */
  onOut: (why: ApiProblem | null) => void;
}

/** A venue while it is in the meeting: what it knows, and by what right it acts. */
export function Hall({ meeting, session, joined, onOut }: Props) {
  const phase = useStore(session.phase);
  const view = useStore(session.view);
  useEffect(() => {
    void session.enter();
    return () => session.leave();
  }, [session]);
  useEffect(() => {
    if (phase.kind === "out") onOut(phase.why);
  }, [phase, onOut]);

  const isIn = phase.kind === "in";
  const shown = useMemo(() => shownIn(view.metadata), [view.metadata]);
  const seats = useMemo(() => seatsOf(view), [view]);
  // What will be shown is asked for while the line is still being made.
  const [early] = useState(() => new Pictures(session.room));
  useEffect(() => {
    if (shown && !isIn) early.ask(arrange({ shown, viewer: joined.venue, present: seats, chosen: null, scene: null, page: 0 }).wants);
  }, [early, shown, seats, isIn, joined.venue]);
  const chairs = shown?.chair === joined.venue;
  // The chair steers by its seat; a clerk who sits elsewhere by their own rights.
  const steering: Acting | undefined = chairs ? joined.token : joined.may_steer ? null : undefined;
  const { conduct, stale } = useConduct(meeting, isIn ? steering : undefined);
  const titles = useMemo(() => new Map([...seats.map(({ identity, name }) => [identity, name] as const), ...(conduct?.venues ?? []).map(({ id, title }) => [id, title] as const)]), [seats, conduct]);

  const [marks, react] = useReactions(session);

  if (!isIn) return <Connecting onCancel={() => onOut(null)} />;
  return (
    <ConductProvider meeting={meeting} acting={joined.token} titles={titles}>
      <ReactionsShown value={marks}>
        <Venue meeting={meeting} session={session} shown={shown} seats={seats} chairs={chairs} steering={steering} conduct={conduct} stale={stale} token={joined.token} onReact={react} onOut={onOut} />
      </ReactionsShown>
    </ConductProvider>
  );
}
