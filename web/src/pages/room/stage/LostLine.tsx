import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useNotice } from "../../../ui/Notice";
import styles from "./Stage.module.css";

const isLost = (state: string) => state === "reconnecting" || state === "signalReconnecting";

/** Says that the line is lost while it is, and once when it is back. */
export function LostLine({ state }: { state: string }) {
  const { t } = useTranslation();
  const tell = useNotice();
  const lost = isLost(state);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !lost) tell(t("room.reconnected"));
    was.current = lost;
  }, [lost, tell, t]);
  if (!lost) return null;
  return (
    <p className={styles.line} role="alert" data-line="lost">
      {t("room.reconnecting")}
    </p>
  );
}
