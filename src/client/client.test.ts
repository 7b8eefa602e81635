// The typed client on a server that is not always at its best.
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { given, remoteApi, upTo } from "./client.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(...answers: readonly RequestListener[]): Promise<{ url: string; keys: unknown[] }> {
  const keys: unknown[] = [];
  let asked = 0;
  server = createServer((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    request.resume();
    answers[asked]?.(request, response);
    asked += 1;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

const breaks: RequestListener = (request) => request.socket.destroy();
const slowDown: RequestListener = (_request, response) => response.writeHead(429, { "retry-after": "1" }).end();
const json =
  (status: number, body: object): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

test("a write is tried again after a broken connection and after 429, under one key", async () => {
  const { url, keys } = await serve(breaks, slowDown, json(202, { mailboxes: 2 }));
  const api = remoteApi({ server: `${url}/`, key: "mak_x" });
  expect(await given(api.POST("/api/v1/messages/send-due", { body: {} }))).toEqual({ mailboxes: 2 });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test("a refusal keeps the server's code and sentence; an answer without one is told as it is", async () => {
  const refusal = { code: "campaign_state", detail: "It is archived.", facts: { state: "archived" } };
  const { url } = await serve(json(409, refusal), json(502, { error: "gateway" }));
  const api = remoteApi({ server: url, key: "mak_x" });
  await expect(given(api.GET("/api/v1/status"))).rejects.toMatchObject({
    code: "campaign_state",
    message: "It is archived.",
    detail: { state: "archived" },
  });
  await expect(given(api.GET("/api/v1/status"))).rejects.toMatchObject({ code: "internal", message: "The server answered 502." });
});

test("what answers in the place of our server is told from it, and nobody is followed to another address", async () => {
  const says = (status: number, headers: Record<string, string>): RequestListener => {
    return (_request, response) => response.writeHead(status, headers).end("<p>Hello");
  };
  const html = { "content-type": "text/html" };
  const { url, keys } = await serve(
    says(200, html),
    says(502, html),
    says(301, { location: "https://agent.team.example/api/v1/invitations" }),
    json(200, {}),
  );
  const api = remoteApi({ server: url, key: "mak_x" });
  for (const told of [/\(200\) is not Marketing Agent/, /\(502\) is not Marketing Agent/]) {
    await expect(given(api.GET("/api/v1/status"))).rejects.toMatchObject({
      code: "server_unreachable",
      message: expect.stringMatching(told),
    });
  }
  const invite = api.POST("/api/v1/invitations", { body: { email: "ben@team.example", role: "viewer" } });
  await expect(given(invite)).rejects.toMatchObject({ code: "server_unreachable", message: expect.stringContaining("agent.team.example") });
  expect(keys).toHaveLength(3);
});

test("a server that breaks every connection does not answer", async () => {
  const { url } = await serve(breaks, breaks);
  await expect(given(remoteApi({ server: url, key: "mak_x" }).GET("/api/v1/status"))).rejects.toMatchObject({ code: "server_unreachable" });
});

test("pages are asked for until there are enough, or no more", async () => {
  const numbers = Array.from({ length: 7 }, (_, index) => index);
  const page = ({ limit, cursor = "0" }: { limit: number; cursor?: string }) => {
    const end = Number(cursor) + Math.min(limit, 3);
    return Promise.resolve({ items: numbers.slice(Number(cursor), end), nextCursor: end < numbers.length ? String(end) : null });
  };
  expect(await upTo(100, page)).toEqual(numbers);
  expect(await upTo(4, page)).toEqual([0, 1, 2, 3]);
});
