// The OpenAPI document tells the truth about the operations.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPERATIONS } from "../../src/http/api/operations.ts";
import { apiForTests } from "./api-under-test.ts";

const api = await apiForTests();

test("every operation stands in the document once, with what it gives and how it refuses", async () => {
  const document = (await api.app.inject("/api/v1/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  const described = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  expect(new Set(described).size).toBe(described.length);
  expect(OPERATIONS.map(({ id }) => id).filter((id) => !described.includes(id))).toEqual([]);
  const problem = document.paths["/api/v1/workspace"].get.responses["4XX"].content["application/problem+json"].schema;
  expect(problem).toEqual({ $ref: "#/components/schemas/Problem" });
});

test("the generated client was made from this document (npm run references, npm run client)", () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const fingerprint = createHash("sha256").update(read("docs/reference/openapi.json")).digest("hex");
  expect(read("src/client/api-types.ts").slice(0, 200)).toContain(fingerprint);
});

test("the readable page needs nothing from elsewhere, and works on plain http, too", async () => {
  const page = await api.app.inject("/api/docs/");
  const policy = String(page.headers["content-security-policy"]);
  expect(page.statusCode).toBe(200);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|upgrade-insecure-requests/);
  expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});
