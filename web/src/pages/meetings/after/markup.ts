// The minutes' text as blocks, as the server reads it for its papers (src/document/markup.rs). Any text is a document.

export type Block =
  | { kind: "title" | "heading" | "text" | "note"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "blank"; lines: number }
  | { kind: "table"; head: string[]; rows: string[][] };

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let rows: string[][] = [];
  let listEnded = true;
  const closeTable = () => {
    const [head, ...rest] = rows;
    rows = [];
    if (!head) return;
    const body = rest.filter((row) => !row.every((cell) => /^[-:]+$/.test(cell)));
    blocks.push({ kind: "table", head, rows: body });
  };
  for (const line of text.split("\n").map((of) => of.trimEnd())) {
    const cells = cellsOf(line);
    if (cells) {
      rows.push(cells);
      continue;
    }
    closeTable();
    const last = blocks.at(-1);
    if (line.startsWith("# ") && !blocks.some(({ kind }) => kind === "title")) blocks.push({ kind: "title", text: line.slice(2).trim() });
    else if (line.startsWith("##")) blocks.push({ kind: "heading", text: line.replace(/^#+/, "").trim() });
    else if (line.startsWith("- ")) {
      if (last?.kind === "list" && !listEnded) last.items.push(line.slice(2).trim());
      else blocks.push({ kind: "list", items: [line.slice(2).trim()] });
    } else if (line.startsWith("> ")) blocks.push({ kind: "note", text: line.slice(2).trim() });
    else if (/^_{4,}$/.test(line)) {
      if (last?.kind === "blank") last.lines += 1;
      else blocks.push({ kind: "blank", lines: 1 });
    } else if (line.trim() !== "") blocks.push({ kind: "text", text: line.trim() });
    listEnded = !line.startsWith("- ");
  }
  closeTable();
  return blocks;
}

/** The cells of a row between bars; a bar or backslash within one has a backslash before it. */
export function cellsOf(line: string): string[] | null {
  const found = /^\s*\|(?<inner>.*)$/.exec(line);
  if (!found) return null;
  const cells = [""];
  const letters = [...(found.groups?.inner ?? "")];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? "";
    if (letter === "|") cells.push("");
    else if (letter === "\\") {
      at += 1;
      cells[cells.length - 1] += letters[at] ?? "";
    } else cells[cells.length - 1] += letter;
  }
  if (cells.length > 1 && cells.at(-1)?.trim() === "") cells.pop();
  return cells.map((cell) => cell.trim());
}
