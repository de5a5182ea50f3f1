import { IconFileText, IconMovie } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../../ui/Dialog";
import type { Sharing } from "../../room/session";
import styles from "../interpretation/Interpretation.module.css";

const CHOICES = [
  ["slides", IconFileText],
  ["film", IconMovie],
] as const;

interface Props {
  opened: boolean;
  onClose: () => void;
  onShare: (what: Sharing) => void;
}

/** What will be on the shared screen: letters that must be sharp, or motion that must flow. */
export function ShareDialog({ opened, onClose, onShare }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("share.title")} opened={opened} onClose={onClose}>
      <div className={styles.choices}>
        {CHOICES.map(([what, Icon]) => (
          <button
            key={what}
            type="button"
            className={styles.choice}
            onClick={() => {
              onClose();
              onShare(what);
            }}
            data-share={what}
          >
            <span className={styles.names}>
              <strong>{t(`share.${what}`)}</strong>
              <span className={styles.also}>{t(`share.${what}_hint`)}</span>
            </span>
            <Icon size={28} aria-hidden />
          </button>
        ))}
      </div>
    </Dialog>
  );
}
