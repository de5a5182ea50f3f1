import { useEffect, useState } from "react";

/** As long as the picture before is shown while the new one is on its way. */
const STAY_MS = 1_000;

/** The venue whose picture is shown large: the one before, until the new one has a picture to show. */
export function useSteady(wanted: string | null, hasPicture: (venue: string | null) => boolean): string | null {
  const [shown, setShown] = useState(wanted);
  // Nothing is held on to that is not there any more.
  const ready = hasPicture(wanted) || !hasPicture(shown);
  useEffect(() => {
    if (shown === wanted) return undefined;
    const timer = setTimeout(() => setShown(wanted), ready ? 0 : STAY_MS);
    return () => clearTimeout(timer);
  }, [shown, wanted, ready]);
  return shown;
}
