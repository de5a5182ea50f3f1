import { type Room, RoomEvent } from "livekit-client";

import { type ApiProblem, asProblem } from "../../../api/problem";
import { call } from "../../../api/client";
import { Store } from "../../room/store";
import type { Acting } from "../api";
import { after, type Board, type BoardAct, type Stroke, type Told } from "./strokes";

const TOPIC = "yizhan.board";
/** Asks again for the whole, where it could not be had. */
const AGAIN_MS = 3_000;

/** The board as the server has it, and one's own strokes that are on their way there. */
export class SharedBoard {
  readonly board = new Store<Board | null>(null);
  readonly pending = new Store<readonly Stroke[]>([]);
  readonly refused = new Store<ApiProblem | null>(null);
  private loading = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;
  private readonly hear = (bytes: Uint8Array, _sender?: unknown, _kind?: unknown, topic?: string) => {
    if (topic !== TOPIC) return;
    const told = JSON.parse(new TextDecoder().decode(bytes)) as Told;
    if (told.act === "draw") this.arrived(told.stroke.id);
    const board = this.board.now;
    const next = board && after(board, told);
    if (next) this.board.set(next);
    else this.load();
  };
  /** What was told while the line was gone is missed. */
  private readonly back = () => this.load();

  constructor(
    private readonly room: Room,
    private readonly meeting: string,
    private readonly acting: Acting,
  ) {}

  listen(): void {
    this.ended = false;
    this.room.on(RoomEvent.DataReceived, this.hear);
    this.room.on(RoomEvent.Reconnected, this.back);
    this.load();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.room.off(RoomEvent.DataReceived, this.hear);
    this.room.off(RoomEvent.Reconnected, this.back);
  }

  draw(stroke: Stroke): void {
    this.pending.set([...this.pending.now, stroke]);
    void this.act({ act: "draw", stroke }).then((done) => {
      // It is shown as the room tells it; one that was refused is shown no more.
      if (!done) this.arrived(stroke.id);
    });
  }

  async act(act: BoardAct): Promise<boolean> {
    try {
      await call("POST", this.path(), act, undefined, this.headers());
      this.refused.set(null);
      return true;
    } catch (thrown) {
      this.refused.set(asProblem(thrown));
      return false;
    }
  }

  private arrived(id: string): void {
    if (this.pending.now.some((stroke) => stroke.id === id)) this.pending.set(this.pending.now.filter((stroke) => stroke.id !== id));
  }

  private load(): void {
    if (this.loading || this.ended) return;
    this.loading = true;
    call<Board>("GET", this.path(), undefined, undefined, this.headers())
      .then(
        (board) => {
          if (board.version >= (this.board.now?.version ?? -1)) this.board.set(board);
          const there = new Set(board.strokes.map(({ stroke }) => stroke.id));
          this.pending.set(this.pending.now.filter(({ id }) => !there.has(id)));
        },
        () => (this.timer = setTimeout(() => this.load(), AGAIN_MS)),
      )
      .finally(() => (this.loading = false));
  }

  private path(): string {
    return `/meetings/${encodeURIComponent(this.meeting)}/board`;
  }

  private headers(): Record<string, string> {
    return this.acting === null ? {} : { "x-room-token": this.acting };
  }
}
