import { DisconnectReason, type LocalAudioTrack, type LocalVideoTrack, Room, RoomEvent, setLogLevel } from "livekit-client";

import type { ApiProblem } from "../../api/problem";
import { Chat } from "./chat";
import { type Device, deviceFault, ending, refusal } from "./faults";
import { type Choices, serverUrl } from "./link";
import { reconnectPolicy, WEBSOCKET_TIMEOUT_MS } from "./reconnect";
import { Store } from "./store";
import { tcpOnly } from "./tcp_only";
import { CHANGES, type View, viewOf } from "./view";

declare global {
  interface Window {
    /**
     * The livekit-client `Room` of the open room page, for tests and for an operator's console: `yizhanRoom.state`,
     * `yizhanRoom.remoteParticipants`, `yizhanRoom.simulateScenario("signal-reconnect")`. Absent outside a room.
     */
    yizhanRoom?: Room;
  }
}

/** What one enters with. A track that the check before already opened is sent as it is. */
export interface Wish {
  token: string;
  /** The name that others shall see, where the token allows to choose one; null leaves the token's. */
  name: string | null;
  microphone: boolean | LocalAudioTrack;
  camera: boolean | LocalVideoTrack;
}

export type Phase = { kind: "connecting" } | { kind: "in" } | { kind: "out"; why: ApiProblem | null };

/** What is on the screen that is shared. */
export type Sharing = "slides" | "film";

const SHARING = {
  slides: { fps: 5, hint: "detail", maxBitrate: 1_500_000 },
  film: { fps: 25, hint: "motion", maxBitrate: 3_000_000 },
} as const;

/** One visit to a room: the client's `Room`, and what the page shows of it. */
export class Session {
  readonly room: Room;
  readonly phase = new Store<Phase>({ kind: "connecting" });
  readonly view: Store<View>;
  /** A device that could not be had; the visit goes on without it. */
  readonly trouble = new Store<ApiProblem | null>(null);
  readonly chat: Chat;
  private undoTcp: () => void = () => undefined;
  private entered = false;
  private leaving: ReturnType<typeof setTimeout> | undefined;

  /** `pictures`: all that there are, or those alone that the page asks for; then it asks for the sound too. */
  constructor(
    private readonly wish: Wish,
    private readonly choices: Choices,
    private readonly pictures: "all" | "asked" = "all",
  ) {
    setLogLevel("warn");
    this.room = new Room({ adaptiveStream: true, dynacast: true, singlePeerConnection: choices.singlePeerConnection, reconnectPolicy: reconnectPolicy() });
    this.view = new Store(viewOf(this.room));
    this.chat = new Chat(this.room);
    for (const event of CHANGES) this.room.on(event, () => this.view.set(viewOf(this.room)));
    this.room.on(RoomEvent.Disconnected, (reason) => {
      // A refusal is told by what `connect` throws, which knows more.
      if (this.phase.now.kind === "in") this.phase.set({ kind: "out", why: ending(reason === undefined ? undefined : DisconnectReason[reason]) });
    });
  }

  async enter(): Promise<void> {
    clearTimeout(this.leaving);
    window.yizhanRoom = this.room;
    if (this.entered) return;
    this.entered = true;
    if (this.choices.tcpOnly) this.undoTcp = tcpOnly(window);
    try {
      await this.room.connect(serverUrl(window.location), this.wish.token, { websocketTimeout: WEBSOCKET_TIMEOUT_MS, autoSubscribe: this.pictures === "all" });
    } catch (thrown) {
      this.phase.set({ kind: "out", why: refusal(thrown) });
      this.stopTracks();
      return;
    }
    this.phase.set({ kind: "in" });
    const { name, microphone, camera } = this.wish;
    const me = this.room.localParticipant;
    // The server may refuse a name; then the token's stays, which is on the tile for all to see.
    if (name !== null && name !== me.name) me.setName(name).catch(() => undefined);
    if (microphone !== false) await this.attempt("microphone", () => (microphone === true ? me.setMicrophoneEnabled(true) : me.publishTrack(microphone)));
    if (camera !== false) await this.attempt("camera", () => (camera === true ? me.setCameraEnabled(true) : me.publishTrack(camera)));
  }

  /** Leaves in a moment, unless one enters again at once: in development React opens every page twice. */
  leave(): void {
    if (window.yizhanRoom === this.room) delete window.yizhanRoom;
    this.leaving = setTimeout(() => void this.disconnect(), 0);
  }

  private async disconnect(): Promise<void> {
    this.undoTcp();
    await this.room.disconnect();
    this.stopTracks();
  }

  toggle(device: Device): Promise<void> {
    this.trouble.set(null);
    const me = this.room.localParticipant;
    switch (device) {
      case "microphone":
        return this.attempt(device, () => me.setMicrophoneEnabled(!me.isMicrophoneEnabled));
      case "camera":
        return this.attempt(device, () => me.setCameraEnabled(!me.isCameraEnabled));
      case "screen":
        return me.isScreenShareEnabled ? this.attempt(device, () => me.setScreenShareEnabled(false)) : this.share("slides");
    }
  }

  /** Shares the screen: letters that stay sharp, or motion that flows. */
  share(what: Sharing): Promise<void> {
    this.trouble.set(null);
    const { fps, hint, maxBitrate } = SHARING[what];
    const capture = { audio: true, contentHint: hint, selfBrowserSurface: "exclude", resolution: { width: 1920, height: 1080, frameRate: fps } } as const;
    const publish = { screenShareEncoding: { maxBitrate, maxFramerate: fps }, degradationPreference: what === "film" ? "maintain-framerate" : "maintain-resolution" } as const;
    return this.attempt("screen", () => this.room.localParticipant.setScreenShareEnabled(true, capture, publish));
  }

  /** A device that could not be had, or not be sent, is told on the page. */
  fault(device: Device, thrown: unknown): void {
    this.trouble.set(deviceFault(device, thrown, window.isSecureContext));
  }

  private async attempt(device: Device, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      this.fault(device, thrown);
    }
    this.view.set(viewOf(this.room));
  }

  private stopTracks(): void {
    for (const track of [this.wish.microphone, this.wish.camera]) if (typeof track === "object") track.stop();
  }
}
