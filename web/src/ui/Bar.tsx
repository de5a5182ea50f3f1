import styles from "./Bar.module.css";

interface Props {
  /** 0 to 1; null where nobody knows. */
  value: number | null;
  label: string;
  live?: boolean;
}

/** A bar of progress. */
export function Bar({ value, label, live = false }: Props) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div className={styles.bar} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <div className={live ? styles.live : styles.fill} style={{ inlineSize: `${percent ?? 0}%` }} />
    </div>
  );
}
