import { useEffect } from "react";

import { focusOf, keyAction } from "./keys";
import { seek, setMuted, setVolume, toggleFullscreen, togglePlay } from "./acts";

/** The player's keys, wherever on its page the focus is. */
export function usePlayerKeys(video: HTMLVideoElement | null, frame: HTMLElement | null) {
  useEffect(() => {
    if (!video) return undefined;
    const press = (event: KeyboardEvent) => {
      const action = keyAction(event, focusOf(event.target));
      if (!action) return;
      event.preventDefault();
      switch (action.kind) {
        case "toggle":
          togglePlay(video);
          break;
        case "seek":
          seek(video, video.currentTime + action.seconds);
          break;
        case "volume":
          setVolume(video, video.volume + action.by);
          break;
        case "mute":
          setMuted(video, !video.muted);
          break;
        case "fullscreen":
          toggleFullscreen(frame, video);
          break;
        case "start":
          seek(video, 0);
          break;
        case "end":
          if (Number.isFinite(video.duration)) seek(video, video.duration);
          break;
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [video, frame]);
}
