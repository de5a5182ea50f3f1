import { IconMicrophoneOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { holdLayer } from "../layer_hold";
import type { LayerChoice } from "../layers";
import type { Tile } from "../view";
import { LayerMenu } from "./LayerMenu";
import { Picture } from "./Picture";
import { QualityBars } from "./QualityBars";
import styles from "./Tile.module.css";

/** One person's camera, or one shared screen, with what there is to know about it. */
export function TileBox({ tile }: { tile: Tile }) {
  const { t } = useTranslation();
  const [layer, setLayer] = useState<LayerChoice>("auto");
  const { name, me, source, track, publication, paused, muted, speaking, quality } = tile;
  useEffect(() => (publication && track ? holdLayer(publication, layer) : undefined), [publication, track, layer]);
  const title = source === "screen" ? t("room.screen_of", { name }) : name;
  const off = layer === "off";
  return (
    <article
      className={styles.tile}
      aria-label={title}
      data-tile={tile.identity}
      data-source={source}
      data-me={me || undefined}
      data-muted={muted || undefined}
      data-speaking={(speaking && source === "camera") || undefined}
      data-paused={paused || undefined}
    >
      {track && !off ? <Picture key={track.sid} track={track} mirrored={me && source === "camera"} label={title} /> : <p className={styles.none}>{t(off ? "room.picture_off" : "room.no_picture")}</p>}
      {paused && (
        <p className={styles.paused} role="status">
          {t("room.paused")}
        </p>
      )}
      <div className={styles.strip}>
        {source === "camera" && muted && <IconMicrophoneOff className={styles.mark} size={20} role="img" aria-label={t("room.muted")} />}
        <span className={styles.name}>
          {me && source === "camera" ? t("room.you_named", { name }) : title}
        </span>
        {speaking && source === "camera" && <span className="for-readers">{t("room.speaking")}</span>}
        <span className={styles.space} />
        {source === "camera" && <QualityBars quality={quality} />}
        {publication && <LayerMenu name={title} chosen={layer} onChoose={setLayer} />}
      </div>
    </article>
  );
}
