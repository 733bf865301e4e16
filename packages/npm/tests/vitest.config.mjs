import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["vitest/*.test.mjs"],
    globalSetup: ["keyfront/vitest/global-setup"],
    setupFiles: ["keyfront/vitest/setup"],
    // Without it Vitest decides, and its settings do not tell how.
    maxWorkers: process.env.WORKERS ? Number(process.env.WORKERS) : undefined,
    pool: process.env.POOL,
    testTimeout: 60_000,
  },
});
