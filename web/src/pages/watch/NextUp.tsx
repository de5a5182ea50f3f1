import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import type { Asset } from "../../api/model";
import styles from "./AssetPlayer.module.css";

const WAIT_SECONDS = 5;

interface Props {
  video: HTMLVideoElement | null;
  next: Asset | undefined;
  list?: string;
}

/** After the end: the next programme in a few seconds, unless the reader says otherwise. */
export function NextUp({ video, next, list }: Props) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [left, setLeft] = useState<number | null>(null);
  const counting = left !== null;
  const to = next ? `/watch/${next.id}${list ? `?list=${list}` : ""}` : null;

  useEffect(() => {
    if (!video) return undefined;
    const ended = () => setLeft(WAIT_SECONDS);
    const on = () => setLeft(null);
    video.addEventListener("ended", ended);
    video.addEventListener("seeking", on);
    return () => {
      video.removeEventListener("ended", ended);
      video.removeEventListener("seeking", on);
    };
  }, [video]);

  useEffect(() => {
    if (!counting || !to) return undefined;
    const every = setInterval(() => setLeft((seconds) => (seconds === null ? null : seconds - 1)), 1_000);
    return () => clearInterval(every);
  }, [counting, to]);

  useEffect(() => {
    if (left === 0 && to) go(to);
  }, [left, to, go]);

  if (left === null || !next || !to) return null;
  return (
    <div className={styles.next} role="status">
      <p>{t("player.next_in", { count: left })}</p>
      <p className={styles.nextTitle}>{next.title}</p>
      <div className={styles.acts}>
        <Button color="accent" onClick={() => go(to)}>
          {t("player.next")}
        </Button>
        <Button variant="white" color="dark" onClick={() => setLeft(null)}>
          {t("act.cancel")}
        </Button>
      </div>
    </div>
  );
}
