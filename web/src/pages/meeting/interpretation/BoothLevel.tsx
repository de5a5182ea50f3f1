import { createAudioAnalyser, type LocalAudioTrack } from "livekit-client";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Interpretation.module.css";

const EVERY_MS = 80;

/** That one is heard: moves without React, twelve times a second. */
export function BoothLevel({ track }: { track: LocalAudioTrack | null }) {
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
  return <meter ref={meter} className={styles.level} min={0} max={1} aria-label={t("interpret.level")} />;
}
