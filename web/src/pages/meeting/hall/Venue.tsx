import { Button } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ApiProblem } from "../../../api/problem";
import { useAsk } from "../../../ui/Ask";
import { LinesSkeleton } from "../../../ui/Loaded";
import { ProblemBox } from "../../../ui/ProblemBox";
import type { Session, Sharing } from "../../room/session";
import { LostLine } from "../../room/stage/LostLine";
import { Statistics } from "../../room/stats/Statistics";
import { useStore } from "../../room/store";
import type { Acting } from "../api";
import { DeskHere } from "../desk/DeskHere";
import { BoardBox } from "../board/BoardBox";
import { useConducting } from "../Conducting";
import { Heard, HeardWords } from "../interpretation/Heard";
import { ListenDialog } from "../interpretation/ListenDialog";
import { useBooth } from "../interpretation/useBooth";
import { useListening } from "../interpretation/useListening";
import type { Conduct, Layout, Shown } from "../model";
import { PaperStage } from "../papers/PaperStage";
import { PapersPanel } from "../papers/PapersPanel";
import { useReading } from "../papers/useReading";
import { arrange, deskWants } from "../plan";
import { Tally } from "../reactions/Marks";
import type { Reaction } from "../reactions/reactions";
import { type Seat, seatIn } from "../seats";
import { useSecond, useSlidesApart } from "../../stand/second";
import styles from "./Hall.module.css";
import { HallControls } from "./HallControls";
import { KeysHelp } from "./KeysHelp";
import { LineWords } from "./LineWords";
import { Screen } from "./Screen";
import { ShareDialog } from "./ShareDialog";
import { SidePanel } from "./SidePanel";
import { StateLine } from "./StateLine";
import { useFull } from "./useFull";
import { useFreezes } from "./useFreezes";
import { type PageAct, useHallActs } from "./useHallActs";
import { useIdle } from "./useIdle";
import { usePictures } from "./usePictures";

interface Props {
  meeting: string;
  session: Session;
  /** Null until the room has told it. */
  shown: Shown | null;
  seats: Seat[];
  /** One is the chair. */
  chairs: boolean;
  steering: Acting | undefined;
  conduct: Conduct | null;
  stale: boolean;
  /** By which one acts as one's venue. */
  token: Acting;
  onReact: (reaction: Reaction) => void;
  onOut: (why: ApiProblem | null) => void;
}

const NOBODY: never[] = [];
const isWide = () => window.innerWidth > 700;

/** The page of a venue: what is shown, who is here, what one may do. */
export function Venue({ meeting, session, shown, seats, chairs, steering, conduct, stale, token, onReact, onOut }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  const { run } = useConducting();
  const view = useStore(session.view);
  const trouble = useStore(session.trouble);
  const messages = useStore(session.chat.messages);
  const [panel, setPanel] = useState<"people" | "chat" | "papers" | null>(() => (isWide() ? "people" : null));
  const [read, setRead] = useState(0);
  const [chosen, setChosen] = useState<Layout | null>(null);
  const [page, setPage] = useState(0);
  const [statistics, setStatistics] = useState(false);
  const [dialog, setDialog] = useState<"help" | "listen" | "share" | null>(null);
  const [deskWanted, setDesk] = useState(false);
  const [wall, setWall] = useState<string[]>(NOBODY);
  const [full, toggleFull] = useFull();
  const idle = useIdle(full);
  const me = seats.find((seat) => seat.me) ?? null;
  const desk = deskWanted && steering !== undefined;

  const viewer = me?.identity ?? "";
  const scene = chairs ? (conduct?.scene ?? null) : null;
  const second = useSecond();
  const hasSecond = second !== null;
  const arrangement = useMemo(() => (shown ? arrange({ shown, viewer, present: seats, chosen, scene, page, hasSecond }) : null), [shown, viewer, seats, chosen, scene, page, hasSecond]);
  useSlidesApart(second, seats, arrangement?.apart ?? null);
  const wants = useMemo(() => (desk && conduct && shown ? deskWants(shown, conduct.scene, wall, viewer) : (arrangement?.wants ?? NOBODY)), [desk, conduct, shown, wall, viewer, arrangement]);
  const listening = useListening(shown, view);
  const booth = useBooth(session, shown, viewer, view.state);
  usePictures(session.room, view, wants, listening.language);
  useFreezes(session, meeting, token, arrangement);
  const papers = useMemo(() => ({ meeting, token }), [meeting, token]);
  const reading = useReading(papers, shown, viewer);

  const onPage = useCallback(
    (wanted: PageAct) => {
      switch (wanted) {
        case "chat":
        case "people":
        case "papers":
          // What came while messages were open is read, too.
          setRead(session.chat.messages.now.at(-1)?.key ?? 0);
          setDesk(false);
          return setPanel((open) => (open === wanted && !desk ? null : wanted));
        case "statistics":
          return setStatistics((open) => !open);
        case "help":
        case "listen":
        case "share":
          return setDialog((open) => (open === wanted ? null : wanted));
        case "desk":
          return setDesk((open) => !open);
        case "full":
          return toggleFull();
        case "leave":
          // A chair that goes leaves a meeting without one.
          if (!chairs) return onOut(null);
          return ask({ question: t("hall.leave_chair"), act: t("room.act.leave"), run: () => Promise.resolve(onOut(null)) });
      }
    },
    [session, desk, toggleFull, chairs, ask, t, onOut],
  );
  const share = (what: Sharing) => void run({ act: "share", on: true }).then((may) => (may ? session.share(what) : undefined));
  const act = useHallActs({ session, shown, me, chosen, onLayout: setChosen, onPage });
  const steersPapers = steering !== undefined || viewer === shown?.main;
  if (!shown || !me || !arrangement) {
    return (
      <div role="status" aria-label={t("common.loading")}>
        <LinesSkeleton lines={6} />
      </div>
    );
  }
  const board = shown.is_board_open ? <BoardBox session={session} meeting={meeting} acting={token} title={shown.title} mayDraw={me.mayShare} chairs={chairs} me={viewer} /> : null;
  const paper = reading.paper && <PaperStage of={papers} shown={shown} reading={reading} mayShare={me.mayShare} steers={steersPapers} />;
  const list = <PapersPanel of={papers} shown={shown} reading={reading} mayShare={me.mayShare} steers={steersPapers} onClose={() => setPanel(null)} onOpened={() => isWide() || setPanel(null)} />;
  return (
    <div className={styles.hall} data-state={view.state} data-idle={idle || undefined} data-full={full || undefined} data-phase={shown.phase}>
      <div className={styles.top}>
        <h1 className={styles.title}>{shown.title}</h1>
        <StateLine shown={shown} />
      </div>
      {shown.banner && (
        <p className={styles.banner} data-banner>
          {shown.banner}
        </p>
      )}
      <LostLine state={view.state} />
      {view.soundBlocked && (
        <Button color="accent" onClick={() => void session.room.startAudio()}>
          {t("room.sound_blocked")}
        </Button>
      )}
      {trouble && (
        <div className={styles.trouble}>
          <ProblemBox error={trouble} />
          <Button variant="default" onClick={() => session.trouble.set(null)}>
            {t("act.close")}
          </Button>
        </div>
      )}
      <div className={styles.middle}>
        {desk ? (
          <DeskHere meeting={meeting} acting={steering} conduct={conduct} stale={stale} seats={seats} onWall={setWall} />
        ) : (
          <>
            <Screen shown={shown} seats={seats} arrangement={arrangement} page={page} instead={board ?? paper} onPage={setPage} />
            <SidePanel meeting={meeting} shown={shown} seats={seats} me={me} chairs={chairs} chat={session.chat} booth={booth} panel={panel} papers={list} onAct={act} />
          </>
        )}
        {statistics && <Statistics room={session.room} onClose={() => setStatistics(false)} />}
      </div>
      {shown.subtitle && (
        <p className={styles.subtitle} data-subtitle>
          {shown.subtitle}
        </p>
      )}
      <div className={styles.foot}>
        <LineWords room={session.room} me={me} large={seatIn(seats, arrangement.large)} />
        <HeardWords listening={listening} />
        <Tally />
        <HallControls
          shown={shown}
          me={me}
          view={view}
          chosen={chosen}
          open={desk ? null : panel}
          desk={steering === undefined ? null : desk}
          full={full}
          unread={messages.filter(({ key, me: mine }) => key > read && !mine).length}
          listening={listening}
          onReact={onReact}
          onAct={act}
          onLayout={setChosen}
        />
      </div>
      <KeysHelp opened={dialog === "help"} onClose={() => setDialog(null)} />
      <ListenDialog listening={listening} opened={dialog === "listen" && listening.offered.length > 0} onClose={() => setDialog(null)} />
      <ShareDialog opened={dialog === "share"} onClose={() => setDialog(null)} onShare={share} />
      <Heard view={view} listening={listening} />
    </div>
  );
}
