import { useEffect, useState } from "react";

/** As long as the picture before is shown while the new one is on its way. */
const STAY_MS = 1_000;

/** The venue whose picture is shown large: the one before, until the new one has a picture to show. */
export function useSteady(wanted: string | null, hasPicture: boolean): string | null {
  const [shown, setShown] = useState(wanted);
  useEffect(() => {
    if (shown === wanted) return undefined;
    const timer = setTimeout(() => setShown(wanted), hasPicture ? 0 : STAY_MS);
    return () => clearTimeout(timer);
  }, [shown, wanted, hasPicture]);
  return shown;
}
