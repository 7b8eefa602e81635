// The opt-out link in a mail, as people, mail programs and scanners use it.
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, test } from "vitest";
import { signOptOut } from "../../src/core/opt-out-token.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead } from "../../src/store/enrollment.ts";
import { deleteLead } from "../../src/store/lead.ts";
import { latestMessages } from "../../src/store/message.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const KIM = "kim@bakery.example";

const database = await databaseForTests();
let team: Outreach;
let app: FastifyInstance;
let link: string;

beforeEach(async () => {
  team = await Outreach.begin(database.db, new Date("2026-03-04T09:00:00Z"));
  await team.addMailbox("anna@team.example");
  await team.addLead(KIM);
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]"));
  await team.tick();
  const message = only(await latestMessages(database.db, team.workspaceId, 1));
  const { workspaceId, id, campaignId } = { ...message, workspaceId: team.workspaceId };
  link = `/u/${signOptOut(team.agent.keys.optOut, { workspaceId, messageId: id, campaignId })}`;
  app = await buildWebServer(team.agent, team.workspaceId);
  return () => app.close();
});

const suppressed = () => suppressionFor(database.db, team.workspaceId, KIM, null);

describe("the opt-out link", () => {
  test("asks, and changes nothing, when it is followed", async () => {
    const page = await app.inject({ method: "GET", url: link });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<form method="post">');
    expect(await suppressed()).toBeNull();
    expect((await app.inject({ method: "HEAD", url: link })).statusCode).toBe(200);
    expect(await suppressed()).toBeNull();
  });

  test.each([
    ["a mail program's button", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"],
    [
      "a multipart body",
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])("ends everything at once with %s, however often", async (_name, type, payload) => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await app.inject({ method: "POST", url: link, headers: { "content-type": type, host: "mail.team.example" }, payload });
      expect(answer.statusCode).toBe(200);
    }
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
    const { rows } = await database.db.query<{ state: string }>("select state from enrollment where workspace_id = $1", [team.workspaceId]);
    expect(rows).toEqual([{ state: "unsubscribed" }]);
  });

  test("works after the lead was deleted", async () => {
    const { rows } = await database.db.query<{ id: never }>("select id from lead where workspace_id = $1", [team.workspaceId]);
    await database.db.transaction((tx) => deleteLead(tx, team.workspaceId, only(rows).id));
    expect(await enrollmentsOfLead(database.db, team.workspaceId, only(rows).id)).toEqual([]);
    expect((await app.inject({ method: "POST", url: link })).statusCode).toBe(200);
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
  });

  test("is unknown when it was tampered with", async () => {
    const last = link.at(-1) === "A" ? "B" : "A";
    for (const method of ["GET", "POST"] as const) {
      const answer = await app.inject({ method, url: link.slice(0, -1) + last });
      expect(answer.statusCode).toBe(404);
    }
    expect(await suppressed()).toBeNull();
  });
});

describe("the live page", () => {
  test("escapes what strangers wrote", async () => {
    await team.agent.db.query("update message set subject = $2 where workspace_id = $1", [team.workspaceId, "<script>alert(1)</script>"]);
    const page = await app.inject({ method: "GET", url: "/" });
    expect(page.body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page.body).not.toContain("<script>");
  });

  test("is not served under a foreign name", async () => {
    expect((await app.inject({ method: "GET", url: "/", headers: { host: "rebound.example" } })).statusCode).toBe(421);
  });

  test("stands beside health that anybody may ask", async () => {
    expect((await app.inject({ method: "GET", url: "/readyz", headers: { host: "balancer.example" } })).json()).toEqual({ status: "ok" });
  });
});
