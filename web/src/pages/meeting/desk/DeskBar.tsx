import { Button, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { serverNow } from "../../../api/server_time";
import { useAsk } from "../../../ui/Ask";
import { useConducting } from "../Conducting";
import type { Conduct } from "../model";
import styles from "./Desk.module.css";

const BREAKS = [5, 10, 15, 30, 60];
const EXTENSIONS = [15, 30, 60];

/** The course of the meeting, and everybody's microphones. */
export function DeskBar({ conduct, onRoll }: { conduct: Conduct; onRoll: () => void }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const { run, dare } = useConducting();
  const { phase, is_mute_locked: isLocked, main, chair, floor } = conduct.shown;
  const callRoll = async () => {
    if (await run({ act: "call_roll" })) onRoll();
  };
  const speakers = [...new Set([main, chair, ...floor.holders])];
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("desk.course")}>
      {phase === "called" && (
        <Button color="accent" onClick={() => void run({ act: "open" })} data-do="open">
          {t("desk.do.open")}
        </Button>
      )}
      {phase === "gathering" && (
        <Button color="accent" onClick={() => void callRoll()} data-do="call_roll">
          {t("desk.do.call_roll")}
        </Button>
      )}
      {phase === "roll_call" && (
        <Button color="accent" onClick={() => void run({ act: "end_roll" })} data-do="end_roll">
          {t("desk.do.end_roll")}
        </Button>
      )}
      {(phase === "called" || phase === "gathering") && (
        <Button variant="default" onClick={() => void run({ act: "begin" })} data-do="begin">
          {t("desk.do.begin")}
        </Button>
      )}
      {phase === "break" && (
        <Button color="accent" onClick={() => void run({ act: "resume" })} data-do="resume">
          {t("desk.do.resume")}
        </Button>
      )}
      {phase === "in_session" && (
        <>
          <Button variant="default" onClick={() => void callRoll()} data-do="call_roll">
            {t("desk.do.call_roll")}
          </Button>
          <Menu>
            <Menu.Target>
              <Button variant="default" data-do="pause">
                {t("desk.do.pause")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {BREAKS.map((minutes) => (
                <Menu.Item key={minutes} onClick={() => void run({ act: "pause", until: serverNow() + minutes * 60_000 })}>
                  {t("desk.minutes", { count: minutes })}
                </Menu.Item>
              ))}
              <Menu.Item onClick={() => void run({ act: "pause", until: null })}>{t("desk.do.pause_open")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      <span className={styles.gap} />
      <Menu>
        <Menu.Target>
          <Button variant="default" data-do="mute">
            {t("desk.do.mute")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void run({ act: "mute", whom: { all_but: speakers } })} data-do="mute_all_but">
            {t("desk.do.mute_all_but")}
          </Menu.Item>
          <Menu.Item onClick={() => void run({ act: "mute", whom: "all" })} data-do="mute_all">
            {t("desk.do.mute_all")}
          </Menu.Item>
          <Menu.Item onClick={() => void run({ act: "unmute", whom: "all" })}>{t("desk.do.unmute_all")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button variant={isLocked ? "filled" : "default"} color="dark" aria-pressed={isLocked} onClick={() => void run({ act: "lock_mute", locked: !isLocked })} data-do="lock_mute">
        {t(isLocked ? "desk.do.unlock_mute" : "desk.do.lock_mute")}
      </Button>
      <span className={styles.gap} />
      <Menu>
        <Menu.Target>
          <Button variant="default" data-do="extend">
            {t("desk.do.extend")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {EXTENSIONS.map((minutes) => (
            <Menu.Item key={minutes} onClick={() => void run({ act: "extend", minutes })}>
              {t("desk.minutes", { count: minutes })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button variant="outline" color="var(--bad)" onClick={() => ask({ question: t("desk.ask.close"), act: t("desk.do.close"), run: () => dare({ act: "close" }) })} data-do="close">
        {t("desk.do.close")}
      </Button>
    </div>
  );
}
