import { createLocalAudioTrack, createLocalVideoTrack, type LocalAudioTrack, type LocalVideoTrack, VideoPresets } from "livekit-client";
import { useCallback, useEffect, useRef, useState } from "react";

import type { ApiProblem } from "../../../api/problem";
import { type Device, deviceFault } from "../faults";

/** A device's track before entering, or why there is none. */
export type Opened<T> = { kind: "opening" } | { kind: "open"; track: T } | { kind: "none"; why: ApiProblem | null };

const OPENING = { kind: "opening" } as const;

/** Opens a device for as long as the page is open; a track that was taken is left to whoever took it. */
function useOpened<T extends { stop: () => void }>(device: Device, wanted: boolean, deviceId: string, open: (deviceId: string) => Promise<T>): [Opened<T>, () => T | null] {
  const [opened, setOpened] = useState<{ key: string; state: Opened<T> } | null>(null);
  const held = useRef<T | null>(null);
  const key = `${wanted} ${deviceId}`;
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    open(deviceId).then(
      (track) => {
        if (gone) return track.stop();
        held.current = track;
        setOpened({ key, state: { kind: "open", track } });
      },
      (thrown: unknown) => gone || setOpened({ key, state: { kind: "none", why: deviceFault(device, thrown, window.isSecureContext) } }),
    );
    return () => {
      gone = true;
      held.current?.stop();
      held.current = null;
    };
  }, [device, wanted, deviceId, open, key]);
  const take = useCallback(() => {
    const track = held.current;
    held.current = null;
    return track;
  }, []);
  return [!wanted ? { kind: "none", why: null } : opened?.key === key ? opened.state : OPENING, take];
}

const idOf = (deviceId: string) => (deviceId === "" ? undefined : { exact: deviceId });
const openCamera = (deviceId: string): Promise<LocalVideoTrack> => createLocalVideoTrack({ deviceId: idOf(deviceId), resolution: VideoPresets.h720.resolution });
const openMicrophone = (deviceId: string): Promise<LocalAudioTrack> => createLocalAudioTrack({ deviceId: idOf(deviceId), echoCancellation: true, noiseSuppression: true, autoGainControl: true });

export function usePreviewCamera(wanted: boolean, deviceId: string) {
  return useOpened("camera", wanted, deviceId, openCamera);
}

export function usePreviewMicrophone(wanted: boolean, deviceId: string) {
  return useOpened("microphone", wanted, deviceId, openMicrophone);
}

/** The devices there are. Browsers name them only to those who may use one, so it is asked again whenever one was opened. */
export function useDeviceList(after: unknown): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined; // absent outside https
    let gone = false;
    const list = () => void media?.enumerateDevices().then((found) => gone || setDevices(found), () => undefined);
    list();
    media?.addEventListener("devicechange", list);
    return () => {
      gone = true;
      media?.removeEventListener("devicechange", list);
    };
  }, [after]);
  return devices;
}
