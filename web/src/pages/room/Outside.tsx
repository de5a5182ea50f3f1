import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useMe } from "../../api/hooks";
import { Empty } from "../../ui/Empty";
import { ProblemBox } from "../../ui/ProblemBox";
import styles from "./Outside.module.css";

interface Props {
  /** Why one is out; null where one left oneself. */
  why: unknown;
  onAgain: () => void;
}

/** After the room: left by oneself, put out, or cut off. */
export function Outside({ why, onAgain }: Props) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  return (
    <div className={styles.outside}>
      {why === null ? <Empty title={t("room.left")} hint={t("room.left_hint")} /> : <ProblemBox error={why} />}
      <div className={styles.acts}>
        <Button color="accent" size="lg" onClick={onAgain} data-autofocus>
          {t("room.again")}
        </Button>
        {me?.person && (
          <Button component={Link} href="/rooms" variant="default" size="lg">
            {t("room.all_rooms")}
          </Button>
        )}
      </div>
    </div>
  );
}
