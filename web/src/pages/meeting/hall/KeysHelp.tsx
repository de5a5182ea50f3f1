import { useTranslation } from "react-i18next";

import { Dialog } from "../../../ui/Dialog";
import { HALL_KEYS, type HallAct } from "./keys";
import styles from "./Hall.module.css";

/** Which key does what. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("hall.act.help")} opened={opened} onClose={onClose}>
      <dl className={styles.keys}>
        {(Object.keys(HALL_KEYS) as HallAct[]).map((act) => (
          <div key={act}>
            <dt>
              <kbd>{HALL_KEYS[act].replace("Shift+?", "?")}</kbd>
            </dt>
            <dd>{t(`hall.key.${act}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
