import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "../../../ui/Empty";
import { LinesSkeleton } from "../../../ui/Loaded";
import type { Acting } from "../api";
import { ConductProvider } from "../Conducting";
import type { Conduct, VenueId } from "../model";
import type { Seat } from "../seats";
import { Desk } from "./Desk";
import styles from "./Desk.module.css";

interface Props {
  meeting: string;
  acting: Acting;
  /** Null until it is told. */
  conduct: Conduct | null;
  stale: boolean;
  /** Who is in the room; null where the desk is not in it itself, and has no pictures. */
  seats: readonly Seat[] | null;
  /** The pictures that the wall shows now. */
  onWall: (wall: VenueId[]) => void;
}

/** The desk, by its own right to act. */
export function DeskHere({ meeting, acting, conduct, stale, seats, onWall }: Props) {
  const { t } = useTranslation();
  const titles = useMemo(() => new Map((conduct?.venues ?? []).map(({ id, title }) => [id, title])), [conduct]);
  if (!conduct) {
    return stale ? (
      <Empty title={t("desk.not_yours")} hint={t("desk.not_yours_hint")} />
    ) : (
      <div className={styles.loading} role="status" aria-label={t("common.loading")}>
        <LinesSkeleton lines={8} />
      </div>
    );
  }
  return (
    <ConductProvider meeting={meeting} acting={acting} titles={titles}>
      <Desk meeting={meeting} acting={acting} conduct={conduct} stale={stale} seats={seats} onWall={onWall} />
    </ConductProvider>
  );
}
