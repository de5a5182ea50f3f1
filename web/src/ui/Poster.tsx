import { IconDeviceTv } from "@tabler/icons-react";
import { useState } from "react";

import type { Asset } from "../api/model";
import styles from "./Poster.module.css";
import { duration } from "./time";

/** A programme's picture with its length, or a quiet stand-in. */
export function Poster({ asset, eager = false }: { asset: Asset; eager?: boolean }) {
  const [failed, setFailed] = useState(false);
  return (
    <span className={styles.poster}>
      {asset.poster_url && !failed ? (
        <img src={asset.poster_url} alt="" loading={eager ? "eager" : "lazy"} decoding="async" onError={() => setFailed(true)} />
      ) : (
        <IconDeviceTv size={40} stroke={1.25} aria-hidden />
      )}
      {asset.duration_ms > 0 && asset.playable && <span className={styles.length}>{duration(asset.duration_ms)}</span>}
    </span>
  );
}
