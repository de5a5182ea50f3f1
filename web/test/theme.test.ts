import { convertCssVariables, defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme } from "@mantine/core";
import { expect, test } from "vitest";

import { theme } from "../src/ui/theme";

// Mantine would write its variables into a <style> element at run time, which the content security policy refuses. So they are a file, and
// this keeps the file as the theme says: `npx vitest run -u test/theme.test.ts` writes it again.
test("theme.css holds the variables of the theme", async () => {
  const resolved = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const css = convertCssVariables(resolved, ":root");
  const unused = /--mantine-color-(pink|grape|violet|indigo|cyan|teal|lime|orange|yellow|green)-/;
  const lines = css
    .replace(/([{;])/g, "$1\n")
    .replace(/}/g, "\n}\n")
    .split("\n")
    .filter((line) => !unused.test(line))
    .join("\n");
  await expect(`/* Written by test/theme.test.ts from theme.ts. */\n${lines}`).toMatchFileSnapshot("../src/ui/theme.css");
});
