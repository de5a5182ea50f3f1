import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

import styles from "./Controls.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  text?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** A button of the player: white on the dark strip, 44 px. */
export function IconButton({ label, text = false, className = "", children, ref, ...others }: Props) {
  return (
    <button ref={ref} type="button" className={`${styles.button} ${text ? styles.text : ""} ${className}`} aria-label={label} title={label} {...others}>
      {children}
    </button>
  );
}
