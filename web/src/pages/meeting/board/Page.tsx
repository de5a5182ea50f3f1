import { memo, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Board.module.css";
import type { Pen } from "./BoardTools";
import { across, type Drawn, letterSize, lineOf, MOST_POINTS, newId, PAGE, pathOf, type Point, pointAt, type Stroke, thickness, touches } from "./strokes";

/** Nearer points say nothing new: a five-hundredth of the page. */
const STEP = 20;

interface Props {
  strokes: readonly Drawn[];
  /** One's own that are on their way. */
  pending: readonly Stroke[];
  page: number;
  pen: Pen | null;
  mayErase: (drawn: Drawn) => boolean;
  onDraw: (stroke: Stroke) => void;
  onErase: (ids: string[]) => void;
}

/** A page of the board, and the hand that draws on it. */
export function Page({ strokes, pending, page, pen, mayErase, onDraw, onErase }: Props) {
  const { t } = useTranslation();
  const svg = useRef<SVGSVGElement>(null);
  const [points, setPoints] = useState<Point[]>([]);
  const [writing, setWriting] = useState<Point | null>(null);
  const erased = useRef(new Set<string>());

  const at = ({ clientX, clientY }: PointerEvent): Point => pointAt(svg.current?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1, height: 1 }, clientX, clientY);
  const made = (shape: Stroke["shape"]): void => {
    if (pen) onDraw({ id: newId(), page, colour: pen.colour, width: pen.width, shape });
  };
  const erase = (point: Point) => {
    const touched = strokes.filter((drawn) => !erased.current.has(drawn.stroke.id) && mayErase(drawn) && touches(drawn.stroke, point)).map(({ stroke }) => stroke.id);
    if (touched.length === 0) return;
    for (const id of touched) erased.current.add(id);
    onErase(touched);
  };
  const down = (event: PointerEvent<SVGSVGElement>) => {
    if (!pen || pen.tool === "text" || event.button !== 0) return;
    const point = at(event);
    // A pen that slides off the page goes on at its edge.
    if (event.isTrusted) event.currentTarget.setPointerCapture(event.pointerId);
    erased.current.clear();
    if (pen.tool === "eraser") return erase(point);
    setPoints([point]);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (!pen || event.buttons === 0) return;
    const point = at(event);
    if (pen.tool === "eraser") return erase(point);
    const last = points.at(-1);
    if (!last) return;
    if (pen.tool === "line") return setPoints([points[0] ?? point, point]);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < STEP) return;
    if (points.length < MOST_POINTS) return setPoints([...points, point]);
    made({ pen: points });
    setPoints([last, point]);
  };
  const up = (event: PointerEvent<SVGSVGElement>) => {
    // The field comes with the press's end: its beginning would take the focus away again.
    if (pen?.tool === "text" && event.button === 0) return setWriting(at(event));
    if (points.length === 0) return;
    const [first, last] = [points[0], points.at(-1)];
    if (pen?.tool === "pen") made({ pen: points });
    else if (pen?.tool === "line" && points.length > 1 && first && last) made({ line: [first, last] });
    setPoints([]);
  };
  const write = (text: string) => {
    const words = text.trim();
    if (writing && words !== "") made({ text: { at: writing, text: words } });
    setWriting(null);
  };
  const [left, top] = writing ? across(writing) : [0, 0];
  return (
    <div className={styles.page}>
      <div className={styles.sheet}>
        <svg ref={svg} viewBox={`0 0 ${PAGE.width} ${PAGE.height}`} className={styles.paper} data-tool={pen?.tool} role="img" aria-label={t("board.page_of_strokes", { count: strokes.length })} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={() => setPoints([])}>
          {strokes.map(({ stroke }) => (
            <Mark key={stroke.id} stroke={stroke} />
          ))}
          {pending.map((stroke) => (
            <Mark key={stroke.id} stroke={stroke} />
          ))}
          {points.length > 0 && pen && <path className={styles.ink} data-colour={pen.colour} d={pathOf(points)} strokeWidth={thickness(pen)} />}
        </svg>
        {writing && pen && (
          <input
            className={styles.words}
            style={{ insetInlineStart: `${(left * 100) / PAGE.width}%`, insetBlockEnd: `${100 - (top * 100) / PAGE.height}%` }}
            aria-label={t("board.tool.text")}
            placeholder={t("board.write_here")}
            maxLength={200}
            autoFocus
            onBlur={({ target }) => write(target.value)}
            onKeyDown={({ key, currentTarget }) => {
              if (key === "Enter") write(currentTarget.value);
              if (key === "Escape") setWriting(null);
            }}
            data-write
          />
        )}
      </div>
    </div>
  );
}

const Mark = memo(function Mark({ stroke }: { stroke: Stroke }) {
  const { shape, colour } = stroke;
  if ("text" in shape) {
    const [x, y] = across(shape.text.at);
    return (
      <text className={styles.letters} data-colour={colour} x={x} y={y} fontSize={letterSize(stroke)} data-stroke={stroke.id}>
        {shape.text.text}
      </text>
    );
  }
  return <path className={styles.ink} data-colour={colour} d={pathOf(lineOf(stroke))} strokeWidth={thickness(stroke)} data-stroke={stroke.id} />;
});
