import { defineConfig } from "vitest/config";

// One browser at a time: the machine that runs these also decodes the video.
export default defineConfig({
  test: { include: ["e2e/*.e2e.ts"], environment: "node", testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false },
});
