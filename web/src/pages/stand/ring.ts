// The ring: two tones, three times, then a pause; made here, so that no sound needs to be fetched while the line is down.

const TONES = [659.25, 523.25];
const TONE_S = 0.35;
const TIMES = 2;
const EVERY_MS = 3_000;
const LOUD = 0.35;

function once(context: AudioContext): void {
  for (let at = 0; at < TONES.length * TIMES; at += 1) {
    const begins = context.currentTime + at * TONE_S;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = TONES[at % TONES.length] ?? 440;
    // Without the slope it clicks.
    gain.gain.setValueAtTime(0, begins);
    gain.gain.linearRampToValueAtTime(LOUD, begins + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, begins + TONE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(begins);
    tone.stop(begins + TONE_S);
  }
}

export class Ring {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Whether the browser lets it sound without somebody having touched the page. */
  get isAllowed(): boolean {
    return this.audio()?.state === "running";
  }

  /** After a touch. */
  async allow(): Promise<void> {
    await this.audio()?.resume();
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.play();
    this.timer = setInterval(() => this.play(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Once, to hear whether the loudspeakers are on. */
  play(): void {
    const context = this.audio();
    if (context?.state === "running") once(context);
    // Where it is not allowed the screen rings alone.
    else void context?.resume().then(() => once(context), () => undefined);
  }

  private audio(): AudioContext | null {
    if (!this.context && typeof AudioContext === "function") this.context = new AudioContext();
    return this.context;
  }
}
