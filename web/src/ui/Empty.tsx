import type { ReactNode } from "react";
import { Link } from "wouter";

import styles from "./Empty.module.css";

interface Props {
  title: string;
  hint?: string;
  /** Where the next step is. */
  to?: string;
  toLabel?: string;
  children?: ReactNode;
}

/** Nothing is here, and what to do about it. Never a blank. */
export function Empty({ title, hint, to, toLabel, children }: Props) {
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>{title}</h2>
      {hint && <p className={styles.hint}>{hint}</p>}
      {to && toLabel && (
        <Link href={to} className={styles.link}>
          {toLabel} →
        </Link>
      )}
      {children}
    </div>
  );
}
