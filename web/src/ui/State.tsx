import styles from "./State.module.css";

export type Tone = "ok" | "warn" | "bad" | "off" | "live";

/** A state in a word, with a dot whose colour only repeats it. */
export function State({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={styles.state} data-tone={tone}>
      <span className={styles.dot} aria-hidden />
      {children}
    </span>
  );
}
