import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

import { asProblem, type ApiProblem } from "../../../api/problem";
import type { Scope } from "../booking/draft";
import { bring, type Of } from "./api";

/** A file on its way. */
export interface Under {
  name: string;
  /** 0 to 1. */
  part: number;
  problem: ApiProblem | null;
}

/** Brings files one after the other, and says how far each is; what did not go through stays to be seen. */
export function useBringing({ meeting, token }: Of) {
  const client = useQueryClient();
  const [under, setUnder] = useState<Under[]>([]);
  const start = useCallback(
    async (files: readonly { file: File; point: number | null }[], scope?: Scope): Promise<boolean> => {
      setUnder(files.map(({ file }) => ({ name: file.name, part: 0, problem: null })));
      const note = (at: number, told: Partial<Under>) => setUnder((all) => all.map((one, place) => (place === at ? { ...one, ...told } : one)));
      let whole = true;
      for (const [at, { file, point }] of files.entries()) {
        try {
          await bring({ meeting, token, file, point, onProgress: (part) => note(at, { part }), ...(scope && { scope }) });
          note(at, { part: 1 });
        } catch (thrown) {
          whole = false;
          note(at, { problem: asProblem(thrown) });
        }
      }
      await client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(`/meetings/${encodeURIComponent(meeting)}/papers`) });
      setUnder((all) => all.filter(({ problem }) => problem !== null));
      return whole;
    },
    [client, meeting, token],
  );
  return { under, start, clear: () => setUnder([]) };
}
