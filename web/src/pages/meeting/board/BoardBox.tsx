import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { half } from "../../../api/problem";
import { LinesSkeleton } from "../../../ui/Loaded";
import type { Session } from "../../room/session";
import { useStore } from "../../room/store";
import type { Acting } from "../api";
import styles from "./Board.module.css";
import { BoardTools, type Pen } from "./BoardTools";
import { Page } from "./Page";
import { pictureOf, save } from "./picture";
import { SharedBoard } from "./shared_board";

interface Props {
  session: Session;
  meeting: string;
  acting: Acting;
  title: string;
  /** One may draw; one may clear, as who chairs. */
  mayDraw: boolean;
  chairs: boolean;
  /** Whose strokes are one's own. */
  me: string;
}

/** The shared board: the page that all see, and for who may draw its tools. */
export function BoardBox({ session, meeting, acting, title, mayDraw, chairs, me }: Props) {
  const { t, i18n } = useTranslation();
  const [shared] = useState(() => new SharedBoard(session.room, meeting, acting));
  useEffect(() => {
    shared.listen();
    return () => shared.end();
  }, [shared]);
  const board = useStore(shared.board);
  const pending = useStore(shared.pending);
  const refused = useStore(shared.refused);
  const [pen, setPen] = useState<Pen>({ tool: "pen", colour: "ink", width: 4 });
  if (!board) {
    return (
      <div className={styles.board} role="status" aria-label={t("common.loading")}>
        <LinesSkeleton lines={4} />
      </div>
    );
  }
  const strokes = board.strokes.filter(({ stroke }) => stroke.page === board.page);
  const download = async () => {
    const blob = await pictureOf(strokes);
    if (blob) save(blob, `${title}-${t("board.name")}-${board.page + 1}.png`);
  };
  return (
    <section className={styles.board} aria-label={t("board.name")} data-board data-page={board.page} data-strokes={strokes.length} data-version={board.version}>
      <Page
        strokes={strokes}
        pending={pending.filter(({ page }) => page === board.page)}
        page={board.page}
        pen={mayDraw ? pen : null}
        mayErase={(drawn) => chairs || drawn.by === me}
        onDraw={(stroke) => shared.draw(stroke)}
        onErase={(ids) => void shared.act({ act: "erase", strokes: ids })}
      />
      {refused && (
        <p className={styles.refused} role="alert">
          {refused.status === 0 ? t("hall.not_sent") : half(refused.detail, i18n.language)}
        </p>
      )}
      <BoardTools
        pen={mayDraw ? pen : null}
        onPen={setPen}
        page={board.page}
        pages={board.pages}
        onTurn={(page) => void shared.act({ act: "turn", page })}
        onClear={chairs ? () => void shared.act({ act: "clear", page: board.page }) : null}
        onSave={() => void download()}
      />
    </section>
  );
}
