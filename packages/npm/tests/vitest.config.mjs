import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["vitest/*.test.mjs"],
    globalSetup: ["keyfront/vitest/global-setup"],
    setupFiles: ["keyfront/vitest/setup"],
    maxWorkers: 2,
    pool: process.env.POOL,
    testTimeout: 60_000,
  },
});
