import { useCallback, useEffect, useState } from "react";

/** Full screen, of the whole document: menus and dialogs stand outside the page's own element. */
export function useFull(): [boolean, () => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const changed = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = useCallback(() => {
    const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
    done?.catch(() => undefined);
  }, []);
  return [full, toggle];
}
