import { Button } from "@mantine/core";
import { IconBroadcast, IconCheck, IconMicrophone, IconScreenShare } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useConducting } from "../Conducting";
import type { Shown } from "../model";
import type { Seat } from "../seats";
import { aboutMe, queuePlace } from "../words";
import styles from "./Hall.module.css";
import { useSaid } from "./StateLine";

const ICONS = { broadcast: IconBroadcast, on_screen: IconScreenShare, floor: IconMicrophone };

interface Props {
  shown: Shown;
  me: Seat;
  onMicrophone: () => void;
}

/** What concerns oneself now: one is broadcast, has the floor, is in the queue, is called. */
export function Calls({ shown, me, onMicrophone }: Props) {
  const { t } = useTranslation();
  const said = useSaid();
  const { run } = useConducting();
  const { place, of } = queuePlace(shown.floor, me.identity);
  const isCalled = shown.phase === "roll_call" && !me.answered && me.identity !== shown.chair;
  return (
    <>
      {aboutMe(shown, me.identity).map((what) => {
        const Icon = ICONS[what];
        return (
          <p key={what} className={styles.about} role="status" data-about={what}>
            <Icon size={24} aria-hidden />
            {said({ key: `hall.about.${what}` })}
            {what === "floor" && me.muted && (
              <Button variant="white" color="dark" onClick={onMicrophone}>
                {t("room.act.microphone_on")}
              </Button>
            )}
          </p>
        );
      })}
      {place !== null && (
        <p className={styles.queue} role="status" data-queue={place}>
          {place === 1 ? t("hall.queue_first") : t("hall.queue_place", { place, of })}
        </p>
      )}
      {isCalled && (
        <Button className={styles.answer} color="accent" size="xl" fullWidth leftSection={<IconCheck aria-hidden />} onClick={() => void run({ act: "answer_roll" })} data-answer>
          {t("hall.answer_roll")}
        </Button>
      )}
    </>
  );
}
