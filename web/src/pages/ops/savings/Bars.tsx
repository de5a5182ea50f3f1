import styles from "./Savings.module.css";

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** What readers and hovering hands are told. */
  said: string;
}

const HEIGHT = 160;
const FOOT = 26;
const STEP = 64;
const WIDE = 36;
const HEAD = 18;

/** Columns side by side, each with its label below and its height above. Time goes on as one reads: in every language the first is at the left. */
export function Bars({ bars, label, say }: { bars: Bar[]; label: string; say: (value: number) => string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg className={styles.bars} viewBox={`0 0 ${bars.length * STEP} ${HEAD + HEIGHT + FOOT}`} role="img" aria-label={`${label}: ${bars.filter(({ value }) => value > 0).map(({ said }) => said).join("; ")}`}>
      <line className={styles.axis} x1={0} x2={bars.length * STEP} y1={HEAD + HEIGHT} y2={HEAD + HEIGHT} />
      {bars.map(({ key, label: of, value, said }, at) => {
        const height = Math.max(value > 0 ? 2 : 0, (value / most) * HEIGHT);
        const middle = at * STEP + STEP / 2;
        return (
          <g key={key}>
            <title>{said}</title>
            <rect className={styles.bar} x={middle - WIDE / 2} y={HEAD + HEIGHT - height} width={WIDE} height={height} rx={3} />
            {value > 0 && (
              <text className={styles.value} x={middle} y={HEAD + HEIGHT - height - 5} textAnchor="middle">
                {say(value)}
              </text>
            )}
            <text className={styles.label} x={middle} y={HEAD + HEIGHT + 18} textAnchor="middle">
              {of}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
