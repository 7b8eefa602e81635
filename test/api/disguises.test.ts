// A request in disguise: a path or a header that is written in an unusual way gets no further than the usual one.
import { afterAll, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { apiForTests } from "./api-under-test.ts";

const api = await apiForTests();

test("a page of another site signs nobody in, however it writes the path", async () => {
  const form = "email=eve%40elsewhere.example&password=a+horse+on+a+battery";
  for (const url of ["/api/v1/account/session", "/api/v1/%61ccount/session", "/%61pi/v1/account/session"]) {
    const answer = await api.app.inject({
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site" },
      payload: form,
      remoteAddress: api.clientIp(),
    });
    expect([url, answer.statusCode]).toEqual([url, 403]);
  }
});

/** Behind a proxy at 10.0.0.1 that ends https. */
const published = settingsSchema.parse({ http: { public_url: "https://outreach.example", trusted_proxies: "10.0.0.1" } });
const app = await buildWebServer({ ...api.agent, settings: published }, api.workspaceId, { now: () => api.realNow });
afterAll(() => app.close());

test("the metrics are for the machine itself, not for who asks under the public name", async () => {
  const asked = async (url: string, host: string) => (await app.inject({ method: "GET", url, headers: { host } })).statusCode;
  expect(await asked("/metrics", "localhost")).toBe(200);
  for (const url of ["/metrics", "/%6detrics", "/metrics?all", "http://localhost/metrics"]) {
    expect([url, await asked(url, "outreach.example")]).toEqual([url, 421]);
  }
});

test("over https a session is taken from the cookie that is bound to this host, not from one that another host may have set", async () => {
  const { cookie } = await api.person("owner");
  const read = async (written: string) => {
    const headers = { host: "outreach.example", "x-forwarded-proto": "https", cookie: written };
    return (await app.inject({ method: "GET", url: "/api/v1/account", headers, remoteAddress: "10.0.0.1" })).statusCode;
  };
  expect(await read(`__Host-${cookie}`)).toBe(200);
  expect(await read(cookie)).toBe(401);
});

test("however a key is written and whatever it asks for, it has one limit", async () => {
  const few = settingsSchema.parse({ http: { requests_per_minute: 3 } });
  const limited = await buildWebServer({ ...api.agent, settings: few }, api.workspaceId, { now: () => api.realNow });
  const made = { workspaceId: api.workspaceId, name: "busy", scopes: PERMISSIONS, expiresAt: null, createdBy: null };
  const { key } = await createApiKey(api.agent.db, new Set(PERMISSIONS), made, api.realNow);
  const ask = async (authorization: string, path: string) =>
    (await limited.inject({ url: `/api/v1${path}`, headers: { authorization } })).statusCode;
  expect(await ask(`Bearer ${key}`, "/workspace")).toBe(200);
  expect(await ask(`bearer ${key}`, "/lists")).toBe(200);
  expect(await ask(`BEARER  ${key}`, "/leads")).toBe(200);
  expect(await ask(`Bearer   ${key}`, "/tags")).toBe(429);
  await limited.close();
});

test("an If-Match that cannot be read is refused, not passed over", async () => {
  const ask = await api.key();
  const change = (ifMatch: string) => ask("PATCH", "/workspace", { postalAddress: "Berlin" }, { "if-match": ifMatch });
  for (const written of ["7", '"7', '"7", "8"', "x".repeat(200)]) expect([written, (await change(written)).status]).toEqual([written, 400]);
  expect((await change('"7"')).status).toBe(412);
  const { headers } = await ask("GET", "/workspace");
  expect((await change(`W/${String(headers["etag"])}`)).status).toBe(200);
  expect((await change("*")).status).toBe(200);
});

test("what somebody may read is kept by no cache, and no sender is waited for without end", async () => {
  const { ask } = await api.person("owner");
  expect((await ask("GET", "/members")).headers["cache-control"]).toBe("no-store");
  expect(api.app.server.requestTimeout).toBeGreaterThan(0);
  expect(api.app.server.timeout).toBeGreaterThan(0);
});
