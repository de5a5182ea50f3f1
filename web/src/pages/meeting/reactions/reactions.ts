import { type Room, RoomEvent } from "livekit-client";

import { Store } from "../../room/store";

/** Small marks; the server passes these and nothing else under this topic, a few of each venue. */
export const REACTIONS = ["applause", "agree", "question", "unheard", "slower"] as const;
export type Reaction = (typeof REACTIONS)[number];

const TOPIC = "yizhan.reaction";
/** How long a mark is shown, and how long oneself waits for the next: as the server counts. */
const SHOWN_MS = 6_000;
export const AGAIN_MS = 2_000;

export type Shown = ReadonlyMap<string, Reaction>;

/** Who shows which mark now. */
export class Reactions {
  readonly shown = new Store<Shown>(new Map());
  private readonly ends = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly hear = (bytes: Uint8Array, sender?: { identity: string }, _?: unknown, topic?: string) => {
    const word = REACTIONS.find((each) => each === new TextDecoder().decode(bytes));
    if (topic === TOPIC && sender && word) this.show(sender.identity, word);
  };

  constructor(private readonly room: Room) {}

  listen(): void {
    this.room.on(RoomEvent.DataReceived, this.hear);
  }

  async send(reaction: Reaction): Promise<void> {
    const me = this.room.localParticipant;
    this.show(me.identity, reaction);
    // Lost where the line is bad: a mark that comes late says nothing any more.
    await me.publishData(new TextEncoder().encode(reaction), { reliable: false, topic: TOPIC });
  }

  end(): void {
    this.room.off(RoomEvent.DataReceived, this.hear);
    for (const timer of this.ends.values()) clearTimeout(timer);
  }

  private show(identity: string, reaction: Reaction): void {
    clearTimeout(this.ends.get(identity));
    this.shown.set(new Map([...this.shown.now, [identity, reaction]]));
    this.ends.set(
      identity,
      setTimeout(() => {
        const left = new Map(this.shown.now);
        left.delete(identity);
        this.shown.set(left);
      }, SHOWN_MS),
    );
  }
}

/** How many show which mark, the most first. */
export function tally(shown: Shown): { reaction: Reaction; count: number }[] {
  const count = (reaction: Reaction) => [...shown.values()].filter((each) => each === reaction).length;
  return REACTIONS.map((reaction) => ({ reaction, count: count(reaction) }))
    .filter((each) => each.count > 0)
    .sort((one, other) => other.count - one.count);
}
