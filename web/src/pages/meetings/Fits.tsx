import { useTranslation } from "react-i18next";

import type { Site } from "../../api/model";
import { At } from "../../ui/At";
import type { Check } from "./api";
import styles from "./Meetings.module.css";

/** What a booking would find: venues that are busy, the line that is too thin and how full it is. */
export function Fits({ check, sites }: { check: Check; sites: Site[] }) {
  const { t } = useTranslation();
  const lines = sites.filter(({ capacity_kbps: capacity }) => capacity !== null).length;
  if (check.fits) return <p className={styles.fits}>{t("meetings.fits", { picture: check.occurrences[0]?.picture ?? "", count: check.occurrences.length, lines })}</p>;
  return (
    <div className={styles.conflicts} role="alert">
      <ul>
      {check.occurrences
        .filter(({ fits }) => !fits)
        .map(({ starts, busy, bottleneck }) => (
          <li key={starts}>
            <At at={starts} />
            {busy.map((one) => (
              <p key={`${one.venue}${one.meeting}`}>{t("meetings.busy", { title: one.title, unit: one.unit_title, by: one.booked_by, meeting: one.meeting_title ?? "" })}</p>
            ))}
            {bottleneck && (
              <>
                <p>{t("meetings.bottleneck", { site: bottleneck.site_title, needed: bottleneck.needed_kbps, free: bottleneck.free_kbps, share: bottleneck.share_kbps })}</p>
                <meter className={styles.meter} min={0} max={bottleneck.share_kbps} value={bottleneck.share_kbps - bottleneck.free_kbps} aria-label={bottleneck.site_title} />
                <p>{bottleneck.largest == null ? t("meetings.nothing_fits") : t("meetings.largest", { size: bottleneck.largest })}</p>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
