import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";

import { type ApiProblem, asProblem, half, problemOf, problemWords } from "../src/api/problem";
import { zh } from "../src/i18n/zh";

beforeAll(() => i18next.init({ lng: "zh", resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

const words = (problem: ApiProblem) => problemWords(problem, "zh", i18next.t as never, (key) => i18next.exists(key));
const document = (status: number, code: string, detail: string) => problemOf(status, { status, code, detail, instance: "01k" }, null);

test("a known code has words of its own, and the server's reason", () => {
  const found = words(document(429, "locked", "该账号已锁定,请在 15 分钟后再试 / locked, try again in 15 min"));
  expect(found).toEqual({ what: zh.problem.locked.what, reason: "该账号已锁定,请在 15 分钟后再试", next: zh.problem.locked.next });
});

test("an unknown refusal still says the server's reason", () => {
  expect(words(document(418, "teapot", "只有茶"))).toEqual({ what: zh.problem.refused.what, reason: "只有茶", next: zh.problem.refused.next });
});

test("a fault of the server keeps its inside to itself", () => {
  expect(words(document(500, "internal", "SELECT"))).toMatchObject({ what: zh.problem.internal.what, reason: "" });
});

test("Retry-After becomes minutes where the words have room for them", () => {
  expect(words(problemOf(429, null, "90")).next).toContain("2 分钟");
});

test("a body that is not a problem document is one all the same", () => {
  expect(problemOf(502, "<html>", null)).toMatchObject({ status: 502, code: "http_502", instance: "" });
  expect(words(problemOf(502, "<html>", null)).what).toBe(zh.problem.http_502.what);
});

test("a network that is not there is said so", () => {
  expect(words(asProblem(new TypeError("Failed to fetch")))).toMatchObject({ what: zh.problem.unreachable.what, reason: "" });
  expect(asProblem(Object.assign(new Error(), { name: "TimeoutError" })).code).toBe("timeout");
});

test("two languages in one detail", () => {
  expect(half("请先登录 / sign in first", "en")).toBe("sign in first");
  expect(half("either/or", "en")).toBe("either/or");
});
