import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import type { Asset } from "../api/model";
import { At } from "./At";
import styles from "./AssetCard.module.css";
import { Poster } from "./Poster";

interface Props {
  asset: Asset;
  /** `row`: a small picture with words beside it. */
  shape?: "card" | "row" | "lead";
  list?: string;
  current?: boolean;
}

/** A programme to be watched. */
export function AssetCard({ asset, shape = "card", list, current = false }: Props) {
  const { t } = useTranslation();
  const to = `/watch/${asset.id}${list ? `?list=${list}` : ""}`;
  return (
    <Link href={to} className={styles[shape]} aria-current={current ? "true" : undefined} data-asset={asset.id}>
      <Poster asset={asset} eager={shape === "lead"} />
      <span className={styles.words}>
        <span className={styles.title}>{asset.title}</span>
        <span className={styles.meta}>
          {asset.channel_title && <span>{asset.channel_title}</span>}
          <At at={asset.start} />
          {!asset.playable && <span className={styles.state}>{t(`player.state.${asset.state}`)}</span>}
        </span>
      </span>
    </Link>
  );
}
