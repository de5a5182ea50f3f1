import { IconHandStop, IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Picture } from "../../room/stage/Picture";
import { QualityBars } from "../../room/stage/QualityBars";
import { Mark } from "../reactions/Marks";
import type { Seat } from "../seats";
import styles from "./Pictures.module.css";

interface Props {
  seat: Seat | null;
  source?: "camera" | "screen";
  /** Where it stands on the page; also how it is drawn. */
  place: "large" | "slides" | "beside" | "tile" | "self" | "wall";
  /** Shown where nobody is. */
  nobody?: string;
  hand?: boolean;
}

/** A venue's picture with its name below: nothing ever lies over a face. */
export function VenuePicture({ seat, source = "camera", place, nobody = "", hand = false }: Props) {
  const { t } = useTranslation();
  if (!seat) {
    return (
      <article className={styles.picture} data-place={place} data-nobody>
        <p className={styles.none}>{nobody}</p>
      </article>
    );
  }
  const tile = source === "screen" ? (seat.screen ?? seat.camera) : seat.camera;
  const title = source === "screen" ? t("room.screen_of", { name: seat.name }) : seat.me ? t("room.you_named", { name: seat.name }) : seat.name;
  const why = seat.isCameraOff ? "hall.picture.held" : seat.hasCamera ? "hall.picture.coming" : "room.no_picture";
  return (
    <article className={styles.picture} data-place={place} data-venue={seat.identity} data-source={source} data-speaking={(seat.speaking && source === "camera") || undefined} aria-label={title}>
      <div className={styles.frame}>
        {tile.track ? <Picture key={tile.track.sid} track={tile.track} mirrored={seat.me && source === "camera"} label={title} /> : <p className={styles.none}>{t(why)}</p>}
        {tile.paused && (
          <p className={styles.paused} role="status">
            {t("room.paused")}
          </p>
        )}
      </div>
      <div className={styles.caption}>
        {source === "camera" && (seat.muted ? <IconMicrophoneOff className={styles.off} role="img" aria-label={t("room.muted")} /> : <IconMicrophone className={styles.on} role="img" aria-label={t("hall.microphone_open")} />)}
        <span className={styles.name}>{title}</span>
        <Mark of={seat.identity} />
        {hand && <IconHandStop className={styles.hand} role="img" aria-label={t("hall.hand_raised")} />}
        {source === "camera" && place !== "self" && <QualityBars quality={seat.quality} />}
      </div>
    </article>
  );
}
