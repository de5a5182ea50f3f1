import type { LocalVideoTrack, RemoteVideoTrack } from "livekit-client";
import { useEffect, useRef } from "react";

import styles from "./Tile.module.css";

interface Props {
  track: LocalVideoTrack | RemoteVideoTrack;
  /** One's own camera is shown as in a mirror. */
  mirrored?: boolean;
  label: string;
}

/** A track's picture. Sound is played apart (Sounds), so that a picture that goes never takes it along. */
export function Picture({ track, mirrored = false, label }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  return <video ref={video} className={mirrored ? styles.mirrored : styles.video} aria-label={label} muted playsInline autoPlay />;
}
