import { defineConfig } from "vitest/config";

// Reads what `vite build` left in dist/, so it runs after it.
export default defineConfig({ test: { include: ["test/**/*.size.ts"], environment: "node" } });
