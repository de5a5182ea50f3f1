import type { Layer } from "../layers";
import { layerOfHeight, layerOfRid } from "../layers";

// Reads RTCStatsReports (W3C "Identifiers for WebRTC's Statistics API"). Pure. Browsers leave out what they do not measure: then a value is null.

export interface Entry {
  id: string;
  type: string;
  timestamp: number;
}

/** One RTP stream as its counters stood at one moment. */
export interface Stream {
  id: string;
  direction: "in" | "out";
  kind: "audio" | "video";
  atMs: number;
  codec: string | null;
  width: number | null;
  height: number | null;
  fps: number | null;
  bytes: number;
  packets: number;
  packetsLost: number | null;
  jitterMs: number | null;
  freezes: number | null;
  freezeMs: number | null;
  roundTripMs: number | null;
  layer: Layer | null;
  /** Why the sender sends less than it could: `cpu`, `bandwidth`. */
  limitedBy: string | null;
  /** A layer that nobody asks for is not sent. */
  active: boolean;
}

/** What a peer connection runs over. */
export interface Line {
  id: string;
  protocol: string | null;
  remote: string | null;
  roundTripMs: number | null;
  availableOutgoingBps: number | null;
  availableIncomingBps: number | null;
  srtpCipher: string | null;
  dtlsCipher: string | null;
}

const field = (entry: Entry | undefined, name: string): unknown => (entry as Record<string, unknown> | undefined)?.[name];
const number = (entry: Entry | undefined, name: string): number | null => {
  const value = field(entry, name);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
const word = (entry: Entry | undefined, name: string): string | null => {
  const value = field(entry, name);
  return typeof value === "string" && value !== "" ? value : null;
};
const inMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

function streamOf(entry: Entry, all: Entry[], wholeHeight: number | null): Stream {
  const inward = entry.type === "inbound-rtp";
  // What the other end saw of what is sent from here comes in its receiver reports.
  const seen = inward ? entry : all.find((other) => other.type === "remote-inbound-rtp" && field(other, "localId") === entry.id);
  const height = number(entry, "frameHeight");
  const codec = word(all.find(({ id }) => id === field(entry, "codecId")), "mimeType");
  return {
    id: entry.id,
    direction: inward ? "in" : "out",
    kind: (word(entry, "kind") ?? word(entry, "mediaType")) === "video" ? "video" : "audio",
    atMs: entry.timestamp,
    codec: codec?.replace(/^.*\//, "") ?? null,
    width: number(entry, "frameWidth"),
    height,
    fps: number(entry, "framesPerSecond"),
    bytes: number(entry, inward ? "bytesReceived" : "bytesSent") ?? 0,
    packets: number(entry, inward ? "packetsReceived" : "packetsSent") ?? 0,
    packetsLost: number(seen, "packetsLost"),
    jitterMs: inMs(number(seen, "jitter")),
    freezes: number(entry, "freezeCount"),
    freezeMs: inMs(number(entry, "totalFreezesDuration")),
    roundTripMs: inMs(number(seen, "roundTripTime")),
    layer: inward ? layerOfHeight(height, wholeHeight) : layerOfRid(word(entry, "rid")),
    limitedBy: word(entry, "qualityLimitationReason")?.replace(/^none$/, "") || null,
    active: field(entry, "active") !== false,
  };
}

/** The streams of a report. `wholeHeight` is the height of the picture as it is published, by which a received layer is known. */
export function streamsOf(all: Entry[], wholeHeight: number | null = null): Stream[] {
  return all.filter(({ type }) => type === "inbound-rtp" || type === "outbound-rtp").map((entry) => streamOf(entry, all, wholeHeight));
}

/** The line that a report's streams run over; null before there is one. */
export function lineOf(all: Entry[]): Line | null {
  const transport = all.find((entry) => entry.type === "transport" && word(entry, "selectedCandidatePairId") !== null);
  const selected = word(transport, "selectedCandidatePairId");
  // Firefox has no transport and marks the pair itself.
  const pair = all.find((entry) => entry.type === "candidate-pair" && (selected === null ? field(entry, "selected") === true || (field(entry, "nominated") === true && field(entry, "state") === "succeeded") : entry.id === selected));
  if (!pair) return null;
  const local = all.find(({ id }) => id === field(pair, "localCandidateId"));
  const remote = all.find(({ id }) => id === field(pair, "remoteCandidateId"));
  const address = word(remote, "address") ?? word(remote, "ip");
  return {
    id: pair.id,
    protocol: word(local, "protocol")?.toUpperCase() ?? null,
    remote: address === null ? null : `${address.includes(":") ? `[${address}]` : address}:${number(remote, "port") ?? "?"}`,
    roundTripMs: inMs(number(pair, "currentRoundTripTime")),
    availableOutgoingBps: number(pair, "availableOutgoingBitrate"),
    availableIncomingBps: number(pair, "availableIncomingBitrate"),
    srtpCipher: word(transport, "srtpCipher"),
    dtlsCipher: word(transport, "dtlsCipher"),
  };
}
