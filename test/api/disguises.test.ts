// A request in disguise: a path or a header that is written in an unusual way gets no further than the usual one.
import { afterAll, expect, test } from "vitest";
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
