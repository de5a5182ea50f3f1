import { type Participant, type Room, RoomEvent } from "livekit-client";

import { Store } from "./store";

/** The topic under which LiveKit's own pages send chat, so that they and ours read one another. */
const TOPIC = "lk.chat";

/** As many lines as anyone scrolls back in a meeting. */
const MOST = 200;

export interface Message {
  key: number;
  from: string;
  me: boolean;
  text: string;
  /** The topic of a data packet that is no chat; such packets are shown so that they can be seen to arrive. */
  topic: string | null;
  at: number;
}

/** What was written in the room since one entered. */
export class Chat {
  readonly messages = new Store<readonly Message[]>([]);
  private keys = 0;

  constructor(private readonly room: Room) {
    room.registerTextStreamHandler(TOPIC, (reader, { identity }) => {
      reader.readAll().then(
        (text) => this.add(room.remoteParticipants.get(identity), identity, text, null),
        () => undefined, // a sender who left in the middle of a message
      );
    });
    room.on(RoomEvent.DataReceived, (bytes, sender, _, topic) => topic?.startsWith("yizhan.") || this.add(sender, sender?.identity ?? "", new TextDecoder().decode(bytes), topic ?? ""));
  }

  async send(text: string): Promise<void> {
    await this.room.localParticipant.sendText(text, { topic: TOPIC });
    this.add(this.room.localParticipant, this.room.localParticipant.identity, text, null);
  }

  private add(sender: Participant | undefined, identity: string, text: string, topic: string | null): void {
    const message = { key: (this.keys += 1), from: sender?.name || identity, me: sender?.isLocal ?? false, text, topic, at: Date.now() };
    this.messages.set([...this.messages.now, message].slice(-MOST));
  }
}
