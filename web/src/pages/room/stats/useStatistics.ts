import { type Room, Track } from "livekit-client";
import { useEffect, useState } from "react";

import { bitrateBps, lossPercent, pushed } from "./rates";
import { type Entry, type Line, lineOf, type Stream, streamsOf } from "./report";

const EVERY_MS = 1_000;

export interface Row {
  key: string;
  name: string;
  source: "camera" | "microphone" | "screen" | "screen_sound";
  stream: Stream;
  bitrateBps: number | null;
  lossPercent: number | null;
  /** The last minute's bit rates. */
  history: number[];
}

/** A line, and which ways it is used: two peer connections have one each, one has both. */
export interface UsedLine extends Line {
  ways: Stream["direction"][];
}

export interface Statistics {
  rows: Row[];
  lines: UsedLine[];
}

const SOURCES: Partial<Record<Track.Source, Row["source"]>> = {
  [Track.Source.Camera]: "camera",
  [Track.Source.Microphone]: "microphone",
  [Track.Source.ScreenShare]: "screen",
  [Track.Source.ScreenShareAudio]: "screen_sound",
};

interface Kept {
  stream: Stream;
  history: number[];
}

/** One reading of everything that is sent and received, beside the one before. */
async function reading(room: Room, before: Map<string, Kept>): Promise<{ shown: Statistics; kept: Map<string, Kept> }> {
  const rows: Row[] = [];
  const lines = new Map<string, UsedLine>();
  const kept = new Map<string, Kept>();
  const tracks = [room.localParticipant, ...room.remoteParticipants.values()].flatMap((person) => person.getTrackPublications().flatMap((publication) => (publication.track ? [{ person, publication, track: publication.track }] : [])));
  const reports = await Promise.all(tracks.map(({ track }) => track.getRTCStatsReport().catch(() => undefined)));
  tracks.forEach(({ person, publication }, index) => {
    const entries = [...(reports[index]?.values() ?? [])] as Entry[];
    const line = lineOf(entries);
    const way = person.isLocal ? "out" : "in";
    if (line) lines.set(line.id, { ...line, ways: [...new Set([...(lines.get(line.id)?.ways ?? []), way] as const)] });
    for (const stream of streamsOf(entries, publication.dimensions?.height ?? null)) {
      const key = `${publication.trackSid}/${stream.id}`;
      const last = before.get(key);
      const rate = bitrateBps(stream, last?.stream);
      const history = rate === null ? (last?.history ?? []) : pushed(last?.history ?? [], rate);
      kept.set(key, { stream, history });
      rows.push({ key, name: person.name || person.identity, source: SOURCES[publication.source] ?? (stream.kind === "audio" ? "microphone" : "camera"), stream, bitrateBps: rate, lossPercent: lossPercent(stream, last?.stream), history });
    }
  });
  return { shown: { rows, lines: [...lines.values()] }, kept };
}

/** The statistics of all tracks, new every second (or as told) for as long as someone looks. */
export function useStatistics(room: Room, everyMs = EVERY_MS): Statistics | null {
  const [shown, setShown] = useState<Statistics | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before = new Map<string, Kept>();
    const read = async () => {
      const next = await reading(room, before);
      if (gone) return;
      before = next.kept;
      setShown(next.shown);
      timer = setTimeout(() => void read(), everyMs);
    };
    void read();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [room, everyMs]);
  return shown;
}
