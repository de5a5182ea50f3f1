// Writes src/api/schema.ts from the server's description of its API: `npm run types [-- openapi.json]`. Only the shapes: the pages name paths themselves.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const [, , source = new URL("../../target/openapi.json", import.meta.url)] = process.argv;
const description = JSON.parse(readFileSync(source, "utf8"));
const ast = await openapiTS({ ...description, paths: {} });
const head = "// Written by `npm run types` from the server's openapi.json.\n";
writeFileSync(new URL("../src/api/schema.ts", import.meta.url), head + astToString(ast));
