import { expect, test } from "vitest";

import { preferred } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";
import { rate, size } from "../src/ui/words";

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`)));
}

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test("both languages have the same keys, with the same places for values", () => {
  const chinese = new Map(leaves(zh));
  const english = new Map(leaves(en));
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  // A date may leave out what the other language says; nothing may ask for what is not given.
  for (const [key, text] of english) expect(holes(chinese.get(key) ?? ""), key).toEqual(holes(text));
});

test("no words are missing", () => {
  for (const [key, text] of [...leaves(zh), ...leaves(en)]) expect(text, key).not.toBe("");
});

test("Chinese first, unless the reader or the browser says otherwise", () => {
  expect(preferred(null, ["fr-FR"])).toBe("zh");
  expect(preferred(null, ["en-GB", "zh-CN"])).toBe("en");
  expect(preferred("zh", ["en-GB"])).toBe("zh");
  expect(preferred("klingon", ["zh-CN"])).toBe("zh");
});

test("sizes and rates", () => {
  expect(size(0)).toBe("0 B");
  expect(size(1536)).toBe("1.5 KB");
  expect(size(900_000_000_000)).toBe("838 GB");
  expect(rate(7_840_000)).toBe("7.8 Mb/s");
  expect(rate(48_000)).toBe("48 kb/s");
});
