import { useEffect, useState } from "react";

const IDLE_MS = 4_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"] as const;

/** Nobody has touched anything for a while. */
export function useIdle(watching: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!watching) return undefined;
    let timer = setTimeout(() => setIdle(true), IDLE_MS);
    const moved = () => {
      clearTimeout(timer);
      setIdle(false);
      timer = setTimeout(() => setIdle(true), IDLE_MS);
    };
    for (const sign of SIGNS) window.addEventListener(sign, moved);
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, moved);
    };
  }, [watching]);
  return watching && idle;
}
