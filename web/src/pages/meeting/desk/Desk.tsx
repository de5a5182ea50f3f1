import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Conduct, VenueId } from "../model";
import type { Seat } from "../seats";
import { Ballots } from "./Ballots";
import styles from "./Desk.module.css";
import { DeskBar } from "./DeskBar";
import { DeskPictures } from "./DeskPictures";
import { Doors } from "./Doors";
import { Hands } from "./Hands";
import { Interpreters } from "./Interpreters";
import { Polls } from "./Polls";
import { RollList } from "./RollList";
import { Texts } from "./Texts";
import { VenueList } from "./VenueList";

const TOOLS = ["hands", "roll", "polls", "ballots", "texts", "doors", "interpreters"] as const;
type Tool = (typeof TOOLS)[number];

interface Props {
  meeting: string;
  conduct: Conduct;
  stale: boolean;
  seats: readonly Seat[] | null;
  onWall: (wall: VenueId[]) => void;
}

/** The chair's desk: pictures, venues, tools. */
export function Desk({ meeting, conduct, stale, seats, onWall }: Props) {
  const { t } = useTranslation();
  const [tool, setTool] = useState<Tool>(conduct.shown.phase === "roll_call" ? "roll" : "hands");
  const badges: Partial<Record<Tool, number>> = {
    hands: conduct.shown.floor.hands.length,
    doors: conduct.venues.filter(({ presence }) => presence.is === "waiting").length,
    polls: [conduct.shown.poll, conduct.shown.wall_poll, conduct.chair_poll].filter((poll) => poll !== null).length,
    ballots: conduct.shown.ballot ? 1 : 0,
  };
  return (
    <div className={styles.desk} data-desk data-version={conduct.shown.version}>
      {stale && (
        <p className={styles.stale} role="alert">
          {t("desk.stale")}
        </p>
      )}
      <DeskBar conduct={conduct} onRoll={() => setTool("roll")} />
      <div className={styles.columns} data-pictures={seats !== null || undefined}>
        {seats !== null && <DeskPictures conduct={conduct} seats={seats} onWall={onWall} />}
        <VenueList conduct={conduct} seats={seats} />
        <section className={styles.tools}>
          <div className={styles.tabs} role="tablist" aria-label={t("desk.tools")}>
            {TOOLS.map((name) => (
              <button key={name} type="button" role="tab" id={`tool-${name}`} aria-selected={tool === name} aria-controls="tool" className={styles.tab} onClick={() => setTool(name)} data-tool={name}>
                {t(`desk.tool.${name}`)}
                {(badges[name] ?? 0) > 0 && <span className={styles.badge}>{badges[name]}</span>}
              </button>
            ))}
          </div>
          <div id="tool" role="tabpanel" aria-labelledby={`tool-${tool}`} className={styles.tool} tabIndex={0}>
            {tool === "hands" && <Hands conduct={conduct} />}
            {tool === "roll" && <RollList conduct={conduct} />}
            {tool === "polls" && <Polls conduct={conduct} />}
            {tool === "ballots" && <Ballots conduct={conduct} />}
            {tool === "texts" && <Texts meeting={meeting} shown={conduct.shown} />}
            {tool === "doors" && <Doors conduct={conduct} />}
            {tool === "interpreters" && <Interpreters conduct={conduct} />}
          </div>
        </section>
      </div>
    </div>
  );
}
