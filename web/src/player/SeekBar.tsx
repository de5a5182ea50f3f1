import { useState, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";

import { duration } from "../ui/time";
import { useTimeWords } from "../ui/words";
import { seek } from "./acts";
import type { Mark } from "./gaps";
import styles from "./SeekBar.module.css";
import type { Media } from "./useMedia";
import { thumbnailAt, type Thumbnail } from "./vtt";

interface Props {
  media: Media;
  video: HTMLVideoElement | null;
  marks: Mark[];
  thumbnails: Thumbnail[];
}

/** The bar of a programme: what has been seen and loaded, the gaps, and a picture of where the pointer is. */
export function SeekBar({ media, video, marks, thumbnails }: Props) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const [hover, setHover] = useState<number | null>(null);
  const { seconds, durationSeconds, loadedSeconds } = media;
  const part = (value: number) => `${durationSeconds > 0 ? Math.min(100, (value / durationSeconds) * 100) : 0}%`;
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setHover(Math.min(1, Math.max(0, (event.clientX - left) / width)));
  };
  const hovered = hover === null ? null : hover * durationSeconds;
  const thumbnail = hovered === null ? undefined : thumbnailAt(thumbnails, hovered);
  const gap = hover === null ? undefined : marks.find((mark) => hover >= mark.start - 0.005 && hover <= mark.end + 0.005);
  return (
    <div className={styles.bar} onPointerMove={move} onPointerLeave={() => setHover(null)}>
      <div className={styles.track}>
        <div className={styles.loaded} style={{ width: part(loadedSeconds) }} />
        <div className={styles.seen} style={{ width: part(seconds) }} />
        {marks.map((mark) => (
          <span key={mark.from} className={styles.gap} style={{ insetInlineStart: `${mark.start * 100}%`, width: `${(mark.end - mark.start) * 100}%` }} />
        ))}
      </div>
      <span className={styles.knob} style={{ insetInlineStart: part(seconds) }} />
      <input
        type="range"
        min={0}
        max={Math.max(1, Math.floor(durationSeconds))}
        step={1}
        value={Math.floor(seconds)}
        aria-label={t("player.position")}
        aria-valuetext={t("player.position_value", { at: duration(seconds * 1000), of: duration(durationSeconds * 1000) })}
        onChange={({ target }) => video && seek(video, Number(target.value))}
      />
      {hover !== null && hovered !== null && durationSeconds > 0 && (
        <div className={styles.hover} style={{ insetInlineStart: `clamp(84px, ${hover * 100}%, calc(100% - 84px))` }}>
          {thumbnail && (
            <span
              className={styles.picture}
              style={{ width: thumbnail.width, height: thumbnail.height, backgroundImage: `url("${thumbnail.url}")`, backgroundPosition: `-${thumbnail.x}px -${thumbnail.y}px` }}
            />
          )}
          <span className={styles.time}>{gap ? t("player.gap_reason", { from: clock(gap.from), to: clock(gap.to) }) : duration(hovered * 1000)}</span>
        </div>
      )}
    </div>
  );
}
