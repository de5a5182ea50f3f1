import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

import { useGet, usePages } from "../../api/hooks";
import type { Asset, Column, Front } from "../../api/model";
import { AssetCard } from "../../ui/AssetCard";
import { At } from "../../ui/At";
import { Loaded } from "../../ui/Loaded";
import { useTitle } from "../../ui/PageHead";
import { duration } from "../../ui/time";
import { useTimeWords } from "../../ui/words";
import { AssetPlayer } from "./AssetPlayer";
import { NotYet } from "./NotYet";
import styles from "./Watch.module.css";
import { WatchSkeleton } from "./WatchSkeleton";

const MAKING = ["taping", "queued", "transcoding"];

/** Asks again while the programme is being made; a finished one does not change under the reader. */
const untilMade = (asset: Asset | undefined) => (asset && MAKING.includes(asset.state) ? 3_000 : false);

/** A programme: the picture, what it is, and what comes after it. */
export default function Watch({ id }: { id: string }) {
  const asset = useGet<Asset>(`/assets/${encodeURIComponent(id)}`, { every: untilMade });
  return (
    <Loaded of={asset} skeleton={<WatchSkeleton />}>
      {(found) => <WatchAsset asset={found} />}
    </Loaded>
  );
}

function WatchAsset({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const [search] = useSearchParams();
  const fromNews = search.get("list") === "news";
  useTitle(asset.title);

  const column = useGet<Column>(`/columns/${asset.column}`);
  const news = useGet<Front>("/front", { enabled: fromNews });
  const inColumn = usePages<Asset>("/assets", { column: asset.column, state: "ready", limit: 20 });
  const list = (fromNews ? news.data?.news : inColumn.data)?.filter(({ playable }) => playable) ?? [];
  const next = list[list.findIndex(({ id }) => id === asset.id) + 1];
  const missing = asset.gaps.reduce((total, gap) => total + gap.to - gap.from, 0);

  return (
    <div className={styles.watch}>
      <div className={styles.main}>
        {asset.playable ? <AssetPlayer asset={asset} next={next} list={fromNews ? "news" : undefined} /> : <NotYet asset={asset} />}
        <h1 className={styles.title}>{asset.title}</h1>
        <p className={styles.meta}>
          {asset.channel_title && <span>{asset.channel_title}</span>}
          <span>
            <At at={asset.start} />–{clock(asset.end)}
          </span>
          {asset.duration_ms > 0 && <span className="numbers">{duration(asset.duration_ms)}</span>}
          {column.data && <span>{column.data.title}</span>}
        </p>
        {asset.description && <p className={styles.description}>{asset.description}</p>}
        {asset.gaps.length > 0 && <p className={styles.gaps}>{t("player.gaps_note", { count: asset.gaps.length, length: duration(missing) })}</p>}
        <p className={styles.keys}>
          {t("player.keys")}：{t("player.keys_words")}
        </p>
      </div>
      <section className={styles.side} aria-labelledby="up-next">
        <h2 id="up-next">{t(fromNews ? "player.up_next_news" : "player.up_next")}</h2>
        {list.length > (fromNews ? 0 : 1) || (list.length === 1 && list[0]?.id !== asset.id) ? (
          <ul>
            {list.map((other) => (
              <li key={other.id}>
                <AssetCard asset={other} shape="row" list={fromNews ? "news" : undefined} current={other.id === asset.id} />
              </li>
            ))}
          </ul>
        ) : (
          <p className={styles.quiet}>{t("player.up_next_none")}</p>
        )}
      </section>
    </div>
  );
}
