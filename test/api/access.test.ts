// Who gets in: every operation of the API is asked by nobody, by the wrong role, by a key without the scope, by an expired key.
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { PERMISSIONS, ROLES, roleMay } from "../../src/core/permissions.ts";
import type { Operation } from "../../src/http/api/operation.ts";
import { OPERATIONS } from "../../src/http/api/operations.ts";
import { apiForTests } from "./api-under-test.ts";

const api = await apiForTests();

const SOME_ID = "01900000-0000-7000-8000-000000000000";
/** A stream that goes on would never answer. */
const pathOf = ({ path, stream }: Operation) => path.replaceAll(/:\w+/g, SOME_ID) + (stream ? "?follow=false" : "");

describe.each(OPERATIONS.map((one) => [one.id, one] as const))("%s", (_id, operation) => {
  test("is refused without a login, and with a key that is none", async () => {
    for (const headers of [{}, { authorization: "Bearer mak_0000000000000000000000" }, { cookie: "session=mas_0000000000000000000000" }]) {
      const answer = await api.anonymous(operation.method, pathOf(operation), operation.method === "GET" ? undefined : {}, headers);
      expect(answer).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
    }
  });

  test.each(ROLES)("as %s goes as far as the role's permissions", async (role) => {
    const { ask } = await api.person(role);
    const { body } = await ask(operation.method, pathOf(operation), operation.method === "GET" ? undefined : {});
    const missing = body?.code === "forbidden" ? body.facts?.permission : undefined;
    expect(missing).toBe(roleMay(role, operation.permission) ? undefined : operation.permission);
  });

  test("is refused to a key that lacks the scope", async () => {
    const ask = await api.key(PERMISSIONS.filter((scope) => scope !== operation.permission));
    const answer = await ask(operation.method, pathOf(operation), operation.method === "GET" ? undefined : {});
    expect(answer).toMatchObject({ status: 403, body: { facts: { permission: operation.permission } } });
  });
});

test("an expired key, a revoked key and a session that was idle too long open nothing", async () => {
  const expiring = await api.key(PERMISSIONS, { expiresAt: new Date(api.realNow.getTime() + HOUR) });
  const owner = await api.person("owner");
  const made = await owner.ask("POST", "/api-keys", { name: "import", scopes: ["leads:read", "workspace:read"] });
  const revoked = (path: string) => api.anonymous("GET", path, undefined, { authorization: `Bearer ${made.body.key}` });
  expect((await expiring("GET", "/workspace")).status).toBe(200);
  expect((await revoked("/workspace")).status).toBe(200);
  expect((await owner.ask("DELETE", `/api-keys/${made.body.id}`)).status).toBe(204);
  expect((await revoked("/workspace")).status).toBe(401);
  api.pass(HOUR + 1);
  expect((await expiring("GET", "/workspace")).status).toBe(401);
  expect((await owner.ask("GET", "/workspace")).status).toBe(200);
  api.pass(14 * DAY + MINUTE);
  expect((await owner.ask("GET", "/workspace")).status).toBe(401);
});

test("a person who names a workspace of others is refused, and so is a page of another site", async () => {
  const { ask } = await api.person("owner");
  const others = await api.otherWorkspace();
  expect(await ask("GET", "/workspace", undefined, { "workspace-id": others })).toMatchObject({ status: 403 });
  const foreign = { origin: "https://evil.example", host: "localhost" };
  expect(await ask("PATCH", "/workspace", { name: "Mine" }, foreign)).toMatchObject({ status: 403 });
  expect(await ask("PATCH", "/workspace", { name: "Team" }, { "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
  expect(await ask("PATCH", "/workspace", { name: "Team" }, { "sec-fetch-site": "same-origin" })).toMatchObject({ status: 200 });
});

test("a write with an Idempotency-Key is done once and answered alike; under the same key nothing else is", async () => {
  const ask = await api.key();
  const headers = { "idempotency-key": "first" };
  const [one, two] = await Promise.all([
    ask("PATCH", "/workspace", { postalAddress: "Berlin" }, headers),
    ask("PATCH", "/workspace", { postalAddress: "Berlin" }, headers),
  ]);
  expect(one.body).toEqual(two.body);
  expect([one, two].filter((answer) => answer.headers["idempotent-replayed"] === "true")).toHaveLength(1);
  expect(await ask("PATCH", "/workspace", { postalAddress: "Rome" }, headers)).toMatchObject({
    status: 422,
    body: { code: "idempotency_conflict" },
  });
  const { body } = await ask("GET", "/audit");
  const entries = body.items.filter((entry: { detail: object }) => JSON.stringify(entry.detail).includes("Berlin"));
  expect(entries).toMatchObject([{ action: "workspace.change", actor: "api_key", actorName: "program" }]);
});

test("a refused write leaves nothing behind, and may be asked again under its key", async () => {
  const ask = await api.key();
  await api.otherWorkspace();
  const headers = { "idempotency-key": "again" };
  expect(await ask("PATCH", "/workspace", { name: "others", postalAddress: "Oslo" }, headers)).toMatchObject({ status: 409 });
  expect((await ask("GET", "/workspace")).body.postalAddress).not.toBe("Oslo");
  expect(await ask("PATCH", "/workspace", { name: "Team" }, headers)).toMatchObject({ status: 200 });
});

test("the audit log pages from the newest to the oldest, and keeps no secret", async () => {
  const { ask } = await api.person("owner");
  for (const name of ["a", "b", "c"]) await ask("POST", "/api-keys", { name, scopes: ["leads:read"] });
  const first = await ask("GET", "/audit?limit=2");
  const second = await ask("GET", `/audit?limit=2&cursor=${first.body.nextCursor}`);
  const names = [...first.body.items, ...second.body.items].map((entry) => entry.detail.name).slice(0, 3);
  expect(new Set(names)).toEqual(new Set(["a", "b", "c"]));
  expect(JSON.stringify(first.body)).not.toContain("mak_");
  expect(await ask("GET", "/audit?cursor=nonsense")).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});
