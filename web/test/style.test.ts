import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" });
const read = (name: string) => readFileSync(join(SRC, name), "utf8");

/** Sides of the page that turn round in a right-to-left language must be said as start and end. */
const PHYSICAL = /(^|[\s;{-])(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)\b|(^|[\s;{])(left|right)\s*:|(text-align|float|clear)\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius/m;

describe("styles", () => {
  test.each(files.filter((name) => name.endsWith(".css") && !name.endsWith("theme.css")))("%s names logical sides only", (name) => {
    expect(read(name)).not.toMatch(PHYSICAL);
  });
  test.each(files.filter((name) => name.endsWith(".css")))("%s loads nothing from outside", (name) => {
    expect(read(name)).not.toMatch(/url\(\s*["']?(https?:)?\/\/|@font-face/);
  });
  test.each(files.filter((name) => name.endsWith(".tsx")))("%s has no physical side in a style", (name) => {
    expect(read(name)).not.toMatch(/\b(marginLeft|marginRight|paddingLeft|paddingRight|borderLeft|borderRight)\b|textAlign: "(left|right)"|\{\{ (left|right):/);
  });
  test("colours are named in one place", () => {
    // Over pictures the ground is black whatever the scheme: those files may say white and black themselves.
    const overPictures = /player|watch|live|Notice|Poster|tokens|theme/i;
    const others = files.filter((name) => name.endsWith(".module.css") && !overPictures.test(name));
    const own = others.flatMap((name) => [...read(name).matchAll(/#[0-9a-f]{6}\b/gi)].map(([colour]) => `${name} ${colour}`));
    expect(own).toEqual([]);
  });
});
