import { cpSync, createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const HOME = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const { version } = JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as { version: string };
const FOLDERS = ["cmaps", "standard_fonts"];

/** Where the reader of PDF finds its tables of characters and fonts; below assets/, which browsers keep, so the version is in the name. */
export const PDF_RESOURCES = `assets/pdf-${version}`;

/** Puts them beside the pages: nothing comes from outside. */
export function pdfResources(): Plugin {
  let out = "dist";
  return {
    name: "pdf-resources",
    configResolved: ({ build, root }) => {
      out = join(root, build.outDir);
    },
    closeBundle: () => {
      for (const folder of FOLDERS) cpSync(join(HOME, folder), join(out, PDF_RESOURCES, folder), { recursive: true });
    },
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${PDF_RESOURCES}`, (request, response, next) => {
        const [folder = "", name = ""] = (request.url ?? "").split("?")[0]?.slice(1).split("/") ?? [];
        const known = FOLDERS.includes(folder) && existsSync(join(HOME, folder)) && readdirSync(join(HOME, folder)).includes(name);
        if (known) createReadStream(join(HOME, folder, name)).pipe(response);
        else next();
      });
    },
  };
}
