import { Loader } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { togglePlay } from "./acts";
import { Controls } from "./Controls";
import styles from "./Player.module.css";
import { useMedia, type Media } from "./useMedia";
import { usePlayerKeys } from "./usePlayerKeys";
import type { Stage } from "./useStage";

interface Props {
  stage: Stage;
  label: string;
  poster?: string | null;
  /** The bar of time over the buttons. */
  bar: (media: Media) => ReactNode;
  /** What is written beside the buttons, usually the time. */
  clock: (media: Media) => ReactNode;
  /** More buttons. */
  extras?: ReactNode;
  /** Lies over the picture: a hint, what comes next. */
  over?: ReactNode;
  speeds?: boolean;
  /** Keep the controls in sight, under the picture. */
  below?: boolean;
  capName?: string | null;
  sound?: { on: boolean; set: (on: boolean) => void };
}

const IDLE_MS = 3000;

/** The picture with its controls, which go away while it plays and nobody moves. */
export function Player({ stage, label, poster, bar, clock, extras, over, speeds = true, below = false, capName = null, sound }: Props) {
  const { t } = useTranslation();
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const { video, setVideo, fault } = stage;
  const media = useMedia(video);
  const narrow = useMediaQuery("(max-width: 700px)");
  const { awake, wake } = useAwake();
  usePlayerKeys(video, frame);
  const shown = awake || media.paused;
  return (
    <figure ref={setFrame} className={styles.frame} data-quiet={shown ? undefined : true} data-below={below || narrow || undefined} onPointerMove={wake} onFocus={wake} onKeyDown={wake}>
      <div className={styles.picture}>
        {/* There are no captions in what is broadcast; when there are, they are text tracks of the playlist. */}
        <video ref={setVideo} className={styles.video} playsInline poster={poster ?? undefined} aria-label={label} onClick={() => video && togglePlay(video)} />
        {sound?.on && <p className={styles.sound}>{t("player.sound_only")}</p>}
        {media.paused && !media.ended && media.begun && video && (
          <button type="button" className={styles.large} aria-label={t("player.tap_to_play")} onClick={() => togglePlay(video)}>
            <IconPlayerPlayFilled size={44} aria-hidden />
          </button>
        )}
        {media.waiting && !media.paused && !fault && (
          <span className={styles.centre} role="status" aria-label={t("player.waiting")}>
            <Loader color="white" size="lg" />
          </span>
        )}
        {fault && (
          <p className={styles.fault} role="alert">
            {t(`player.fault_${fault}`)}
          </p>
        )}
        {over}
      </div>
      <figcaption className={styles.controls} dir="ltr">
        {bar(media)}
        <Controls stage={stage} media={media} frame={frame} clock={clock(media)} speeds={speeds} capName={capName} sound={sound}>
          {extras}
        </Controls>
      </figcaption>
    </figure>
  );
}

/** True for a while after each call of `wake`. */
function useAwake() {
  const [awake, setAwake] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wake = () => {
    setAwake(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAwake(false), IDLE_MS);
  };
  useEffect(() => {
    timer.current = setTimeout(() => setAwake(false), IDLE_MS);
    return () => clearTimeout(timer.current);
  }, []);
  return { awake, wake };
}
