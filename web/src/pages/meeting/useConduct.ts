import { useEffect, useState } from "react";

import { type Acting, eventsUrl } from "./api";
import type { Conduct } from "./model";

const AGAIN_MS = 2_000;

export interface Told {
  conduct: Conduct | null;
  /** What is shown is old: the server is not heard. */
  stale: boolean;
}

/** The whole state of a meeting, at every change; `undefined` for those who do not steer. */
export function useConduct(meeting: string, acting: Acting | undefined): Told {
  const [told, setTold] = useState<Told & { of: string }>({ conduct: null, stale: false, of: "" });
  const of = acting === undefined ? "" : eventsUrl(meeting, acting);
  useEffect(() => {
    if (of === "") return undefined;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout>;
    const listen = () => {
      source = new EventSource(of);
      source.addEventListener("conduct", ({ data }: MessageEvent<string>) => setTold({ conduct: JSON.parse(data) as Conduct, stale: false, of }));
      source.onerror = () => {
        // After a refusal the browser does not try again by itself.
        setTold((before) => ({ conduct: before.of === of ? before.conduct : null, stale: true, of }));
        if (source.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(listen, AGAIN_MS);
      };
    };
    listen();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [of]);
  return told.of === of ? told : { conduct: null, stale: false };
}
