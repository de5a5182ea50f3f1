import { IconCheck } from "@tabler/icons-react";
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";

import styles from "./Notice.module.css";

const Tell = createContext<(words: string) => void>(() => undefined);

/** Says that something is done, for a few seconds, to eyes and to screen readers. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const [words, setWords] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = useCallback((next: string) => {
    clearTimeout(timer.current);
    setWords(next);
    timer.current = setTimeout(() => setWords(""), 5000);
  }, []);
  return (
    <Tell value={tell}>
      {children}
      <div className={styles.place} role="status" aria-live="polite">
        {words && (
          <p className={styles.notice}>
            <IconCheck size={20} aria-hidden />
            {words}
          </p>
        )}
      </div>
    </Tell>
  );
}

export function useNotice() {
  return useContext(Tell);
}
