import type { components } from "../../../api/schema";
import type { Whole } from "../../../api/model";

// What stands on the board, and how it is drawn. Pure, and the same for the screen and for the picture that is saved.

type Schemas = components["schemas"];

export type Board = Whole<Schemas["Board"]>;
export type Drawn = Whole<Schemas["Drawn"]>;
export type Stroke = Whole<Schemas["Stroke"]>;
export type Colour = Schemas["Colour"];
export type BoardAct = Schemas["BoardAct"];
export type Point = [number, number];

/** What the room is told of a change. */
export type Told = BoardAct & { version: number; by: string };

export const COLOURS: readonly Colour[] = ["ink", "red", "blue", "green", "orange"];
/** In thousandths of the page's width. */
export const WIDTHS = [2, 4, 10] as const;
export const MOST_PAGES = 20;
/** Of one stroke; a longer one goes on as the next. */
export const MOST_POINTS = 400;

/** The page as it is drawn; points are from 0 to 10,000 each way. */
export const PAGE = { width: 1600, height: 900 };
const SIDE = 10_000;
/** Letters are this many times as high as a line is thick. */
const LETTERS = 8;

export const across = ([x, y]: readonly number[]): Point => [((x ?? 0) * PAGE.width) / SIDE, ((y ?? 0) * PAGE.height) / SIDE];

/** Where a pointer stands on the page. */
export function pointAt(box: { left: number; top: number; width: number; height: number }, x: number, y: number): Point {
  const share = (at: number, from: number, size: number) => Math.round(Math.min(1, Math.max(0, (at - from) / Math.max(1, size))) * SIDE);
  return [share(x, box.left, box.width), share(y, box.top, box.height)];
}

export const thickness = ({ width }: Pick<Stroke, "width">): number => (width * PAGE.width) / 1_000;
export const letterSize = (stroke: Pick<Stroke, "width">): number => thickness(stroke) * LETTERS;

/** The points of a stroke that is a line of some kind; none of a text. */
export function lineOf({ shape }: Stroke): readonly Point[] {
  if ("pen" in shape) return shape.pen as Point[];
  return "line" in shape ? (shape.line as Point[]) : [];
}

/** As SVG and canvas know it: through the middles between points, so that a hand's line is round. */
export function pathOf(points: readonly (readonly number[])[]): string {
  const [first, ...rest] = points.map(across);
  if (!first) return "";
  const round = (value: number) => Math.round(value * 10) / 10;
  const said = ([x, y]: Point) => `${round(x)} ${round(y)}`;
  // A dot is a line of no length.
  if (rest.length === 0) return `M${said(first)}L${said(first)}`;
  const curves = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? point;
    return `Q${said(point)} ${said([(point[0] + next[0]) / 2, (point[1] + next[1]) / 2])}`;
  });
  return `M${said(first)}${curves.join("")}L${said(rest.at(-1) ?? first)}`;
}

/** Whether the eraser at a point touches a stroke. */
export function touches(stroke: Stroke, at: Point, reach = 12): boolean {
  const [x, y] = across(at);
  const { shape } = stroke;
  if ("text" in shape) {
    const [left, base] = across(shape.text.at);
    const size = letterSize(stroke);
    // Chinese letters are as wide as high; others are narrower, and a little more is no harm.
    return x >= left - reach && x <= left + size * [...shape.text.text].length && y <= base + reach && y >= base - size - reach;
  }
  const near = reach + thickness(stroke) / 2;
  const points = lineOf(stroke).map(across);
  return points.some((one, index) => distance([x, y], one, points[index + 1] ?? one) <= near);
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** The board after a change; null where something between was missed: then the whole is asked for. */
export function after(board: Board, told: Told): Board | null {
  if (told.version <= board.version) return board;
  if (told.version !== board.version + 1) return null;
  const { version } = told;
  switch (told.act) {
    case "draw":
      return { ...board, version, strokes: [...board.strokes, { by: told.by, stroke: told.stroke as Stroke }] };
    case "erase": {
      const gone = new Set(told.strokes);
      return { ...board, version, strokes: board.strokes.filter(({ stroke }) => !gone.has(stroke.id)) };
    }
    case "clear":
      return { ...board, version, strokes: board.strokes.filter(({ stroke }) => stroke.page !== told.page) };
    case "turn":
      return { ...board, version, page: told.page, pages: Math.max(board.pages, told.page + 1) };
  }
}

const LETTERS_OF_IDS = "abcdefghijklmnopqrstuvwxyz0123456789";

export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => LETTERS_OF_IDS[byte % LETTERS_OF_IDS.length]).join("");
}
