import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Site } from "../../api/model";
import { At } from "../../ui/At";
import { type Check, PICTURES, type PictureSize } from "./api";
import styles from "./Meetings.module.css";

/** A whole series that does not fit is not told line by line. */
const MOST = 4;

/** What a booking would find: venues that are busy, the line that is too thin and how full it is. */
export function Fits({ check, sites, onPicture }: { check: Check; sites: Site[]; onPicture?: (size: PictureSize) => void }) {
  const { t } = useTranslation();
  const lines = sites.filter(({ capacity_kbps: capacity }) => capacity !== null).length;
  if (check.fits) return <p className={styles.fits}>{t("meetings.fits", { picture: check.occurrences[0]?.picture ?? "", count: check.occurrences.length, lines })}</p>;
  const wrong = check.occurrences.filter(({ fits }) => !fits);
  // The smallest of what each line would carry fits all.
  const sizes = wrong.map(({ bottleneck }) => bottleneck?.largest ?? null);
  const smaller = wrong.every(({ busy }) => busy.length === 0) && sizes.every((size) => size !== null) ? PICTURES.findLast((size) => sizes.includes(size)) : undefined;
  return (
    <div className={styles.conflicts} role="alert">
      <ul>
      {wrong.slice(0, MOST).map(({ starts, busy, bottleneck }) => (
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
      {wrong.length > MOST && <p>{t("booking.more_conflicts", { count: wrong.length - MOST })}</p>}
      {onPicture && smaller && (
        <Button variant="default" onClick={() => onPicture(smaller)} data-smaller={smaller}>
          {t("booking.take_smaller", { size: smaller })}
        </Button>
      )}
    </div>
  );
}
