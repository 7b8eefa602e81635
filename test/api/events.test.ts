// The live state over server-sent events, on a real socket: who sees what, what comes again, and when a stream ends.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { ensureSchedule } from "../../src/automations/tick.ts";
import { HOUR } from "../../src/core/instant.ts";
import { PERMISSIONS, type Permission } from "../../src/core/permissions.ts";
import { deleteMember } from "../../src/store/member.ts";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";

let api: ApiUnderTest;
let ask: Ask;
let url: string;
beforeAll(async () => {
  api = await ApiUnderTest.begin();
  await ensureSchedule(api.agent);
  ask = await api.key();
  url = await api.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => api.end());

interface Event {
  readonly event: string;
  readonly id: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

interface Stream {
  readonly status: number;
  /** The next event of that section, skipping others; undefined when the stream has ended. */
  next(section: string): Promise<Event | undefined>;
  /** All that are still to come, once the stream has ended. */
  rest(): Promise<Event[]>;
  leave(): void;
}

async function listen(headers: Record<string, string>, query = ""): Promise<Stream> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/v1/events${query}`, { headers, signal: leaving.signal });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  const event = async (): Promise<Event | undefined> => {
    for (;;) {
      const end = held.indexOf("\n\n");
      const text = held.slice(0, Math.max(0, end));
      if (end >= 0) held = held.slice(end + 2);
      const field = (name: string) =>
        text
          .split("\n")
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const [name, data] = [field("event"), field("data")];
      if (name !== undefined && data !== undefined) return { event: name, id: field("id"), data: JSON.parse(data) };
      if (end >= 0) continue;
      const { value, done } = await reader.read();
      if (done) return undefined;
      held += value;
    }
  };
  return {
    status: response.status,
    next: async (section) => {
      for (let one = await event(); one; one = await event()) if (one.event === section) return one;
      return undefined;
    },
    rest: async () => {
      const all: Event[] = [];
      for (let one = await event(); one; one = await event()) all.push(one);
      return all;
    },
    leave: () => leaving.abort(),
  };
}

async function keyWith(
  scopes: readonly Permission[],
  expiresAt: Date | null = null,
  workspaceId = api.workspaceId,
): Promise<{ id: string; headers: Record<string, string> }> {
  const made = { workspaceId, name: "listener", scopes, expiresAt, createdBy: null };
  const { id, key } = await createApiKey(api.agent.db, new Set(PERMISSIONS), made, api.realNow);
  return { id, headers: { authorization: `Bearer ${key}` } };
}

const mailbox = (email: string) => ({
  email,
  provider: "custom",
  smtp: { host: "127.0.0.1", port: 1, security: "none" },
  skipTest: true,
  password: null,
});

test("tells everything first, then what changes, to each what it may read", async () => {
  const all = await listen((await keyWith(PERMISSIONS)).headers);
  const some = await listen((await keyWith(["workspace:read", "automations:read"])).headers);
  expect((await all.next("mailboxes"))?.data).toEqual([]);
  expect((await some.next("automations"))?.data).toContainEqual(expect.objectContaining({ automation: "keep-house", paused: false }));
  expect(await ask("POST", "/mailboxes", mailbox("anna@team.example"))).toMatchObject({ status: 201 });
  expect((await all.next("mailboxes"))?.data).toMatchObject([{ email: "anna@team.example", state: "active" }]);
  await ask("PATCH", "/automations/keep-house", { paused: true });
  const told = await some.next("automations");
  expect(told?.data).toContainEqual(expect.objectContaining({ automation: "keep-house", paused: true }));
  all.leave();
  some.leave();
});

test("who comes back is told only what is different by then", async () => {
  const { headers } = await keyWith(PERMISSIONS);
  const first = await (await listen(headers, "?follow=false")).rest();
  expect(first.map(({ event }) => event)).toEqual(["campaigns", "mailboxes", "messages", "inbound", "automations"]);
  const id = first.at(-1)?.id ?? "";
  await ask("PATCH", "/automations/keep-house", { paused: false });
  const again = await listen({ ...headers, "last-event-id": id });
  const told = await again.next("automations");
  expect(told?.data).toContainEqual(expect.objectContaining({ automation: "keep-house", paused: false }));
  await ask("POST", "/mailboxes", mailbox("ben@team.example"));
  // the first event about mailboxes is the one about the new one
  expect((await again.next("mailboxes"))?.data).toHaveLength(2);
  again.leave();
});

test("ends when the key is revoked or expires, the session ends, the member is removed or loses a right", { timeout: 60_000 }, async () => {
  const revoked = await keyWith(PERMISSIONS);
  const [left, demoted, out] = [await api.person("member"), await api.person("admin"), await api.person("member")];
  const streams = await Promise.all([listen(revoked.headers), ...[left, demoted, out].map(({ cookie }) => listen({ cookie }))]);
  const others = await listen((await keyWith(PERMISSIONS)).headers);
  await Promise.all(streams.map((stream) => stream.next("automations")));
  await ask("DELETE", `/api-keys/${revoked.id}`);
  await api.agent.db.transaction((tx) => deleteMember(tx, api.workspaceId, left.userId as never));
  await api.agent.db.query("update member set role = 'viewer' where user_id = $1", [demoted.userId]);
  await api.agent.db.query("delete from user_session where user_id = $1", [out.userId]);
  await Promise.all(streams.map((stream) => stream.rest()));
  await ask("PATCH", "/automations/keep-house", { paused: true });
  expect(await others.next("automations")).toBeDefined();
  const expiring = await listen((await keyWith(PERMISSIONS, new Date(api.realNow.getTime() + HOUR))).headers);
  await expiring.next("automations");
  api.pass(HOUR + 1);
  await expiring.rest();
  others.leave();
});

test("takes so many at once and no more", async () => {
  // of a team to which nobody else listens
  const { headers } = await keyWith(PERMISSIONS, null, await api.otherWorkspace());
  const streams = await Promise.all(Array.from({ length: 33 }, () => listen(headers)));
  expect(streams.map(({ status }) => status).filter((status) => status === 503)).toHaveLength(1);
  for (const stream of streams) stream.leave();
});
