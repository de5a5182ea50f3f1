import { describe, expect, test } from "vitest";

import { bitrateBps, curve, lossPercent, pushed } from "../src/pages/room/stats/rates";
import { type Entry, lineOf, type Stream, streamsOf } from "../src/pages/room/stats/report";

const report = (...entries: (Record<string, unknown> & { type: string })[]): Entry[] => entries.map((entry, index) => ({ id: `id${index}`, timestamp: 1000, ...entry }));

const VIDEO = {
  id: "in",
  type: "inbound-rtp",
  kind: "video",
  codecId: "codec",
  bytesReceived: 1000,
  packetsReceived: 10,
  packetsLost: 2,
  jitter: 0.0125,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 25,
  freezeCount: 1,
  totalFreezesDuration: 0.4,
};

describe("reading a report", () => {
  test("what is received, with its codec and its layer", () => {
    const [stream] = streamsOf(report(VIDEO, { id: "codec", type: "codec", mimeType: "video/VP8" }), 720);
    expect(stream).toMatchObject({ direction: "in", kind: "video", codec: "VP8", width: 640, height: 360, fps: 25, bytes: 1000, packetsLost: 2, jitterMs: 12.5, freezes: 1, freezeMs: 400, layer: "medium", roundTripMs: null, active: true });
  });
  test("what is sent, one for each layer, with what the other end saw of it", () => {
    const streams = streamsOf(
      report(
        { id: "q", type: "outbound-rtp", kind: "video", rid: "q", bytesSent: 5, packetsSent: 1, qualityLimitationReason: "bandwidth" },
        { id: "f", type: "outbound-rtp", kind: "video", rid: "f", bytesSent: 0, active: false, qualityLimitationReason: "none" },
        { type: "remote-inbound-rtp", localId: "q", packetsLost: 3, jitter: 0.002, roundTripTime: 0.04 },
      ),
    );
    expect(streams).toMatchObject([
      { layer: "low", packetsLost: 3, jitterMs: 2, roundTripMs: 40, active: true, limitedBy: "bandwidth" },
      { layer: "high", packetsLost: null, roundTripMs: null, active: false, limitedBy: null },
    ]);
  });
  test("what a browser does not measure is not made up", () => {
    expect(streamsOf(report({ type: "inbound-rtp", kind: "audio" }))[0]).toMatchObject({ codec: null, packetsLost: null, jitterMs: null, freezes: null, layer: null, fps: null });
    expect(streamsOf([])).toEqual([]);
    expect(lineOf([])).toBeNull();
  });
});

describe("the line", () => {
  const pair = { id: "pair", type: "candidate-pair", localCandidateId: "l", remoteCandidateId: "r", currentRoundTripTime: 0.021, availableOutgoingBitrate: 1_500_000 };
  const ends = [
    { id: "l", type: "local-candidate", protocol: "tcp" },
    { id: "r", type: "remote-candidate", address: "2001:db8::1", port: 443 },
  ];
  test("as Chromium tells it", () => {
    const line = lineOf(report({ type: "transport", selectedCandidatePairId: "pair", srtpCipher: "AEAD_AES_128_GCM", dtlsCipher: "X" }, { ...pair, id: "old", nominated: true, state: "succeeded" }, pair, ...ends));
    expect(line).toEqual({ id: "pair", protocol: "TCP", remote: "[2001:db8::1]:443", roundTripMs: 21, availableOutgoingBps: 1_500_000, availableIncomingBps: null, srtpCipher: "AEAD_AES_128_GCM", dtlsCipher: "X" });
  });
  test("as Firefox tells it", () => {
    expect(lineOf(report({ ...pair, selected: true }, ...ends))).toMatchObject({ id: "pair", protocol: "TCP", srtpCipher: null });
    expect(lineOf(report({ ...pair, state: "in-progress" }, ...ends))).toBeNull();
  });
});

describe("between two readings", () => {
  const at = (atMs: number, bytes: number, packets = 0, packetsLost: number | null = 0, direction: Stream["direction"] = "in") => ({ atMs, bytes, packets, packetsLost, direction }) as Stream;
  test("bits per second", () => {
    expect(bitrateBps(at(2000, 126_000), at(1000, 1000))).toBe(1_000_000);
    expect(bitrateBps(at(1500, 126_000), at(1000, 1000))).toBe(2_000_000);
  });
  test("not from one reading, nor from a counter that went back", () => {
    expect(bitrateBps(at(2000, 5), undefined)).toBeNull();
    expect(bitrateBps(at(2000, 5), at(1000, 9))).toBeNull();
    expect(bitrateBps(at(1000, 9), at(1000, 5))).toBeNull();
  });
  test("loss is of what was sent", () => {
    expect(lossPercent(at(0, 0, 190, 15), at(0, 0, 100, 5))).toBe(10);
    expect(lossPercent(at(0, 0, 200, 15, "out"), at(0, 0, 100, 5, "out"))).toBe(10);
    expect(lossPercent(at(0, 0, 200, 3), at(0, 0, 100, 5))).toBe(0);
    expect(lossPercent(at(0, 0, 100, 5), at(0, 0, 100, 5))).toBeNull();
    expect(lossPercent(at(0, 0, 200, null), at(0, 0, 100, 5))).toBeNull();
  });
  test("the curve keeps a minute, newest at the end", () => {
    expect(pushed([1, 2, 3], 4, 3)).toEqual([2, 3, 4]);
    expect(curve([0, 50, 100], 20, 10, 3)).toBe("0.0,10.0 10.0,5.0 20.0,0.0");
    expect(curve([100], 20, 10, 3)).toBe("20.0,0.0");
    expect(curve([], 20, 10)).toBe("");
    expect(curve([0, 0], 20, 10, 3)).toBe("10.0,10.0 20.0,10.0");
  });
});
