// Disasters that take long and want the machine to themselves: `npm run test:crash`, in CI `npm run test:crash:short`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/crash/**/*.test.ts"],
    globalSetup: ["test/support/postgres-cluster.ts"],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
