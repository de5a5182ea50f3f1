import { asProblem } from "../../../api/problem";
import { KNOCK_MS } from "../api";
import type { Joined } from "../model";

/** Resolves after a while, or rejects at once when one turns back. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/** Knocks until the chair lets one in. A line that is lost meanwhile does not end the wait; a refusal does. */
export async function untilOpen(knock: (signal: AbortSignal) => Promise<Joined>, prepared: Joined | undefined, signal: AbortSignal, onWaiting: () => void, everyMs = KNOCK_MS): Promise<Joined> {
  let joined = prepared?.state === "open" ? prepared : await knock(signal);
  while (joined.state === "waiting") {
    onWaiting();
    await pause(everyMs, signal);
    try {
      joined = await knock(signal);
    } catch (thrown) {
      const { status } = asProblem(thrown);
      if (signal.aborted || (status >= 400 && status < 500)) throw thrown;
    }
  }
  return joined;
}
