import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/{scenarios,regressions,invariants,api}/**/*.test.ts"],
    globalSetup: ["test/support/postgres-cluster.ts"],
    setupFiles: ["test/support/property-seed.ts"],
    // For what hangs: what is slow says so by the processor time it takes, whatever else the machine does.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Two processes that load the product once, instead of one for each file: nothing of ours outlives a test in a module.
    isolate: false,
    maxWorkers: 2,
  },
});
