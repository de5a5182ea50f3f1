import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useTimeWords } from "../../../ui/words";
import styles from "./BeforeMeeting.module.css";

interface Props {
  title: string;
  starts: number;
  ends: number;
  notice: string;
  /** One has knocked, and the chair has not answered yet. */
  waiting: boolean;
  /** The chair will be asked. */
  willWait: boolean;
  onTurnBack: () => void;
  children?: ReactNode;
}

/** Above the check of devices: what one goes into, and whether one waits. */
export function MeetingHead({ title, starts, ends, notice, waiting, willWait, onTurnBack, children }: Props) {
  const { t } = useTranslation();
  const { say, clock } = useTimeWords();
  return (
    <header className={styles.head}>
      <h1>{title}</h1>
      <p className={styles.time}>
        <time dateTime={new Date(starts).toISOString()}>{say(starts)}</time> – <time dateTime={new Date(ends).toISOString()}>{clock(ends)}</time>
      </p>
      {(waiting || willWait) && (
        <section className={styles.waiting} role="status" data-waiting={waiting}>
          <h2>{t(waiting ? "hall.before.waiting" : "hall.before.will_wait")}</h2>
          <p>{t(waiting ? "hall.before.waiting_hint" : "hall.before.will_wait_hint")}</p>
          {notice && (
            <blockquote className={styles.notice}>
              <p className={styles.from}>{t("hall.before.notice")}</p>
              <p>{notice}</p>
            </blockquote>
          )}
          {waiting && (
            <Button variant="default" onClick={onTurnBack}>
              {t("hall.before.turn_back")}
            </Button>
          )}
        </section>
      )}
      {children}
    </header>
  );
}
