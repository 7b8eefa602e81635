// The live page as a browser has it: one document, then a stream of what changes, for a bounded number of people, until the agent stops.
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, test } from "vitest";
import { databaseForTests } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import { after, HOUR } from "../core/instant.ts";
import { buildWebServer } from "./server.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";

const database = await databaseForTests();
let team: Outreach;
let app: FastifyInstance;
let url: string;

beforeEach(async () => {
  team = await Outreach.begin(database.db, START);
  await team.addMailbox("anna@team.example");
  await team.addLead(KIM);
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 hours" }, "mailboxes: [anna@team.example]"));
  app = await buildWebServer(team.agent, team.workspaceId);
  await app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return () => app.close();
});

const sectionsSchema = (data: string): Record<string, string> => JSON.parse(data);

interface Stream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event that has this section, skipping others; undefined when the stream ended. */
  next(id: string): Promise<string | undefined>;
  leave(): void;
}

async function listen(headers: Record<string, string> = {}): Promise<Stream> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/events`, { headers, signal: leaving.signal });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  const event = async (): Promise<Record<string, string> | undefined> => {
    for (;;) {
      const end = held.indexOf("\n\n");
      if (end >= 0) {
        const text = held.slice(0, end);
        held = held.slice(end + 2);
        if (text.startsWith("data: ")) return sectionsSchema(text.slice(6));
        continue;
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      held += value;
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next: async (id) => {
      for (let sections = await event(); sections; sections = await event()) if (id in sections) return sections[id];
      return undefined;
    },
    leave: () => leaving.abort(),
  };
}

describe("the live page", () => {
  test("says in one document what there is, what comes today, and what needs a person first", async () => {
    await team.tick();
    await team.agent.db.query(
      "update message set state = 'uncertain', reason = 'connection_lost', sent_at = null, transmitting_at = slot_at where workspace_id = $1",
      [team.workspaceId],
    );
    const page = await (await fetch(url)).text();
    expect(page).toContain("1 uncertain.");
    expect(page.indexOf("1 uncertain.")).toBeLessThan(page.indexOf("Repair log"));
    expect(page.replaceAll(/<[^>]+>/g, "")).toContain("Today: 1 sent");
    expect(page).not.toContain('http-equiv="refresh"');
  });

  test("runs exactly its own script, by its hash, and may talk to this server only", async () => {
    const response = await fetch(url);
    const policy = response.headers.get("content-security-policy");
    const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(await response.text()) ?? [];
    expect(policy).toContain(
      `script-src 'sha256-${createHash("sha256")
        .update(script ?? "")
        .digest("base64")}'`,
    );
    expect(policy).toContain("default-src 'none'");
    expect(response.headers.get("refresh")).toBeNull();
  });

  test("follows: a new mail reaches everybody who listens, and a section that did not change is not sent again", async () => {
    const [one, two] = [await listen(), await listen()];
    expect(one.headers.get("content-type")).toBe("text/event-stream");
    expect(await one.next("messages")).toContain("Nothing was sent yet.");
    expect(await two.next("campaigns")).toContain("Repair log");
    await team.tick();
    for (const stream of [one, two]) expect(await stream.next("messages")).toContain(KIM);
    one.leave();
    two.leave();
  });

  test("whoever comes later sees everything at once", async () => {
    const early = await listen();
    await early.next("messages");
    const late = await listen();
    expect(await late.next("replies")).toContain("Nothing came in yet.");
    early.leave();
    late.leave();
  });

  test("escapes what strangers wrote, in the stream too", async () => {
    await team.tick();
    await team.agent.db.query("update message set subject = '<img src=x onerror=alert(1)>' where workspace_id = $1", [team.workspaceId]);
    const stream = await listen();
    const messages = await stream.next("messages");
    expect(messages).toContain("&lt;img");
    expect(messages).not.toContain("<img");
    stream.leave();
  });

  test("the plan of the day goes down as mails go out", async () => {
    const text = async () => (await app.inject({ method: "GET", url: "/" })).body.replaceAll(/<[^>]+>/g, "");
    expect(await text()).toContain("Today: 0 sent, 2 to come · next: “a” to kim@bakery.example");
    await team.runUntil(after(START, 3 * HOUR));
    await app.close();
    // The plan is made anew only now and then: a new server has none.
    app = await buildWebServer(team.agent, team.workspaceId);
    expect(await text()).toContain("Today: 2 sent, 0 to come · nothing is planned");
  });

  test("ends its streams when the agent stops, and does not keep it from stopping", async () => {
    const stream = await listen();
    await stream.next("now");
    await app.close();
    expect(await stream.next("never")).toBeUndefined();
  });

  test("is not for other sites, nor under a foreign name", async () => {
    expect((await listen({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await app.inject({ method: "GET", url: "/events", headers: { host: "rebound.example" } })).statusCode).toBe(421);
  });

  test("is for nobody who comes through a proxy, as long as there is no account; the metrics never are", async () => {
    const { settings } = team.agent;
    const agent = { ...team.agent, settings: { ...settings, http: { ...settings.http, public_url: "https://agent.team.example" } } };
    const behind = await buildWebServer(agent, team.workspaceId);
    const asked = async (url: string, headers: Record<string, string>) => (await behind.inject({ method: "GET", url, headers })).statusCode;
    const named = { host: "agent.team.example" };
    const renamed = { host: "127.0.0.1:7300", "x-forwarded-for": "203.0.113.7" };
    expect([await asked("/", named), await asked("/events", named), await asked("/sign-in", named)]).toEqual([303, 401, 200]);
    expect([await asked("/", renamed), await asked("/metrics", renamed), await asked("/metrics", named)]).toEqual([421, 421, 421]);
    expect([await asked("/", { host: "127.0.0.1:7300" }), await asked("/metrics", { host: "localhost" })]).toEqual([200, 200]);
    await behind.close();
  });

  test("serves a bounded number of people", async () => {
    const streams = await Promise.all(Array.from({ length: 33 }, () => listen()));
    expect(streams.filter(({ status }) => status === 200)).toHaveLength(32);
    expect(streams.filter(({ status }) => status === 503)).toHaveLength(1);
    for (const stream of streams) stream.leave();
  });
});
