import { Button } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useMe } from "../../api/hooks";
import type { Asset } from "../../api/model";
import { AssetCard } from "../../ui/AssetCard";
import { Empty } from "../../ui/Empty";
import { weekdayOf } from "../../ui/time";
import { useTimeWords } from "../../ui/words";
import styles from "./Front.module.css";

const BESIDE = 4;

interface Props {
  date: string;
  isYesterday: boolean;
  news: Asset[];
}

/** The news of the day: the first large, the others beside it, and one press that plays them all. */
export function News({ date, isYesterday, news }: Props) {
  const { t } = useTranslation();
  const { weekday } = useTimeWords();
  const { data: me } = useMe();
  const [, month, day] = date.split("-").map(Number);
  const first = news.find(({ playable }) => playable);
  const [lead, ...others] = news;
  const beside = others.slice(0, BESIDE);
  const below = others.slice(BESIDE);
  return (
    <section aria-labelledby="news">
      <div className={styles.head}>
        <div className={styles.headline}>
          <h2 id="news" className={styles.big}>
            {t(isYesterday ? "front.yesterday" : "front.news_of")}
          </h2>
          <p className={styles.date}>
            <time dateTime={date}>
              {t("time.day", { month, day })} {weekday(weekdayOf(date), true)}
            </time>
          </p>
        </div>
        {first && (
          <Button component={Link} href={`/watch/${first.id}?list=news`} color="accent" size="lg" leftSection={<IconPlayerPlayFilled size={20} aria-hidden />}>
            {t("front.play_all")}
          </Button>
        )}
      </div>
      {lead ? (
        <>
          <div className={beside.length > 0 ? styles.news : styles.alone}>
            <AssetCard asset={lead} shape="lead" list="news" />
            {beside.length > 0 && (
              <ul className={styles.side}>
                {beside.map((asset) => (
                  <li key={asset.id}>
                    <AssetCard asset={asset} shape="row" list="news" />
                  </li>
                ))}
              </ul>
            )}
          </div>
          {below.length > 0 && (
            <ul className={styles.cards}>
              {below.map((asset) => (
                <li key={asset.id}>
                  <AssetCard asset={asset} list="news" />
                </li>
              ))}
            </ul>
          )}
        </>
      ) : me?.may.operate ? (
        <Empty title={t("front.no_news")} hint={t("front.no_news_hint")} to="/ops/rules" toLabel={t("front.no_news_operator")} />
      ) : (
        <Empty title={t("front.no_news")} hint={t("front.no_news_hint")} />
      )}
    </section>
  );
}
