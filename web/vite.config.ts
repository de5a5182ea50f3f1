import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { compress } from "./dev/compress.ts";
import { mockPlugin } from "./dev/mock.ts";
import { PDF_RESOURCES, pdfResources } from "./dev/pdf.ts";

// `npm run dev` talks to a server on this machine; `npm run dev:mock` needs none. The mock is a plugin of the development server only.
export default defineConfig(({ mode, command }) => ({
  plugins: [react(), pdfResources(), ...(mode === "mock" && command === "serve" ? [mockPlugin()] : []), compress()],
  define: { __PDF_RESOURCES__: JSON.stringify(PDF_RESOURCES) },
  build: {
    // The last Chromium for Windows 7 (109) is still on many desks.
    target: ["chrome109", "firefox115", "safari16"],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: mode === "mock" ? undefined : { "/api": "http://127.0.0.1:8080", "/media": "http://127.0.0.1:8080", "/rtc": { target: "ws://127.0.0.1:8080", ws: true } },
  },
}));
