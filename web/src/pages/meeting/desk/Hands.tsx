import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { At } from "../../../ui/At";
import { useConducting } from "../Conducting";
import type { Conduct } from "../model";
import styles from "./Tools.module.css";

/** Who has the floor, and who asks for it: the first first. */
export function Hands({ conduct }: { conduct: Conduct }) {
  const { t } = useTranslation();
  const { run, title } = useConducting();
  const { holders, hands } = conduct.shown.floor;
  return (
    <>
      <h3>{t("desk.hands.speaking")}</h3>
      {holders.length === 0 && <p className={styles.none}>{t("desk.hands.nobody")}</p>}
      <ul className={styles.list}>
        {holders.map((venue) => (
          <li key={venue} className={styles.item} data-holder={venue}>
            <span className={styles.name}>{title(venue)}</span>
            <Button variant="default" onClick={() => void run({ act: "take_floor", venue })} data-do="take_floor">
              {t("desk.hands.take")}
            </Button>
          </li>
        ))}
      </ul>
      <h3>{t("desk.hands.queue", { count: hands.length })}</h3>
      {hands.length === 0 && <p className={styles.none}>{t("desk.hands.none")}</p>}
      <ol className={styles.list}>
        {hands.map(({ venue, since }, place) => (
          <li key={venue} className={styles.item} data-hand={venue}>
            <span className="numbers">{place + 1}</span>
            <span className={styles.name}>
              {title(venue)}
              <span className={styles.since}>
                <At at={since} />
              </span>
            </span>
            <Button variant="default" className={styles.yes} onClick={() => void run({ act: "give_floor", venue })} data-do="give_floor">
              {t("desk.hands.give")}
            </Button>
            <Button variant="default" onClick={() => void run({ act: "dismiss_hand", venue })} data-do="dismiss_hand">
              {t("desk.hands.dismiss")}
            </Button>
          </li>
        ))}
      </ol>
    </>
  );
}
