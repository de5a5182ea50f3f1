import { useEffect, useState } from "react";

export interface Media {
  seconds: number;
  durationSeconds: number;
  /** The end of what is loaded around the present position. */
  loadedSeconds: number;
  paused: boolean;
  ended: boolean;
  waiting: boolean;
  muted: boolean;
  volume: number;
  speed: number;
  /** Whether a picture has been shown at all. */
  begun: boolean;
}

const NOTHING: Media = { seconds: 0, durationSeconds: 0, loadedSeconds: 0, paused: true, ended: false, waiting: true, muted: false, volume: 1, speed: 1, begun: false };
const EVENTS = ["timeupdate", "durationchange", "progress", "play", "pause", "ended", "waiting", "playing", "volumechange", "ratechange", "seeking", "seeked", "loadeddata", "emptied"];

function read(video: HTMLVideoElement, waiting: boolean): Media {
  const { buffered, currentTime } = video;
  let loadedSeconds = currentTime;
  for (let range = 0; range < buffered.length; range += 1) if (buffered.start(range) <= currentTime + 0.5) loadedSeconds = Math.max(loadedSeconds, buffered.end(range));
  return {
    seconds: currentTime,
    durationSeconds: Number.isFinite(video.duration) ? video.duration : 0,
    loadedSeconds,
    paused: video.paused,
    ended: video.ended,
    waiting,
    muted: video.muted,
    volume: video.volume,
    speed: video.playbackRate,
    begun: video.readyState >= 2 || currentTime > 0,
  };
}

/** The state of a video element, as React sees it. */
export function useMedia(video: HTMLVideoElement | null): Media {
  const [media, setMedia] = useState(NOTHING);
  useEffect(() => {
    if (!video) return undefined;
    let waiting = true;
    const hear = ({ type }: Event) => {
      if (type === "waiting" || type === "emptied") waiting = true;
      if (type === "playing" || type === "loadeddata" || type === "seeked") waiting = false;
      setMedia(read(video, waiting));
    };
    for (const event of EVENTS) video.addEventListener(event, hear);
    return () => {
      for (const event of EVENTS) video.removeEventListener(event, hear);
    };
  }, [video]);
  return media;
}
