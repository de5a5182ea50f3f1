import { useEffect, useState } from "react";

import { call } from "../../../api/client";
import { type ApiProblem, asProblem } from "../../../api/problem";
import type { Check } from "../api";

/** Who types is not asked about at every letter. */
const PAUSE_MS = 700;

export interface Checked {
  check: Check | null;
  problem: ApiProblem | null;
  /** What is shown is not of what is written now. */
  pending: boolean;
  /** At once, and again. */
  ask: () => void;
}

/** Whether what is written could be booked: asked whenever it rests; nothing is booked by that. */
export function useCheck(path: string, body: unknown, ready: boolean): Checked {
  const key = ready ? JSON.stringify([path, body]) : "";
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<{ of: string; check: Check | null; problem: ApiProblem | null }>({ of: "", check: null, problem: null });
  useEffect(() => {
    if (key === "") return undefined;
    const trip = new AbortController();
    const [to, asked] = JSON.parse(key) as [string, unknown];
    const timer = setTimeout(
      () =>
        void call<Check>("POST", to, asked, trip.signal).then(
          (check) => setAnswer({ of: key, check, problem: null }),
          (thrown: unknown) => !trip.signal.aborted && setAnswer({ of: key, check: null, problem: asProblem(thrown) }),
        ),
      round === 0 ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      trip.abort();
    };
  }, [key, round]);
  const isOf = answer.of === key && key !== "";
  return {
    check: isOf ? answer.check : null,
    problem: isOf ? answer.problem : null,
    pending: ready && !isOf,
    ask: () => {
      setAnswer({ of: "", check: null, problem: null });
      setRound((before) => before + 1);
    },
  };
}
