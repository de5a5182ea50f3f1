import { Button, NativeSelect, Switch } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemBox } from "../../../ui/ProblemBox";
import { Picture } from "../stage/Picture";
import styles from "./Before.module.css";
import { Level } from "./Level";
import { useDeviceList, usePreviewCamera, usePreviewMicrophone } from "./usePreview";
import type { OwnDevices } from "./wish";

/** Enter goes in at once; the page does not jump to the button for it. */
const focus = (button: HTMLButtonElement | null) => button?.focus({ preventScroll: true });

interface Props {
  /** What stands above: where one goes, as whom. */
  head: ReactNode;
  /** As whom, above the devices. */
  who: ReactNode;
  /** On the large button, and on the one beside it. */
  enterWords: string;
  withoutWords: string;
  /** Why entering failed, if it did. */
  refused: unknown;
  /** Asks for the devices only when the door is open: a track that is handed over is not stopped here any more. */
  onEnter: (devices: () => OwnDevices) => Promise<void>;
}

/** The check before: picture, level, choice of devices, and one large button. */
export function DeviceCheck({ head, who, enterWords, withoutWords, refused, onEnter }: Props) {
  const { t } = useTranslation();
  const [cameraId, setCameraId] = useState("");
  const [microphoneId, setMicrophoneId] = useState("");
  const [speaking, setSpeaking] = useState(true);
  const [entering, setEntering] = useState(false);
  const [camera, takeCamera] = usePreviewCamera(true, cameraId);
  const [microphone, takeMicrophone] = usePreviewMicrophone(speaking, microphoneId);
  const devices = useDeviceList(`${camera.kind} ${microphone.kind}`);
  const choices = (kind: MediaDeviceKind) => [
    { value: "", label: t("room.before.default_device") },
    ...devices.filter((device) => device.kind === kind && device.deviceId !== "" && device.deviceId !== "default").map(({ deviceId, label }) => ({ value: deviceId, label: label || deviceId.slice(0, 8) })),
  ];
  const enter = async (withCamera: boolean) => {
    setEntering(true);
    try {
      // What is open already goes along; what is still opening is opened again inside.
      await onEnter(() => ({
        microphone: speaking && microphone.kind !== "none" && (takeMicrophone() ?? true),
        camera: withCamera && camera.kind !== "none" && (takeCamera() ?? true),
      }));
    } catch {
      setEntering(false);
    }
  };
  const faults = [camera, microphone].flatMap((opened) => (opened.kind === "none" && opened.why ? [opened.why] : []));
  return (
    <div className={styles.page}>
      {head}
      <div className={styles.columns}>
        <figure className={styles.picture} aria-label={t("room.before.preview")}>
          {camera.kind === "open" ? <Picture track={camera.track} mirrored label={t("room.before.preview")} /> : <p role="status">{t(camera.kind === "opening" ? "room.before.opening" : "room.before.no_preview")}</p>}
        </figure>
        <div className={styles.form}>
          {who}
          <NativeSelect label={t("room.before.camera")} value={cameraId} onChange={({ target }) => setCameraId(target.value)} data={choices("videoinput")} />
          <NativeSelect label={t("room.before.microphone")} value={microphoneId} onChange={({ target }) => setMicrophoneId(target.value)} data={choices("audioinput")} />
          <Switch color="var(--ok)" label={t("room.before.microphone_on")} checked={speaking} onChange={({ target }) => setSpeaking(target.checked)} />
          <Level track={microphone.kind === "open" ? microphone.track : null} />
          {faults.map((fault) => (
            <ProblemBox key={fault.code} error={fault} />
          ))}
          {refused !== null && <ProblemBox error={refused} />}
          <div className={styles.acts}>
            <Button className={styles.enter} color="accent" size="xl" loading={entering} onClick={() => void enter(true)} ref={focus} data-enter="camera">
              {enterWords}
            </Button>
            <Button variant="default" size="xl" disabled={entering} onClick={() => void enter(false)} data-enter="no-camera">
              {withoutWords}
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}
