import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import styles from "./Stale.module.css";
import { useTimeWords } from "./words";

interface Asked {
  data: unknown;
  isError: boolean;
  dataUpdatedAt: number;
  failureCount: number;
}

/** Says so when what is on the page is older than it should be. */
export function Stale({ of }: { of: Asked }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  if (of.data === undefined || !(of.isError || of.failureCount > 0)) return null;
  return (
    <p className={styles.stale} role="status">
      <IconCloudOff size={20} aria-hidden />
      {t("common.stale", { clock: clock(of.dataUpdatedAt) })}
    </p>
  );
}
