import { across, type Colour, type Drawn, letterSize, lineOf, PAGE, pathOf, thickness } from "./strokes";

/** On paper: what is saved is printed. */
const INKS: Record<Colour, string> = { ink: "#1b1b1a", red: "#b3261e", blue: "#1f5fae", green: "#1e7a43", orange: "#b96b00" };

/** The page as a PNG of 1600 × 900. */
export async function pictureOf(strokes: readonly Drawn[]): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [PAGE.width, PAGE.height];
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, PAGE.width, PAGE.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { stroke } of strokes) {
    const ink = INKS[stroke.colour];
    if ("text" in stroke.shape) {
      const { at, text } = stroke.shape.text;
      context.fillStyle = ink;
      context.font = `${letterSize(stroke)}px ${getComputedStyle(document.body).fontFamily}`;
      const [x, y] = across(at);
      context.fillText(text, x, y);
    } else {
      context.strokeStyle = ink;
      context.lineWidth = thickness(stroke);
      context.stroke(new Path2D(pathOf(lineOf(stroke))));
    }
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
