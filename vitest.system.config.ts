// The product against Postfix and Dovecot, which must be installed: `npm run test:system`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    globalSetup: ["test/support/postgres-cluster.ts", "test/system/mail-lab.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
