import { useEffect, useState } from "react";

import type { Session } from "../../room/session";
import { useStore } from "../../room/store";
import { Reactions, type Reaction, type Shown } from "./reactions";

/** Marks of the room, and how to show one. */
export function useReactions(session: Session): [Shown, (reaction: Reaction) => void] {
  const [reactions] = useState(() => new Reactions(session.room));
  useEffect(() => {
    reactions.listen();
    return () => reactions.end();
  }, [reactions]);
  // A mark that is lost with the line is no loss.
  return [useStore(reactions.shown), (reaction) => void reactions.send(reaction).catch(() => undefined)];
}
