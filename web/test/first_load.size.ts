import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const DIST = join(import.meta.dirname, "../dist");

/** What the first visit to the front page may load, compressed as an old proxy would. */
const MOST_KB = 300;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** The files of a chunk and of everything it imports at once. */
function closure(manifest: Record<string, Chunk>, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file);
  for (const next of chunk.imports ?? []) closure(manifest, next, found);
  return found;
}

const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

test(`the front page loads at most ${MOST_KB} kB compressed`, () => {
  // English is the heavier visit: its words come on top of the Chinese ones.
  const files = [...closure(manifest, "index.html"), ...closure(manifest, "src/i18n/en/index.ts"), "index.html", "icon.svg"];
  const sizes = [...new Set(files)].map((file) => ({ file, kB: gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1000 }));
  const total = sizes.reduce((sum, { kB }) => sum + kB, 0);
  process.stdout.write(`front page: ${total.toFixed(1)} kB of ${MOST_KB} kB\n${sizes.map(({ file, kB }) => `  ${kB.toFixed(1)} ${file}`).join("\n")}\n`);
  expect(total).toBeLessThan(MOST_KB);
});

test("the player and the stand-in server are not in the first load", () => {
  const first = [...closure(manifest, "index.html")].filter((file) => file.endsWith(".js")).map((file) => readFileSync(join(DIST, file), "utf8"));
  expect(first.some((code) => code.includes("EXT-X-DISCONTINUITY"))).toBe(false);
  const all = Object.values(manifest).filter(({ file }) => file.endsWith(".js"));
  expect(all.some(({ file }) => readFileSync(join(DIST, file), "utf8").includes("yizhan-mock"))).toBe(false);
});
