import { Button } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../api/hooks";
import type { Asset } from "../../api/model";
import { seek } from "../../player/acts";
import { gapMarks } from "../../player/gaps";
import { Player } from "../../player/Player";
import { keepPosition, resumeAt } from "../../player/resume";
import { heightOf } from "../../player/rungs";
import { SeekBar } from "../../player/SeekBar";
import { useStage } from "../../player/useStage";
import { useThumbnails } from "../../player/useThumbnails";
import { duration } from "../../ui/time";
import { NextUp } from "./NextUp";
import styles from "./AssetPlayer.module.css";

interface Props {
  asset: Asset;
  next: Asset | undefined;
  list?: string;
}

/** The playlist of the thinnest sound of an asset, for lines that carry nothing more. */
function soundUrl({ master_url: master, renditions }: Asset): string | null {
  const sounds = renditions.filter(({ height }) => height === 0).sort((one, other) => one.bitrate_bps - other.bitrate_bps);
  return sounds[0] ? master.replace(/[^/]*$/, `${sounds[0].name}/index.m3u8`) : null;
}

export function AssetPlayer({ asset, next, list }: Props) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const [left] = useState(() => resumeAt(localStorage, asset.id));
  const [noteShown, setNoteShown] = useState(left !== null);
  const [start, setStart] = useState(left);
  const [soundOnly, setSoundOnly] = useState(false);
  const thin = soundUrl(asset);
  const cap = me?.highest_rung ?? null;
  const stage = useStage({ url: me === undefined ? null : soundOnly && thin ? thin : asset.master_url, capHeight: heightOf(cap), startSeconds: start });
  const thumbnails = useThumbnails(asset.thumbnails_url);
  const marks = useMemo(() => gapMarks(asset), [asset]);
  const { video } = stage;

  useEffect(() => {
    if (!video) return undefined;
    const keep = () => {
      if (video.currentTime > 0 && Number.isFinite(video.duration)) keepPosition(localStorage, asset.id, video.currentTime, video.duration, Date.now());
    };
    const every = setInterval(keep, 5_000);
    video.addEventListener("pause", keep);
    window.addEventListener("pagehide", keep);
    return () => {
      keep();
      clearInterval(every);
      video.removeEventListener("pause", keep);
      window.removeEventListener("pagehide", keep);
    };
  }, [video, asset.id]);

  useEffect(() => {
    const timer = setTimeout(() => setNoteShown(false), 8_000);
    return () => clearTimeout(timer);
  }, []);

  const fromStart = () => {
    if (video) seek(video, 0);
    setNoteShown(false);
  };
  const setSound = (on: boolean) => {
    if (on === soundOnly) return;
    setStart(video?.currentTime ?? null);
    setSoundOnly(on);
  };
  return (
    <Player
      stage={stage}
      label={asset.title}
      poster={asset.poster_url}
      capName={heightOf(cap) === null ? null : cap}
      sound={thin ? { on: soundOnly, set: setSound } : undefined}
      bar={(media) => <SeekBar media={media} video={video} marks={marks} thumbnails={thumbnails} />}
      clock={(media) => `${duration(media.seconds * 1000)} / ${duration(media.durationSeconds * 1000)}`}
      over={
        <>
          {noteShown && left !== null && (
            <p className={styles.resumed} role="status">
              {t("player.resumed", { at: duration(left * 1000) })}
              <Button variant="white" color="dark" onClick={fromStart}>
                {t("player.from_start")}
              </Button>
            </p>
          )}
          <NextUp video={video} next={next} list={list} />
        </>
      }
    />
  );
}
