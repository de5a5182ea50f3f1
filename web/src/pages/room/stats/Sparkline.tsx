import { curve } from "./rates";
import styles from "./Statistics.module.css";

const WIDTH = 96;
const HEIGHT = 24;

/** A small curve; the number stands beside it, so readers skip it. Time goes on as one reads: in every language the newest is at the right. */
export function Sparkline({ values }: { values: readonly number[] }) {
  return (
    <svg className={styles.spark} width={WIDTH} height={HEIGHT} viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} aria-hidden>
      <polyline points={curve(values, WIDTH, HEIGHT)} />
    </svg>
  );
}
