import { useTranslation } from "react-i18next";

import type { Disk as Space } from "../../../api/model";
import { size, useTimeWords } from "../../../ui/words";
import styles from "./Duty.module.css";

/** What fills the disk, and when it will be full. */
export function Disk({ disk }: { disk: Space }) {
  const { t } = useTranslation();
  const { about } = useTimeWords();
  const { total, free, reserve, tapes_bytes: tapes, assets_bytes: assets, full_in_hours: fullIn } = disk;
  const other = Math.max(0, total - free - tapes - assets);
  const part = (bytes: number) => ({ inlineSize: `${total > 0 ? (bytes / total) * 100 : 0}%` });
  return (
    <section className={styles.block} aria-labelledby="duty-disk">
      <h2 id="duty-disk">{t("status.disk")}</h2>
      <p>{t("status.disk_free", { free: size(free), total: size(total) })}</p>
      <div className={styles.disk} aria-hidden>
        <span data-part="tapes" style={part(tapes)} />
        <span data-part="assets" style={part(assets)} />
        <span data-part="other" style={part(other)} />
      </div>
      <ul className={styles.legend}>
        <li data-part="tapes">{t("status.disk_tapes", { size: size(tapes) })}</li>
        <li data-part="assets">{t("status.disk_assets", { size: size(assets) })}</li>
        <li data-part="other">{t("status.disk_other", { size: size(other) })}</li>
      </ul>
      <p className={fullIn !== null && fullIn < 72 ? styles.warn : styles.quiet}>{fullIn === null ? t("status.disk_steady") : t("status.disk_full_in", { when: about(fullIn * 3600) })}</p>
      <p className={styles.quiet}>{t("status.disk_reserve", { size: size(reserve) })}</p>
    </section>
  );
}
