import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { LinesSkeleton } from "../../../ui/Loaded";
import type { Devices } from "./wish";

interface Props {
  /** With microphone and camera, or without any. */
  devices: boolean;
  onEnter: (devices: () => Devices) => Promise<void>;
}

/** No check before: for venue computers that open a room by themselves, and for tests (`?auto=…`). */
export function EnterAtOnce({ devices, onEnter }: Props) {
  const { t } = useTranslation();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    // What was refused is shown by the page.
    onEnter(() => ({ name: null, microphone: devices, camera: devices })).catch(() => undefined);
  }, [devices, onEnter]);
  return (
    <div role="status" aria-label={t("room.connecting")}>
      <h1>{t("room.connecting")}</h1>
      <LinesSkeleton lines={3} />
    </div>
  );
}
