import "../../ui/mantine_forms.css";

import { useState, useSyncExternalStore } from "react";

import { serverNow } from "../../api/server_time";
import { useTitle } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import { askAccess } from "./api";
import { BeforeJoin } from "./before/BeforeJoin";
import { EnterAtOnce } from "./before/EnterAtOnce";
import type { Devices } from "./before/wish";
import { refusal } from "./faults";
import { choicesIn, claimsOf, isExpired, nameIn, tokenIn } from "./link";
import { Outside } from "./Outside";
import { Session } from "./session";
import { SignedIn } from "./SignedIn";
import { Stage } from "./stage/Stage";

const hearHash = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

/** A room: the check before, the room itself, and what is left when one is out. */
export default function RoomPage({ part }: { part: string }) {
  const room = nameIn(part);
  const invited = tokenIn(useSyncExternalStore(hearHash, () => window.location.hash));
  useTitle(room);
  if (invited !== null) return <Door key={invited} room={room} invited={invited} person="" />;
  return <SignedIn>{({ display_name: name }) => <Door room={room} invited={null} person={name} />}</SignedIn>;
}

interface DoorProps {
  room: string;
  /** The token of an invitation; null for those who are signed in. */
  invited: string | null;
  /** The name of the person who is signed in. */
  person: string;
}

type Where = { kind: "before" } | { kind: "inside"; session: Session } | { kind: "outside"; why: unknown };

function Door({ room, invited, person }: DoorProps) {
  const [choices] = useState(() => choicesIn(window.location.search));
  const [claims] = useState(() => (invited === null ? null : claimsOf(invited)));
  const [auto, setAuto] = useState(choices.auto);
  const [where, setWhere] = useState<Where>({ kind: "before" });
  const [refused, setRefused] = useState<unknown>(null);
  const late = invited !== null && (claims === null || isExpired(claims, serverNow()));
  const name = claims?.name || claims?.identity || person;

  const enter = async (devices: () => Devices): Promise<void> => {
    setRefused(null);
    try {
      const token = invited ?? (await askAccess(room)).token;
      setWhere({ kind: "inside", session: new Session({ token, ...devices() }, choices) });
    } catch (thrown) {
      setRefused(refusal(thrown));
      throw thrown;
    }
  };
  const again = () => {
    setAuto(null);
    setWhere({ kind: "before" });
  };

  if (late) return <ProblemBox error={refusal({ status: 401, message: "the token in the link has expired or is none" })} />;
  switch (where.kind) {
    case "inside":
      return <Stage session={where.session} onOut={(why) => setWhere({ kind: "outside", why })} />;
    case "outside":
      return <Outside why={where.why} onAgain={again} />;
    case "before":
      if (auto !== null && refused === null) return <EnterAtOnce devices={auto === "full"} onEnter={enter} />;
      return <BeforeJoin room={room} name={name} mayRename={claims?.mayRename ?? false} refused={refused} onEnter={enter} />;
  }
}
