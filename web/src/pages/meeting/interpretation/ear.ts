import type { RemoteAudioTrack } from "livekit-client";

/** Louder than the noise of a booth: −50 dB of full scale. */
const VOICE = 10 ** (-50 / 20);

/** Hears whether somebody speaks in a track. */
export class Ear {
  private readonly source: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, track: RemoteAudioTrack) {
    this.source = context.createMediaStreamSource(new MediaStream([track.mediaStreamTrack]));
    this.analyser = context.createAnalyser();
    // 2048 samples are 43 ms, of which syllables have enough.
    this.analyser.fftSize = 2048;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  hears(): boolean {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length;
    return Math.sqrt(power) > VOICE;
  }

  end(): void {
    this.source.disconnect();
    this.analyser.disconnect();
  }
}
