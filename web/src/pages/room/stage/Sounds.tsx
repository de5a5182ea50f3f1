import type { RemoteAudioTrack } from "livekit-client";
import { useEffect, useRef } from "react";

/** Everyone's sound. */
export function Sounds({ tracks }: { tracks: RemoteAudioTrack[] }) {
  return tracks.map((track) => <Sound key={track.sid ?? track.mediaStreamID} track={track} />);
}

function Sound({ track }: { track: RemoteAudioTrack }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return undefined;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  return <audio ref={audio} autoPlay />;
}
