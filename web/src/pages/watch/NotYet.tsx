import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useMe } from "../../api/hooks";
import type { Asset } from "../../api/model";
import { Bar } from "../../ui/Bar";
import { useHalf } from "../../ui/words";
import styles from "./NotYet.module.css";

/** In the picture's place while there is none: what is being done, how far it is, or why it failed. */
export function NotYet({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const half = useHalf();
  const { data: me } = useMe();
  const { state, progress, error } = asset;
  return (
    <div className={styles.place} role="status">
      <p className={styles.state}>
        {t(`player.state.${state}`)}
        {progress !== null && <span className="numbers"> {Math.round(progress * 100)} %</span>}
      </p>
      {progress !== null && (
        <div className={styles.bar}>
          <Bar value={progress} label={t(`player.state.${state}`)} />
        </div>
      )}
      {state !== "ready" && <p className={styles.hint}>{t(`player.state.${state}_hint`)}</p>}
      {error && <p className={styles.hint}>{half(error)}</p>}
      {me?.may.operate && <Link href="/ops/jobs">{t("player.open_jobs")} →</Link>}
    </div>
  );
}
