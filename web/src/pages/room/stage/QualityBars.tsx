import type { ConnectionQuality } from "livekit-client";
import { useTranslation } from "react-i18next";

import styles from "./Tile.module.css";

const BARS: Record<`${ConnectionQuality}`, number> = { excellent: 3, good: 2, poor: 1, lost: 0, unknown: 0 };

/** How good a person's line is, as bars whose number and colour say the same. */
export function QualityBars({ quality }: { quality: ConnectionQuality }) {
  const { t } = useTranslation();
  if (quality === "unknown") return null;
  const words = t(`room.quality.${quality}`);
  return (
    <span className={styles.bars} data-quality={quality} role="img" aria-label={words} title={words}>
      {[1, 2, 3].map((bar) => (
        <i key={bar} data-on={bar <= BARS[quality] || undefined} />
      ))}
    </span>
  );
}
