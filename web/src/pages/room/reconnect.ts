import type { ReconnectPolicy } from "livekit-client";

/** The longest wait before each try; the last one goes for all that follow. */
const LONGEST_MS = [200, 400, 700, 1_000];

/** A server away for longer than this is not coming back by itself: the page says so and offers to enter again. */
const GIVE_UP_MS = 10 * 60_000;

/** How long the signalling socket may take to open. The client's own 15 s is a long time for a room to stand still. */
export const WEBSOCKET_TIMEOUT_MS = 2_000;

/** Tries about every second: the client's own policy waits up to 7 s. Half of each wait is chance, so that a room full of people does not knock all at once. */
export function reconnectPolicy(random: () => number = Math.random): ReconnectPolicy {
  return {
    nextRetryDelayInMs: ({ retryCount, elapsedMs }) => {
      if (elapsedMs > GIVE_UP_MS) return null;
      const longest = LONGEST_MS[Math.min(retryCount, LONGEST_MS.length - 1)] ?? 1_000;
      return Math.round(longest * (0.5 + random() / 2));
    },
  };
}
