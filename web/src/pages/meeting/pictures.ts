import { type RemoteTrackPublication, type Room, Track } from "livekit-client";

import { holdLayer } from "../room/layer_hold";
import { languageOf } from "./interpretation/languages";
import type { Want } from "./plan";

/** A picture that is not wanted any more stays for so long, so that the one before is still there while the new one comes. */
const STAY_MS = 1_000;

interface Held {
  track: unknown;
  low: boolean;
  release: () => void;
}

/** Asks the server for what the page shows: sound of everybody, pictures as planned, nothing else. */
export class Pictures {
  private readonly held = new Map<string, Held>();
  private readonly going = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly room: Room) {}

  /** `language`: of interpreters, whose sound comes to nobody who does not listen to it. */
  ask(wants: readonly Want[], language: string | null = null): void {
    for (const person of this.room.remoteParticipants.values()) {
      for (const publication of person.trackPublications.values() as Iterable<RemoteTrackPublication>) {
        if (publication.kind === Track.Kind.Audio) {
          const spoken = languageOf(publication.trackName);
          const wanted = spoken === null || spoken === language;
          if (publication.isDesired !== wanted) publication.setSubscribed(wanted);
          continue;
        }
        const source = publication.source === Track.Source.ScreenShare ? "screen" : "camera";
        const want = wants.find((wanted) => wanted.identity === person.identity && wanted.source === source);
        if (want) this.want(publication, want.quality !== "fit");
        else this.leave(publication);
      }
    }
  }

  end(): void {
    for (const timer of this.going.values()) clearTimeout(timer);
    for (const { release } of this.held.values()) release();
    this.going.clear();
    this.held.clear();
  }

  private want(publication: RemoteTrackPublication, low: boolean): void {
    const sid = publication.trackSid;
    clearTimeout(this.going.get(sid));
    this.going.delete(sid);
    if (!publication.isDesired) publication.setSubscribed(true);
    const held = this.held.get(sid);
    if (held?.track === publication.track && held?.low === low) return;
    this.release(sid);
    if (publication.track) this.held.set(sid, { track: publication.track, low, release: holdLayer(publication, low ? "low" : "auto") });
  }

  private leave(publication: RemoteTrackPublication): void {
    const sid = publication.trackSid;
    if (!publication.isDesired || this.going.has(sid)) return;
    this.going.set(
      sid,
      setTimeout(() => {
        this.going.delete(sid);
        this.release(sid);
        publication.setSubscribed(false);
      }, STAY_MS),
    );
  }

  private release(sid: string): void {
    this.held.get(sid)?.release();
    this.held.delete(sid);
  }
}
