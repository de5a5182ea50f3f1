import type { ButtonHTMLAttributes, ComponentType, Ref } from "react";

import styles from "./Controls.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  act: string;
  icon: ComponentType<{ size: number }>;
  /** What stands under the icon. */
  word: string;
  /** What pressing does. */
  label: string;
  shortcut?: string;
  /** Whether what the button is for is on; undefined where it has no state. */
  on?: boolean;
  badge?: number;
  /** Absent where the button opens a menu. */
  onPress?: () => void;
  ref?: Ref<HTMLButtonElement>;
}

/** A button of the row under the pictures: an icon with its word. */
export function ControlButton({ act, icon: Icon, word, label, shortcut, on, badge = 0, onPress, ref, ...others }: Props) {
  return (
    <button ref={ref} type="button" onClick={onPress} {...others} className={styles.button} data-act={act} data-on={on} aria-keyshortcuts={shortcut} title={shortcut ? `${label} (${shortcut})` : label}>
      <Icon size={24} aria-hidden />
      <span className={styles.word}>{word}</span>
      <span className="for-readers">{label}</span>
      {badge > 0 && <span className={styles.badge}>{badge}</span>}
    </button>
  );
}
