import { IconChevronLeft, IconChevronRight, IconDownload, IconEraser, IconLine, IconPencil, IconPlus, IconTrash, IconTypography } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { useAsk } from "../../../ui/Ask";
import styles from "./Board.module.css";
import { type Colour, COLOURS, MOST_PAGES, WIDTHS } from "./strokes";

export const TOOLS = ["pen", "line", "text", "eraser"] as const;
export type Tool = (typeof TOOLS)[number];

export interface Pen {
  tool: Tool;
  colour: Colour;
  width: number;
}

const NAMES = ["thin", "medium", "thick"] as const;
const ICONS = { pen: IconPencil, line: IconLine, text: IconTypography, eraser: IconEraser };

interface Props {
  /** Null for who only looks. */
  pen: Pen | null;
  onPen: (pen: Pen) => void;
  page: number;
  pages: number;
  onTurn: (page: number) => void;
  onClear: (() => void) | null;
  onSave: () => void;
}

/** Under the board: pens, colours, pages. */
export function BoardTools({ pen, onPen, page, pages, onTurn, onClear, onSave }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  return (
    <div className={styles.tools} role="toolbar" aria-label={t("board.tools")}>
      {pen && (
        <>
          {TOOLS.map((tool) => {
            const Icon = ICONS[tool];
            return (
              <button key={tool} type="button" className={styles.tool} aria-pressed={pen.tool === tool} onClick={() => onPen({ ...pen, tool })} title={t(`board.tool.${tool}`)} aria-label={t(`board.tool.${tool}`)} data-pen={tool}>
                <Icon size={22} aria-hidden />
              </button>
            );
          })}
          <span className={styles.gap} />
          {COLOURS.map((colour) => (
            <button key={colour} type="button" className={styles.tool} aria-pressed={pen.colour === colour} onClick={() => onPen({ ...pen, colour })} title={t(`board.colour.${colour}`)} aria-label={t(`board.colour.${colour}`)} data-colour={colour}>
              <i className={styles.dot} data-colour={colour} />
            </button>
          ))}
          <span className={styles.gap} />
          {([0, 1, 2] as const).map((at) => ({ at, width: WIDTHS[at] })).map(({ at, width }) => (
            <button key={width} type="button" className={styles.tool} aria-pressed={pen.width === width} onClick={() => onPen({ ...pen, width })} title={t(`board.width.${NAMES[at]}`)} aria-label={t(`board.width.${NAMES[at]}`)}>
              <i className={styles.width} style={{ blockSize: 2 + width }} />
            </button>
          ))}
          <span className={styles.gap} />
        </>
      )}
      {(pen || pages > 1) && (
        <>
          {pen && (
            <IconButton label={t("hall.page_before")} disabled={page === 0} onClick={() => onTurn(page - 1)}>
              <IconChevronLeft />
            </IconButton>
          )}
          <span className="numbers">{t("hall.page_of", { page: page + 1, pages })}</span>
          {pen &&
            (page + 1 < pages ? (
              <IconButton label={t("hall.page_next")} onClick={() => onTurn(page + 1)}>
                <IconChevronRight />
              </IconButton>
            ) : (
              <IconButton label={t("board.new_page")} disabled={pages >= MOST_PAGES} onClick={() => onTurn(pages)}>
                <IconPlus />
              </IconButton>
            ))}
        </>
      )}
      {onClear && (
        <IconButton label={t("board.clear")} onClick={() => ask({ question: t("board.clear_ask"), act: t("board.clear"), run: () => Promise.resolve(onClear()) })}>
          <IconTrash />
        </IconButton>
      )}
      <IconButton label={t("board.save")} onClick={onSave}>
        <IconDownload />
      </IconButton>
    </div>
  );
}
