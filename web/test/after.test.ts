import { describe, expect, test } from "vitest";

import { blocksOf, cellsOf } from "../src/pages/meetings/after/markup";
import { fieldsOf } from "../src/pages/meetings/after/strip";

describe("the minutes' text", () => {
  test("is read as the server reads it", () => {
    const text = "# 纪要\n> 注\n## 一、出席\n| 会场 | 人数 |\n| --- | --- |\n| 甲\\|县 | 3 |\n\n- 一\n- 二\n\n- 三\n正文\n____\n____\n# 又一";
    expect(blocksOf(text)).toEqual([
      { kind: "title", text: "纪要" },
      { kind: "note", text: "注" },
      { kind: "heading", text: "一、出席" },
      { kind: "table", head: ["会场", "人数"], rows: [["甲|县", "3"]] },
      { kind: "list", items: ["一", "二"] },
      { kind: "list", items: ["三"] },
      { kind: "text", text: "正文" },
      { kind: "blank", lines: 2 },
      { kind: "text", text: "# 又一" },
    ]);
  });

  test("may be anything", () => {
    for (const wild of ["", "|", "||", "|\\", "#", "##", "- ", "_".repeat(9_999), "\u0000", "| a", "\n\n\n"]) expect(Array.isArray(blocksOf(wild))).toBe(true);
    expect(cellsOf("a | b")).toBeNull();
    expect(cellsOf("| a | | b |")).toEqual(["a", "", "b"]);
  });
});

describe("a strip of quality", () => {
  const minute = (at: number, grade: "good" | "fair" | "poor") => ({ at: at * 60_000, grade });

  test("has a field per minute, and none where the venue was not in", () => {
    const fields = fieldsOf([minute(1, "good"), minute(2, "poor")], 0, 4 * 60_000);
    expect(fields.map(({ grade }) => grade)).toEqual(["none", "good", "poor", "none"]);
  });

  test("shows the worst of several minutes where the meeting was long", () => {
    const all = Array.from({ length: 400 }, (_, at) => minute(at, at === 7 ? "poor" : "good"));
    const fields = fieldsOf(all, 0, 400 * 60_000);
    expect(fields.length).toBeLessThanOrEqual(180);
    expect(fields[2]).toMatchObject({ grade: "poor", worst: { at: 7 * 60_000 } });
    expect(fields.filter(({ grade }) => grade === "poor")).toHaveLength(1);
  });
});
