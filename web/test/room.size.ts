import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const DIST = join(import.meta.dirname, "../dist");

interface Chunk {
  file: string;
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

function closure(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const next of chunk.imports ?? []) closure(next, found);
  return found;
}

const code = (file: string) => readFileSync(join(DIST, file), "utf8");
/** Only the client says this. */
const CLIENT = "signal connecting to";

test("the meeting client comes with a room, not with the first load nor with the list of rooms", () => {
  for (const name of ["index.html", "src/pages/room/Rooms.tsx"]) expect([...closure(name)].filter((file) => code(file).includes(CLIENT)), name).toEqual([]);
  const room = [...closure("src/pages/room/RoomPage.tsx")].filter((file) => code(file).includes(CLIENT));
  expect(room).toHaveLength(1);
  const kB = room.reduce((sum, file) => sum + gzipSync(code(file), { level: 9 }).length / 1000, 0);
  process.stdout.write(`room: ${kB.toFixed(1)} kB with its client\n`);
  expect(kB).toBeLessThan(220);
});
