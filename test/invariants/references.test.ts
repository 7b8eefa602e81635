// The references under docs/reference say what the product does.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REFERENCES, referenceUrl } from "../../scripts/references.ts";

test.each(Object.entries(REFERENCES))("%s is up to date (npm run references)", async (name, write) => {
  expect(readFileSync(referenceUrl(name), "utf8")).toBe(await write());
});
