import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Store, useStore } from "../room/store";
import type { Second } from "./second";
import styles from "./Stand.module.css";

const EMPTY = new Store<Second>({ venue: "", slides: null });
const LOOK_MS = 1_000;

/** The window on a venue's second screen: slides, and otherwise the venue's name. It ends with the window that opened it. */
export function SlidesWindow() {
  const { t } = useTranslation();
  const [second] = useState(() => (window.opener as Window | null)?.yizhanSecond ?? EMPTY);
  const { venue, slides } = useStore(second);
  useEffect(() => {
    const timer = setInterval(() => {
      const opener = window.opener as Window | null;
      if (!opener || opener.closed) window.close();
    }, LOOK_MS);
    // Where the computer's policy allows it; elsewhere the window stays as large as it was opened.
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={styles.slides} data-slides={slides ? slides.name : ""}>
      {slides ? (
        <Slides track={slides.track} label={t("stand.slides_of", { name: slides.name })} />
      ) : (
        <div className={styles.pairing}>
          <h1>{venue}</h1>
          <p className={styles.hint}>{t("stand.slides_here")}</p>
        </div>
      )}
    </div>
  );
}

function Slides({ track, label }: { track: MediaStreamTrack; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video ref={video} aria-label={label} muted playsInline autoPlay />;
}
