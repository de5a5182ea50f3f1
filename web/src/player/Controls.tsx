import {
  IconMaximize,
  IconMinimize,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconRewindBackward10,
  IconRewindForward10,
  IconVolume,
  IconVolumeOff,
} from "@tabler/icons-react";
import { useSyncExternalStore, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { seek, setMuted, setSpeed, setVolume, toggleFullscreen, togglePlay } from "./acts";
import styles from "./Controls.module.css";
import { IconButton } from "./IconButton";
import { QualityMenu } from "./QualityMenu";
import { SpeedMenu } from "./SpeedMenu";
import type { Media } from "./useMedia";
import type { Stage } from "./useStage";

interface Props {
  stage: Stage;
  media: Media;
  frame: HTMLElement | null;
  clock: ReactNode;
  speeds: boolean;
  capName: string | null;
  sound?: { on: boolean; set: (on: boolean) => void };
  children?: ReactNode;
}

function hearFullscreen(changed: () => void) {
  document.addEventListener("fullscreenchange", changed);
  return () => document.removeEventListener("fullscreenchange", changed);
}

/** The row of buttons. */
export function Controls({ stage, media, frame, clock, speeds, capName, sound, children }: Props) {
  const { t } = useTranslation();
  const full = useSyncExternalStore(hearFullscreen, () => document.fullscreenElement !== null);
  const { video } = stage;
  if (!video) return null;
  const jump = (seconds: number) => seek(video, video.currentTime + seconds);
  return (
    <div className={styles.row}>
      <IconButton label={t(media.paused ? "player.play" : "player.pause")} onClick={() => togglePlay(video)}>
        {media.paused ? <IconPlayerPlayFilled /> : <IconPlayerPauseFilled />}
      </IconButton>
      <span className={styles.wide}>
        <IconButton label={t("player.back", { count: 10 })} onClick={() => jump(-10)}>
          <IconRewindBackward10 />
        </IconButton>
        <IconButton label={t("player.forward", { count: 10 })} onClick={() => jump(10)}>
          <IconRewindForward10 />
        </IconButton>
      </span>
      <IconButton label={t(media.muted ? "player.unmute" : "player.mute")} onClick={() => setMuted(video, !media.muted)}>
        {media.muted || media.volume === 0 ? <IconVolumeOff /> : <IconVolume />}
      </IconButton>
      <input
        className={styles.volume}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={media.muted ? 0 : media.volume}
        aria-label={t("player.volume")}
        onChange={({ target }) => setVolume(video, Number(target.value))}
      />
      <span className={styles.clock}>{clock}</span>
      <span className={styles.space} />
      {children}
      {speeds && <SpeedMenu speed={media.speed} onChoose={(speed) => setSpeed(video, speed)} />}
      <QualityMenu stage={stage} capName={capName} sound={sound} />
      <IconButton label={t(full ? "player.leave_fullscreen" : "player.fullscreen")} onClick={() => toggleFullscreen(frame, video)}>
        {full ? <IconMinimize /> : <IconMaximize />}
      </IconButton>
    </div>
  );
}
