// The layers of ARCHITECTURE.md: core ← store · mail · ai · archive ← access · automations ← http · app. Each imports only what stands left of it.
const layer = (name, mayNot) => ({
  name: `${name}-imports-only-what-stands-left-of-it`,
  severity: "error",
  from: { path: `^src/${name}/`, pathNot: "\\.test\\.ts$" },
  to: { path: `^src/(${mayNot.join("|")})/` },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    layer("core", ["access", "archive", "store", "mail", "ai", "automations", "http", "app", "sandbox"]),
    layer("store", ["access", "archive", "mail", "ai", "automations", "http", "app", "sandbox"]),
    layer("mail", ["access", "archive", "store", "ai", "automations", "http", "app", "sandbox"]),
    layer("ai", ["access", "archive", "store", "mail", "automations", "http", "app", "sandbox"]),
    layer("archive", ["access", "store", "mail", "ai", "automations", "http", "app", "sandbox"]),
    layer("access", ["archive", "mail", "ai", "automations", "http", "app", "sandbox"]),
    layer("automations", ["access", "http", "app", "sandbox"]),
    layer("client", ["access", "archive", "store", "mail", "ai", "automations", "http", "app", "sandbox"]),
    layer("http", ["app", "sandbox"]),
    {
      name: "core-is-pure",
      comment: "No I/O, no clock, no randomness; only small pure packages.",
      severity: "error",
      from: { path: "^src/core/", pathNot: "\\.test\\.ts$" },
      to: {
        dependencyTypes: ["core", "npm"],
        pathNot: "^(node:)?(crypto|url|buffer)$|node_modules/(diff|luxon|liquidjs|tldts|zod|html-to-text|@types)/",
      },
    },
    {
      name: "the-sandbox-speaks-only-smtp-and-imap",
      comment: "The product cannot tell it from the real thing; so it must not reach into the product.",
      severity: "error",
      from: { path: "^src/sandbox/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(store|mail|ai|access|automations|http|client|app)/" },
    },
    {
      name: "tests-stay-out-of-the-product",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "^test/|\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["import", "node", "default", "types"], exportsFields: ["exports"] },
  },
};
