// Who must not be written to: what a person adds ends what runs, and what somebody asked for is only taken back with evidence.
import { expect, test } from "vitest";
import type { CampaignId, WorkspaceId } from "../../src/core/ids.ts";
import type { SuppressionReason } from "../../src/core/words.ts";
import { only } from "../../src/store/database.ts";
import { markReachability } from "../../src/store/lead.ts";
import { suppress } from "../../src/store/suppression.ts";
import { Outreach } from "../support/outreach.ts";
import { type Answer, apiForTests } from "./api-under-test.ts";

const api = await apiForTests();
const ask = await api.key();

async function suppressed(workspaceId: WorkspaceId, key: string, reason: SuppressionReason, campaignId: CampaignId | null = null) {
  const kind = key.includes("@") ? "address" : "domain";
  await api.agent.db.transaction((tx) => suppress(tx, { workspaceId, kind, key, campaignId, reason, evidence: {} }, api.realNow));
}

const keys = (answer: Answer) => answer.body.items.map((one: { key: string }) => one.key);

test("an address is suppressed once, in any spelling; the first reason and its words are kept", async () => {
  const { ask: of } = await api.team();
  const lead = (await of("POST", "/leads", { email: "Kim@Bakery.example" })).body.id;
  const made = await of("POST", "/suppressions", { target: " KIM@bakery.example ", note: "asked by phone" });
  expect(made).toMatchObject({
    status: 201,
    body: {
      added: true,
      stopped: 0,
      suppression: { kind: "address", key: "kim@bakery.example", campaignId: null, reason: "person", evidence: { note: "asked by phone" } },
    },
  });
  const again = await of("POST", "/suppressions", { target: "kim@bakery.example", note: "again" });
  expect(again.body).toMatchObject({ added: false, suppression: made.body.suppression });
  expect((await of("GET", `/leads/${lead}`)).body.suppression).toMatchObject({ id: made.body.suppression.id, reason: "person" });
});

test("a domain ends what runs for everybody there, and cancels their mail that waits", async () => {
  const outreach = await Outreach.begin(api.agent.db, api.agent.clock.now());
  const of = await api.key(undefined, { workspaceId: outreach.workspaceId });
  const mailbox = await outreach.addMailbox("anna@team.example");
  await outreach.addLead("kim@bakery.example");
  await outreach.addLead("ann@bakery.example");
  await outreach.addLead("bob@cafe.example");
  await outreach.start(await outreach.addCampaign("Repair log", { a: "0 minutes" }, "mailboxes: [anna@team.example]"));
  await outreach.refuse(mailbox, new Date(outreach.now.getTime() + 3_600_000));
  const { body } = await of("POST", "/suppressions", { target: "@Bakery.example" });
  expect(body).toMatchObject({ added: true, stopped: 2, suppression: { kind: "domain", key: "bakery.example" } });
  expect(body.cancelled).toBeGreaterThan(0);
  const { rows } = await api.agent.db.query<{ state: string; leads: number }>(
    "select state, count(*)::integer as leads from enrollment where workspace_id = $1 group by state order by state",
    [outreach.workspaceId],
  );
  expect(rows).toEqual([
    { state: "active", leads: 1 },
    { state: "removed", leads: 2 },
  ]);
});

test.each(["bakery", "@", "@localhost", "kim@", "a b@x.example", ""])("%j is neither an address nor a domain", async (target) => {
  expect(await ask("POST", "/suppressions", { target })).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});

test("a bounce was nobody's wish: it is taken back as it is, and the lead can be reached again", async () => {
  const { ask: of, workspaceId } = await api.team();
  const lead = (await of("POST", "/leads", { email: "kim@bakery.example" })).body.id;
  await suppressed(workspaceId, "kim@bakery.example", "bounce");
  await api.agent.db.transaction((tx) => markReachability(tx, workspaceId, lead, "bounced", api.realNow));
  const [{ id }] = (await of("GET", "/suppressions")).body.items;
  expect((await of("DELETE", `/suppressions/${id}`)).status).toBe(204);
  expect((await of("GET", `/leads/${lead}`)).body).toMatchObject({ reachability: "ok", suppression: null });
});

test("what a person made is taken back at once, and only once", async () => {
  const { ask: of } = await api.team();
  const { id } = (await of("POST", "/suppressions", { target: "@bakery.example" })).body.suppression;
  expect((await of("DELETE", `/suppressions/${id}`)).status).toBe(204);
  expect(await of("DELETE", `/suppressions/${id}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect((await of("GET", "/suppressions")).body.items).toEqual([]);
});

test.each(["unsubscribe", "complaint", "import"] as const)("%s is only taken back with evidence", async (reason) => {
  const { ask: of, workspaceId } = await api.team();
  await suppressed(workspaceId, "kim@bakery.example", reason);
  const [{ id }] = (await of("GET", "/suppressions")).body.items;
  expect(await of("DELETE", `/suppressions/${id}`)).toMatchObject({
    status: 409,
    body: { code: "suppression_protected", facts: { key: "kim@bakery.example", reason } },
  });
  for (const body of [{}, { force: true }, { evidence: "a letter" }, { force: false, evidence: "x" }, { force: true, evidence: " " }]) {
    expect((await of("POST", `/suppressions/${id}/lift`, body)).status, `${JSON.stringify(body)} is refused`).toBe(400);
  }
  expect(keys(await of("GET", "/suppressions"))).toEqual(["kim@bakery.example"]);
  expect((await of("POST", `/suppressions/${id}/lift`, { force: true, evidence: "a letter" })).status).toBe(204);
  expect(keys(await of("GET", "/suppressions"))).toEqual([]);
  expect((await of("GET", "/audit")).body.items[0]).toMatchObject({
    action: "suppressions.lift",
    target: { suppressionId: id },
    detail: { force: true, evidence: "a letter" },
  });
});

test("one of a campaign is taken back without the one of the workspace", async () => {
  const { ask: of, workspaceId } = await api.team();
  const { rows } = await api.agent.db.query<{ id: CampaignId }>(
    `insert into campaign (workspace_id, name, time_zone, sending_window, created_at, updated_at)
     values ($1, 'C', 'UTC', '{}', $2, $2) returning id`,
    [workspaceId, api.realNow],
  );
  const campaignId = only(rows).id;
  await suppressed(workspaceId, "kim@bakery.example", "person", campaignId);
  await suppressed(workspaceId, "kim@bakery.example", "unsubscribe");
  const { items } = (await of("GET", "/suppressions")).body;
  const ofCampaign = items.find((one: { campaignId: string | null }) => one.campaignId === campaignId);
  expect((await of("DELETE", `/suppressions/${ofCampaign.id}`)).status).toBe(204);
  expect((await of("GET", "/suppressions")).body.items).toMatchObject([{ campaignId: null, reason: "unsubscribe" }]);
});

test("the list pages newest first without loss, and filters by reason, kind and words", async () => {
  const { ask: of, workspaceId } = await api.team();
  const all = [
    ["a@x.example", "person"],
    ["b@x.example", "bounce"],
    ["x.example", "person"],
    ["c@y.example", "complaint"],
    ["y.example", "import"],
  ] as const;
  for (const [key, reason] of all) await suppressed(workspaceId, key, reason);
  const found: string[] = [];
  for (let path: string | null = "/suppressions?limit=2"; path !== null; ) {
    const answer: Answer = await of("GET", path);
    found.push(...keys(answer));
    path = answer.body.nextCursor && `/suppressions?limit=2&cursor=${answer.body.nextCursor}`;
  }
  expect(found.toSorted()).toEqual(all.map(([key]) => key).toSorted());
  const find = async (query: string) =>
    keys(await of("GET", `/suppressions?${query}`))
      .toSorted()
      .join(" ");
  expect(await find("reason=bounce&reason=complaint")).toBe("b@x.example c@y.example");
  expect(await find("kind=domain")).toBe("x.example y.example");
  expect(await find("search=@X")).toBe("a@x.example b@x.example");
  expect(await find("search=y.exam&kind=address")).toBe("c@y.example");
  for (const query of ["reason=spam", "kind=person", "cursor=e30", "search=%00"]) {
    expect(await of("GET", `/suppressions?${query}`), `?${query}`).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  }
});

test("suppressions of another workspace are nobody here", async () => {
  const theirs = await api.team();
  const { id } = (await theirs.ask("POST", "/suppressions", { target: "kim@theirs.example" })).body.suppression;
  expect(await ask("DELETE", `/suppressions/${id}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await ask("POST", `/suppressions/${id}/lift`, { force: true, evidence: "mine" })).toMatchObject({ status: 404 });
  expect(keys(await ask("GET", "/suppressions?search=theirs"))).toEqual([]);
  expect(keys(await theirs.ask("GET", "/suppressions"))).toEqual(["kim@theirs.example"]);
});
