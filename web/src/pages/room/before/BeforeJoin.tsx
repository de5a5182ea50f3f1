import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemBox } from "../../../ui/ProblemBox";
import { Picture } from "../stage/Picture";
import styles from "./Before.module.css";
import { Level } from "./Level";
import { useDeviceList, usePreviewCamera, usePreviewMicrophone } from "./usePreview";
import type { Devices } from "./wish";

interface Props {
  room: string;
  name: string;
  mayRename: boolean;
  /** Why entering failed, if it did. */
  refused: unknown;
  /** Asks for the devices only when the door is open: a track that is handed over is not stopped here any more. */
  onEnter: (devices: () => Devices) => Promise<void>;
}

/** The check before: name, picture, level, and one large button. */
export function BeforeJoin({ room, name: given, mayRename, refused, onEnter }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(given);
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
        name: mayRename ? name.trim() || null : null,
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
      <h1>{t("room.before.title", { room })}</h1>
      <div className={styles.columns}>
        <figure className={styles.picture} aria-label={t("room.before.preview")}>
          {camera.kind === "open" ? <Picture track={camera.track} mirrored label={t("room.before.preview")} /> : <p role="status">{t(camera.kind === "opening" ? "room.before.opening" : "room.before.no_preview")}</p>}
        </figure>
        <div className={styles.form}>
          {mayRename ? <TextInput label={t("room.before.your_name")} value={name} maxLength={60} autoComplete="name" onChange={({ target }) => setName(target.value)} /> : <p className={styles.as}>{t("room.before.as", { name: given })}</p>}
          <NativeSelect label={t("room.before.camera")} value={cameraId} onChange={({ target }) => setCameraId(target.value)} data={choices("videoinput")} />
          <NativeSelect label={t("room.before.microphone")} value={microphoneId} onChange={({ target }) => setMicrophoneId(target.value)} data={choices("audioinput")} />
          <Switch color="var(--ok)" label={t("room.before.microphone_on")} checked={speaking} onChange={({ target }) => setSpeaking(target.checked)} />
          <Level track={microphone.kind === "open" ? microphone.track : null} />
          {faults.map((fault) => (
            <ProblemBox key={fault.code} error={fault} />
          ))}
          {refused !== null && <ProblemBox error={refused} />}
          <div className={styles.acts}>
            <Button color="accent" size="lg" loading={entering} onClick={() => void enter(true)} autoFocus data-enter="camera">
              {t("room.before.with_camera")}
            </Button>
            <Button variant="default" size="lg" disabled={entering} onClick={() => void enter(false)} data-enter="no-camera">
              {t("room.before.without_camera")}
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}
