import { createLocalAudioTrack, type LocalAudioTrack, type Room, Track } from "livekit-client";

import { trackName } from "./languages";

/** The interpreter's side: a track of its own for each language, opened when one goes on air, silent when one goes off. */
export class Booth {
  private readonly tracks = new Map<string, LocalAudioTrack>();
  /** One thing after the other, whatever is pressed meanwhile. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly room: Room,
    private readonly onTrack: (track: LocalAudioTrack | null) => void,
  ) {}

  /** On air in this language, or in none. */
  speak(language: string | null): Promise<void> {
    this.last = this.last.catch(() => undefined).then(() => this.change(language));
    return this.last;
  }

  /** The microphone is given back. */
  end(): void {
    void this.speak(null).finally(() => {
      for (const track of this.tracks.values()) {
        void this.room.localParticipant.unpublishTrack(track, true).catch(() => undefined);
        track.stop();
      }
      this.tracks.clear();
    });
  }

  private async change(language: string | null): Promise<void> {
    for (const [each, track] of this.tracks) {
      // A line that was made anew, or a name that was taken away and given again, has no such track any more.
      if (![...this.room.localParticipant.trackPublications.values()].some((publication) => publication.track === track)) {
        track.stop();
        this.tracks.delete(each);
      } else if (each !== language && !track.isMuted) await track.mute();
    }
    if (language === null) return this.onTrack(null);
    let track = this.tracks.get(language);
    if (!track) {
      track = await createLocalAudioTrack({ echoCancellation: true, noiseSuppression: true, autoGainControl: true });
      this.tracks.set(language, track);
      await this.room.localParticipant.publishTrack(track, { name: trackName(language), source: Track.Source.Unknown, dtx: true, red: true });
    }
    if (track.isMuted) await track.unmute();
    this.onTrack(track);
  }
}
