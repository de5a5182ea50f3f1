import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Booking.module.css";

/** Something that was chosen, with a cross to take it out again. */
export function Chosen({ name, onRemove, children }: { name: string; onRemove: () => void; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className={styles.chosen} data-chosen={name}>
      <span>{name}</span>
      {children}
      <button type="button" aria-label={t("booking.remove_named", { name })} onClick={onRemove}>
        <IconX size={18} aria-hidden />
      </button>
    </li>
  );
}
