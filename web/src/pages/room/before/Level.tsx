import { createAudioAnalyser, type LocalAudioTrack } from "livekit-client";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Before.module.css";

const EVERY_MS = 80;

/** How loud the microphone hears; moves without React, twelve times a second. */
export function Level({ track }: { track: LocalAudioTrack | null }) {
  const { t } = useTranslation();
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!track) return undefined;
    const { calculateVolume, cleanup } = createAudioAnalyser(track, { minDecibels: -80, maxDecibels: -30, smoothingTimeConstant: 0.5 });
    const timer = setInterval(() => {
      if (meter.current) meter.current.value = Math.min(1, calculateVolume() * 2);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      void cleanup();
    };
  }, [track]);
  return (
    <div className={styles.level}>
      <span id="level">{t("room.before.level")}</span>
      <meter ref={meter} min={0} max={1} aria-labelledby="level" />
      <span className={styles.hint}>{t("room.before.level_hint")}</span>
    </div>
  );
}
