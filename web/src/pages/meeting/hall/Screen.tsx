import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { CSSProperties, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { columnsFor, narrowColumnsFor } from "../../room/stage/columns";
import type { Shown, VenueId } from "../model";
import type { Arrangement } from "../plan";
import { type Seat, seatIn } from "../seats";
import styles from "./Pictures.module.css";
import { useSteady } from "./useSteady";
import { VenuePicture } from "./VenuePicture";

interface Props {
  shown: Shown;
  seats: readonly Seat[];
  arrangement: Arrangement;
  page: number;
  /** The shared board, in the place of slides. */
  board: ReactNode;
  onPage: (page: number) => void;
}

/** The pictures, as they are arranged. */
export function Screen({ shown, seats, arrangement, page, board, onPage }: Props) {
  const { t } = useTranslation();
  const { layout, large, slides, others, pages } = arrangement;
  const steady = useSteady(large, (venue) => Boolean(seatIn(seats, venue)?.camera.track));
  const raised = (venue: VenueId) => shown.floor.hands.some((hand) => hand.venue === venue);
  const at = Math.min(page, pages - 1);
  const slidesBox = slides !== null && <VenuePicture seat={seatIn(seats, slides)} source="screen" place="slides" />;
  if (board === null && layout === "grid") {
    const columns = { "--columns": columnsFor(others.length + (slides ? 1 : 0)), "--narrow-columns": narrowColumnsFor(others.length) } as CSSProperties;
    return (
      <div className={styles.screen} data-layout={layout}>
        <div className={styles.grid} style={columns}>
          {slidesBox}
          {others.map((venue) => (
            <VenuePicture key={venue} seat={seatIn(seats, venue)} place="tile" hand={raised(venue)} />
          ))}
          {others.length === 0 && <VenuePicture seat={null} place="tile" nobody={t("hall.alone")} />}
        </div>
        {pages > 1 && (
          <p className={styles.pages}>
            <IconButton label={t("hall.page_before")} disabled={at === 0} onClick={() => onPage(at - 1)}>
              <IconChevronLeft />
            </IconButton>
            <span className="numbers">{t("hall.page_of", { page: at + 1, pages })}</span>
            <IconButton label={t("hall.page_next")} disabled={at === pages - 1} onClick={() => onPage(at + 1)}>
              <IconChevronRight />
            </IconButton>
          </p>
        )}
      </div>
    );
  }
  const person = <VenuePicture seat={seatIn(seats, steady)} place={slides === null && board === null ? "large" : "beside"} nobody={t(shown.on_screen === null ? "hall.nobody_yet" : "hall.alone")} hand={steady !== null && raised(steady)} />;
  return (
    <div className={styles.screen} data-layout={layout} data-large={large ?? ""}>
      <div className={styles.main}>{board ?? (slidesBox || person)}</div>
      {(board !== null || slides !== null || others.length > 0) && (
        <div className={styles.sides}>
          {(board !== null || slides !== null) && person}
          {board !== null && slidesBox}
          {(layout === "grid" ? [] : others).map((venue) => (
            <VenuePicture key={venue} seat={seatIn(seats, venue)} place="tile" hand={raised(venue)} />
          ))}
        </div>
      )}
    </div>
  );
}
