import type { RemoteAudioTrack } from "livekit-client";
import { useEffect, useRef } from "react";

interface Props {
  tracks: readonly RemoteAudioTrack[];
  /** How loud, 0 to 1. */
  gain?: number;
  /** Through which they go while they are mixed; absent: each by its own element. */
  context?: AudioContext | null;
}

/** Everyone's sound. */
export function Sounds({ tracks, gain = 1, context = null }: Props) {
  return tracks.map((track) => <Sound key={track.sid ?? track.mediaStreamID} track={track} gain={gain} context={context} />);
}

function Sound({ track, gain, context }: { track: RemoteAudioTrack; gain: number; context: AudioContext | null }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return undefined;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  useEffect(() => {
    track.setAudioContext(context ?? undefined);
    return () => track.setAudioContext(undefined);
  }, [track, context]);
  useEffect(() => track.setVolume(gain), [track, gain, context]);
  return <audio ref={audio} autoPlay data-gain={gain} />;
}
