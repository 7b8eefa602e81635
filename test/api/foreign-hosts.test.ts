// Whoever may add mailboxes must not reach into the network of the server: where private hosts are off, no spelling of one is connected to.

import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";

let api: ApiUnderTest;
let ask: Ask;
let listening: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  api = await ApiUnderTest.begin();
  Object.assign(api.agent.settings.mailboxes, { allow_private_hosts: false });
  Object.assign(api.agent.settings.sending, { connect_timeout_seconds: 5 });
  ask = await api.key();
  listening = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, "::");
  await once(listening, "listening");
  port = (listening.address() as { port: number }).port;
});
afterAll(async () => {
  listening.close();
  await api.end();
});

const HOSTS = [
  "127.0.0.1",
  "127.1",
  "0x7f.1",
  "0x7f000001",
  "0177.0.0.1",
  "017700000001",
  "2130706433",
  "0",
  "0.0.0.0",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "::1",
  "::",
  "0:0:0:0:0:0:0:1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
  "10.0.0.1",
  "169.254.169.254",
  "fe80::1%lo",
  "１２７.０.０.１",
];

test.each(HOSTS)("%s", async (host) => {
  const server = { host, port, security: "tls" };
  const open = { provider: "custom", password: "x" };
  const sending = await ask("POST", "/mailboxes", { email: "a@team.example", ...open, smtp: server });
  // whether it is refused as written or as unreachable, nothing is connected to
  expect([400, 422]).toContain(sending.status);
  const elsewhere = { host: "no-such-host.invalid", port: 465, security: "tls" };
  const reading = await ask("POST", "/mailboxes", { email: "a@team.example", ...open, smtp: elsewhere, imap: server });
  expect([400, 422]).toContain(reading.status);
  expect(connections).toBe(0);
  expect(JSON.stringify([sending.body, reading.body])).not.toContain("ECONNREFUSED");
});

test("a test connection to an allowed private host does arrive, so the list above means something", async () => {
  Object.assign(api.agent.settings.mailboxes, { allow_private_hosts: true });
  const answer = await ask("POST", "/mailboxes", {
    email: "a@team.example",
    provider: "custom",
    password: "x",
    smtp: { host: "127.1", port, security: "tls" },
  });
  expect(answer.status).toBe(422);
  expect(connections).toBeGreaterThan(0);
});
