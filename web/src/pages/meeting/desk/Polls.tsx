import { Button, Checkbox, NumberInput, SegmentedControl } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipForward, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConducting } from "../Conducting";
import { type Conduct, type Poll, type Screen, SCREENS, type VenueId } from "../model";
import styles from "./Tools.module.css";

const pollOf = ({ shown, chair_poll: chairs }: Conduct, screen: Screen): Poll | null => (screen === "all" ? shown.poll : screen === "wall" ? shown.wall_poll : chairs);

/** Venues one after the other, on each of three screens. */
export function Polls({ conduct }: { conduct: Conduct }) {
  const { t } = useTranslation();
  const [screen, setScreen] = useState<Screen>("all");
  const poll = pollOf(conduct, screen);
  return (
    <>
      <SegmentedControl
        value={screen}
        onChange={(value) => setScreen(value as Screen)}
        fullWidth
        data={SCREENS.map((value) => ({ value, label: `${t(`desk.poll.screen.${value}`)}${pollOf(conduct, value) ? " ●" : ""}` }))}
      />
      <p className={styles.none}>{t(`desk.poll.hint.${screen}`)}</p>
      {poll ? <Running key={screen} screen={screen} poll={poll} /> : <Start key={screen} screen={screen} conduct={conduct} />}
    </>
  );
}

function Running({ screen, poll }: { screen: Screen; poll: Poll }) {
  const { t } = useTranslation();
  const { run, title } = useConducting();
  const paused = poll.paused !== null;
  return (
    <section className={styles.running} data-poll={screen} data-paused={paused || undefined}>
      <p className={styles.sum}>{t(paused ? "desk.poll.paused" : "desk.poll.running", { seconds: poll.seconds })}</p>
      <p>{t("desk.poll.at", { name: title(poll.venues[poll.at] ?? null), at: poll.at + 1, of: poll.venues.length })}</p>
      <div className={styles.acts}>
        <Button variant="default" leftSection={paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />} onClick={() => void run({ act: paused ? "resume_poll" : "pause_poll", screen })} data-do={paused ? "resume_poll" : "pause_poll"}>
          {t(paused ? "desk.poll.resume" : "desk.poll.pause")}
        </Button>
        <Button variant="default" leftSection={<IconPlayerSkipForward size={18} aria-hidden />} onClick={() => void run({ act: "step_poll", screen })} data-do="step_poll">
          {t("desk.poll.step")}
        </Button>
        <Button variant="default" leftSection={<IconPlayerStop size={18} aria-hidden />} onClick={() => void run({ act: "stop_poll", screen })} data-do="stop_poll">
          {t("desk.poll.stop")}
        </Button>
      </div>
    </section>
  );
}

function Start({ screen, conduct }: { screen: Screen; conduct: Conduct }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const [seconds, setSeconds] = useState<number | string>(15);
  const [atOnce, setAtOnce] = useState("9");
  const [left, setLeft] = useState<ReadonlySet<VenueId>>(new Set());
  const expected = conduct.venues.filter(({ is_expected: isExpected }) => isExpected);
  const toggle = (id: VenueId) => setLeft((before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id]));
  const start = () => {
    // All of them: whoever is invited later comes into the round too.
    const venues = left.size === 0 ? [] : expected.filter(({ id }) => !left.has(id)).map(({ id }) => id);
    void run({ act: "poll", screen, venues, seconds: typeof seconds === "number" ? seconds : 0, at_once: screen === "wall" ? Number(atOnce) : null });
  };
  return (
    <section className={styles.running}>
      <NumberInput label={t("desk.poll.seconds")} value={seconds} onChange={setSeconds} min={3} max={3600} clampBehavior="none" allowDecimal={false} allowNegative={false} hideControls />
      {screen === "wall" && (
        <>
          <p id="at-once">{t("desk.poll.at_once")}</p>
          <SegmentedControl aria-labelledby="at-once" value={atOnce} onChange={setAtOnce} data={["4", "9", "16", "25"]} fullWidth />
        </>
      )}
      <Button color="accent" onClick={start} disabled={left.size > 0 && left.size >= expected.length} data-do="poll">
        {t("desk.poll.start", { count: expected.length - left.size })}
      </Button>
      <div className={styles.acts}>
        <Button variant="subtle" color="var(--ink)" onClick={() => setLeft(new Set())}>
          {t("desk.poll.choose_all")}
        </Button>
        <Button variant="subtle" color="var(--ink)" onClick={() => setLeft(new Set(expected.map(({ id }) => id)))}>
          {t("desk.poll.choose_none")}
        </Button>
      </div>
      <div role="group" aria-label={t("desk.poll.venues")}>
        {expected.map(({ id, title }) => (
          <Checkbox key={id} label={title} checked={!left.has(id)} onChange={() => toggle(id)} />
        ))}
      </div>
    </section>
  );
}
