import "../../ui/mantine_forms.css";

import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ApiProblem } from "../../api/problem";
import { AskProvider } from "../../ui/Ask";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { useTitle } from "../../ui/PageHead";
import { untilOpen } from "../meeting/before/door";
import { MeetingHead } from "../meeting/before/MeetingHead";
import { Hall } from "../meeting/hall/Hall";
import type { Joined } from "../meeting/model";
import { DeviceCheck } from "../room/before/DeviceCheck";
import before from "../room/before/Before.module.css";
import type { OwnDevices } from "../room/before/wish";
import { refusal } from "../room/faults";
import { choicesIn } from "../room/link";
import { Outside } from "../room/Outside";
import { Session } from "../room/session";
import { type GuestView, joinAsGuest, lookAsGuest } from "./api";
import { guestSecret } from "./typed";

type Where = { kind: "before" } | { kind: "inside"; session: Session; joined: Joined } | { kind: "outside"; why: unknown };

/** A meeting for one without an account: the link, a name, the check of devices, the wait, the venue's page. */
export default function GuestPage() {
  const { t } = useTranslation();
  const [secret, setSecret] = useState(() => guestSecret(window.location.hash));
  useEffect(() => {
    const changed = () => setSecret(guestSecret(window.location.hash));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  if (secret === null) return <Empty title={t("guest.no_link")} hint={t("guest.no_link_hint")} />;
  return (
    <AskProvider>
      <Guest key={secret} link={secret} />
    </AskProvider>
  );
}

function Guest({ link }: { link: string }) {
  const [where, setWhere] = useState<Where>({ kind: "before" });
  const [waiting, setWaiting] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [typedName, setName] = useState<string | null>(null);
  const [choices] = useState(() => choicesIn(window.location.search));
  const knocking = useRef<AbortController>(undefined);
  const view = useQuery<GuestView, ApiProblem>({ queryKey: ["guest", link], queryFn: ({ signal }) => lookAsGuest(link, signal), staleTime: Infinity, gcTime: 0 });
  useTitle(view.data?.title ?? "");
  useEffect(() => () => knocking.current?.abort(), []);
  const out = useCallback((why: ApiProblem | null) => setWhere({ kind: "outside", why }), []);
  const again = () => {
    setWhere({ kind: "before" });
    void view.refetch();
  };

  const enter = async (name: string, devices: () => OwnDevices): Promise<void> => {
    setRefused(null);
    const trip = new AbortController();
    knocking.current = trip;
    try {
      const joined = await untilOpen((signal) => joinAsGuest(link, name, signal), undefined, trip.signal, () => setWaiting(true));
      setWhere({ kind: "inside", session: new Session({ token: joined.token ?? "", name: null, ...devices() }, choices, "asked"), joined });
    } catch (thrown) {
      if (!trip.signal.aborted) setRefused(refusal(thrown));
      throw thrown;
    } finally {
      setWaiting(false);
    }
  };
  switch (where.kind) {
    case "inside":
      return <Hall meeting={where.joined.room} session={where.session} joined={where.joined} onOut={out} />;
    case "outside":
      return <Outside why={where.why} onAgain={again} />;
    case "before":
      return (
        <Loaded of={view}>
          {(shown) => {
            const name = typedName ?? shown.seat ?? "";
            return <BeforeGuest view={shown} name={name} onName={setName} waiting={waiting} refused={refused} onEnter={(devices) => enter(name, devices)} onTurnBack={() => knocking.current?.abort()} />;
          }}
        </Loaded>
      );
  }
}

interface Props {
  view: GuestView;
  name: string;
  onName: (name: string) => void;
  waiting: boolean;
  refused: unknown;
  onEnter: (devices: () => OwnDevices) => Promise<void>;
  onTurnBack: () => void;
}

function BeforeGuest({ view, name, onName, waiting, refused, onEnter, onTurnBack }: Props) {
  const { t } = useTranslation();
  const { title, starts, ends, notice, walks_in: walksIn, seat } = view;
  const head = <MeetingHead title={title} starts={starts} ends={ends} notice={notice} waiting={waiting} willWait={!walksIn} onTurnBack={onTurnBack} />;
  const who =
    seat === null ? (
      <TextInput label={t("guest.name")} description={t("guest.name_hint")} value={name} maxLength={40} autoComplete="name" disabled={waiting} onChange={({ target }) => onName(target.value)} required data-guest-name />
    ) : (
      <p className={before.as}>{t("guest.as", { name: seat })}</p>
    );
  return <DeviceCheck head={head} who={who} enterWords={t("guest.enter")} withoutWords={t("room.before.without_camera")} refused={refused} onEnter={onEnter} />;
}
