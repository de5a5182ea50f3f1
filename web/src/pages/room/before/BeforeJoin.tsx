import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Before.module.css";
import { DeviceCheck } from "./DeviceCheck";
import type { Devices } from "./wish";

interface Props {
  room: string;
  name: string;
  mayRename: boolean;
  /** Why entering failed, if it did. */
  refused: unknown;
  onEnter: (devices: () => Devices) => Promise<void>;
}

/** Before a room: one's name and the check of devices. */
export function BeforeJoin({ room, name: given, mayRename, refused, onEnter }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(given);
  return (
    <DeviceCheck
      head={<h1>{t("room.before.title", { room })}</h1>}
      who={mayRename ? <TextInput label={t("room.before.your_name")} value={name} maxLength={60} autoComplete="name" onChange={({ target }) => setName(target.value)} /> : <p className={styles.as}>{t("room.before.as", { name: given })}</p>}
      enterWords={t("room.before.with_camera")}
      withoutWords={t("room.before.without_camera")}
      refused={refused}
      onEnter={(devices) => onEnter(() => ({ ...devices(), name: mayRename ? name.trim() || null : null }))}
    />
  );
}
