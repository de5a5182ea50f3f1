import Hls from "hls.js";
import { useCallback, useEffect, useRef, useState } from "react";

import { play, seek } from "./acts";
import { rungsOf, type Rung } from "./rungs";

export type Fault = "network" | "media" | "unsupported";

export interface Stage {
  video: HTMLVideoElement | null;
  setVideo: (video: HTMLVideoElement | null) => void;
  rungs: Rung[];
  /** The height asked for; null is automatic. */
  chosen: number | null;
  choose: (height: number | null) => void;
  /** The height now playing. */
  height: number | null;
  fault: Fault | null;
  /** The moment now playing, as the playlist's PROGRAM-DATE-TIME says. */
  playingUtc: () => number | null;
  /** Goes to a moment if the loaded playlist holds it. */
  seekUtc: (utcMs: number) => boolean;
  /** The end of what can be played live. */
  liveEdge: () => number | null;
}

interface Options {
  url: string | null;
  capHeight: number | null;
  startSeconds?: number | null;
}

const AGAIN_MS = 2_500;

/** A video element fed by hls.js, or by the browser itself where that is the only way (Safari on a phone). */
export function useStage({ url, capHeight, startSeconds = null }: Options): Stage {
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [rungs, setRungs] = useState<Rung[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [height, setHeight] = useState<number | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const player = useRef<Hls | null>(null);
  const wanted = useRef<number | null>(null);
  const start = useRef(startSeconds);
  useEffect(() => {
    start.current = startSeconds;
  }, [startSeconds]);

  useEffect(() => {
    if (!video || !url) return undefined;
    if (!Hls.isSupported()) return playNatively(video, url, start.current, setFault);
    const hls = new Hls({
      enableWorker: false, // fragmented MP4 needs no remuxing
      startPosition: start.current ?? -1,
      capLevelToPlayerSize: true,
      backBufferLength: 60,
      maxBufferLength: 30,
    });
    player.current = hls;
    let again: ReturnType<typeof setTimeout> | undefined;
    let mediaFaults = 0;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      const all = rungsOf(hls.levels, capHeight);
      const over = new Set(all.filter((rung) => rung.over).map((rung) => rung.height));
      for (let level = hls.levels.length - 1; level >= 0; level -= 1) if (over.has(hls.levels[level]?.height ?? 0)) hls.removeLevel(level);
      setRungs(all);
      hls.nextLevel = levelOf(hls, wanted.current);
      setFault(null);
      play(video);
    });
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => setHeight(hls.levels[level]?.height ?? null));
    hls.on(Hls.Events.FRAG_BUFFERED, () => setFault(null));
    hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR && mediaFaults < 2) {
        mediaFaults += 1;
        hls.recoverMediaError();
        return;
      }
      setFault(type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "media");
      if (type !== Hls.ErrorTypes.NETWORK_ERROR) return;
      const manifest = details.startsWith("manifest");
      again = setTimeout(() => (manifest ? hls.loadSource(url) : hls.startLoad()), AGAIN_MS);
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    return () => {
      clearTimeout(again);
      player.current = null;
      hls.destroy();
    };
  }, [video, url, capHeight]);

  const choose = useCallback((next: number | null) => {
    wanted.current = next;
    setChosen(next);
    if (player.current) player.current.nextLevel = levelOf(player.current, next);
  }, []);

  const playingUtc = useCallback(() => player.current?.playingDate?.getTime() ?? nativeUtc(video), [video]);

  const seekUtc = useCallback(
    (utcMs: number) => {
      const hls = player.current;
      const fragments = hls?.levels[Math.max(0, hls.currentLevel)]?.details?.fragments ?? [];
      const found = fragments.find(({ programDateTime, duration }) => programDateTime !== null && utcMs >= programDateTime && utcMs < programDateTime + duration * 1000);
      if (!video || !found || found.programDateTime === null) return false;
      seek(video, found.start + (utcMs - found.programDateTime) / 1000);
      return true;
    },
    [video],
  );

  const liveEdge = useCallback(() => player.current?.liveSyncPosition ?? (video && video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : null), [video]);

  return { video, setVideo, rungs, chosen, choose, height, fault, playingUtc, seekUtc, liveEdge };
}

function levelOf(hls: Hls, height: number | null): number {
  return height === null ? -1 : hls.levels.findIndex((level) => level.height === height);
}

function nativeUtc(video: HTMLVideoElement | null): number | null {
  // Safari's own player knows the playlist's dates; the method is not in the standard library's types.
  const start = (video as (HTMLVideoElement & { getStartDate?: () => Date }) | null)?.getStartDate?.().getTime();
  return video && start !== undefined && !Number.isNaN(start) ? start + video.currentTime * 1000 : null;
}

function playNatively(video: HTMLVideoElement, url: string, start: number | null, setFault: (fault: Fault | null) => void): () => void {
  if (!video.canPlayType("application/vnd.apple.mpegurl")) {
    queueMicrotask(() => setFault("unsupported"));
    return () => undefined;
  }
  const ready = () => {
    if (start !== null) seek(video, start);
    setFault(null);
    play(video);
  };
  const failed = () => setFault(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "media");
  video.addEventListener("loadedmetadata", ready);
  video.addEventListener("error", failed);
  video.src = url;
  return () => {
    video.removeEventListener("loadedmetadata", ready);
    video.removeEventListener("error", failed);
    video.removeAttribute("src");
    video.load();
  };
}
