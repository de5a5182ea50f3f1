import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import type { Signal } from "../api/model";
import { half } from "../api/problem";
import { serverNow } from "../api/server_time";
import { useZone } from "../api/hooks";
import { clock, duration, exact, when } from "./time";

/** Times and lengths in the reader's language and the server's zone. */
export function useTimeWords() {
  const { t } = useTranslation();
  const zone = useZone();

  const say = useCallback(
    (utcMs: number): string => {
      const said = when(utcMs, serverNow(), zone);
      switch (said.kind) {
        case "just_now":
          return t("time.just_now");
        case "minutes_ago":
          return t("time.minutes_ago", { minutes: said.minutes });
        default:
          return t(`time.${said.kind}`, { ...said });
      }
    },
    [t, zone],
  );

  /** A length still to go, rounded as one would say it. */
  const about = useCallback(
    (seconds: number): string => {
      if (seconds < 90) return t("time.about_seconds", { count: Math.max(1, seconds < 20 ? Math.round(seconds) : Math.round(seconds / 10) * 10) });
      if (seconds < 5400) return t("time.about_minutes", { count: Math.round(seconds / 60) });
      if (seconds >= 172_800) return t("time.about_days", { count: Math.round(seconds / 86_400) });
      return t("time.about_hours", { count: Math.round(seconds / 3600) });
    },
    [t],
  );

  const weekday = useCallback((number: number, long = false): string => t(long ? "time.weekdays_long" : "time.weekdays").split("|")[number - 1] ?? "", [t]);

  return {
    zone,
    say,
    about,
    weekday,
    clock: useCallback((utcMs: number) => clock(utcMs, zone), [zone]),
    exact: useCallback((utcMs: number) => exact(utcMs, zone), [zone]),
    duration,
  };
}

/** The server writes some reasons in both languages: the half that fits. */
export function useHalf() {
  const { i18n } = useTranslation();
  return (text: string) => half(text, i18n.language);
}

/** The days of a week as one would say them: 每天, 工作日, 周一 周三. */
export function useWeekdaysWords() {
  const { t } = useTranslation();
  const { weekday } = useTimeWords();
  return (days: number[]): string => {
    const sorted = [...days].sort((one, other) => one - other);
    if (sorted.length === 0 || sorted.length === 7) return t("time.every_day");
    if (sorted.join("") === "12345") return t("time.workdays");
    return sorted.map((day) => weekday(day)).join(" ");
  };
}

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/** `1.4 TB`: three digits at most, in steps of 1024. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit] ?? "B"}`;
}

/** `7.8 Mb/s` */
export function rate(bitrateBps: number): string {
  if (bitrateBps >= 1_000_000) return `${Number((bitrateBps / 1_000_000).toFixed(1))} Mb/s`;
  return `${Math.round(bitrateBps / 1000)} kb/s`;
}

const STREAMS: Record<string, string> = {
  mpeg2_video: "MPEG-2",
  h264: "H.264",
  h265: "H.265",
  mp2: "MP2",
  aac_adts: "AAC",
  aac_latm: "AAC (LATM)",
  ac3: "AC-3",
  e_ac3: "E-AC-3",
  dvb_subtitle: "DVB",
  teletext: "Teletext",
};

/** The name a stream's kind goes by in the field. */
export function streamWords(kind: string): string {
  return STREAMS[kind] ?? kind;
}

/** `H.264 1920×1080 · MP2` */
export function formatWords({ video, audio, width, height }: Pick<Signal, "video" | "audio" | "width" | "height">): string {
  const picture = video === null ? null : `${streamWords(video)}${width > 0 ? ` ${width}×${height}` : ""}`;
  return [picture, audio === null ? null : streamWords(audio)].filter((part) => part !== null).join(" · ");
}
