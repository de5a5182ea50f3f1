import { type ElementInfo, RemoteVideoTrack, type RemoteTrackPublication, VideoQuality } from "livekit-client";

import type { LayerChoice } from "./layers";

const QUALITY = { high: VideoQuality.HIGH, medium: VideoQuality.MEDIUM, low: VideoQuality.LOW };

/**
 * Adaptive stream never asks for more than the largest element that shows a track. So a chosen layer gets one more, which is not on the page
 * and as large as the whole picture: then the choice alone decides.
 */
function wholeSize({ dimensions }: RemoteTrackPublication): ElementInfo {
  return {
    element: {},
    width: () => dimensions?.width ?? 1920,
    height: () => dimensions?.height ?? 1080,
    visible: true,
    pictureInPicture: false,
    visibilityChangedAt: 0,
    observe: () => undefined,
    stopObserving: () => undefined,
  };
}

/** Asks the server for a layer at most, or for none; returns how to go back to what fits the tile. */
export function holdLayer(publication: RemoteTrackPublication, choice: LayerChoice): () => void {
  if (choice === "auto") return () => undefined;
  if (choice === "off") {
    publication.setEnabled(false);
    return () => publication.setEnabled(true);
  }
  const track = publication.videoTrack;
  const whole = wholeSize(publication);
  publication.setVideoQuality(QUALITY[choice]);
  if (track instanceof RemoteVideoTrack && track.isAdaptiveStream) track.observeElementInfo(whole);
  return () => {
    if (track instanceof RemoteVideoTrack && track.isAdaptiveStream) track.stopObservingElementInfo(whole);
    publication.setVideoQuality(VideoQuality.HIGH);
  };
}
