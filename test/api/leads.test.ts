// Leads over the API: who they are, which ones a filter finds, what a person changes, and what happened to them.
import { expect, test } from "vitest";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { enrollLeads } from "../../src/automations/enroll-leads.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import type { LeadId, WorkspaceId } from "../../src/core/ids.ts";
import { after, MINUTE } from "../../src/core/instant.ts";
import { activate } from "../../src/store/campaign-state.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead } from "../../src/store/enrollment.ts";
import { holdEnrollments } from "../../src/store/enrollment-time.ts";
import { leadById, markReachability, raiseStatus } from "../../src/store/lead.ts";
import { suppress } from "../../src/store/suppression.ts";
import { campaignText } from "../support/campaign-text.ts";
import { type Ask, apiForTests } from "./api-under-test.ts";

const NOBODY = "01900000-0000-7000-8000-000000000000";
const api = await apiForTests();
const ask = await api.key();

async function addLead(of: Ask, email: string, more: object = {}): Promise<LeadId> {
  const answer = await of("POST", "/leads", { email, ...more });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id;
}

const addresses = (answer: { body: { items: { email: string }[] } }) => answer.body.items.map((one) => one.email);

/** Every page, one after the other. */
async function walk(of: Ask, path: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const answer = await of("GET", cursor ? `${path}&cursor=${cursor}` : path);
    expect(answer).toMatchObject({ status: 200 });
    found.push(...addresses(answer));
    cursor = answer.body.nextCursor;
  }
  return found;
}

test("a lead that was added can be read, with what it was given", async () => {
  const list = (await ask("POST", "/lists", { name: "Bakeries" })).body.id;
  const made = await ask("POST", "/leads", {
    email: " Kim@Bakery.Example ",
    firstName: " Kim\n",
    company: "Bakery",
    timeZone: "Europe/Berlin",
    custom: { shops: 12, note: "likes\nrye" },
    tags: [" VIP ", "vip", "Rye Bread"],
    lists: [list],
  });
  expect(made).toMatchObject({
    status: 201,
    body: {
      email: "Kim@Bakery.Example",
      firstName: "Kim",
      lastName: null,
      status: "new",
      statusSetByPerson: false,
      scoreBand: "cold",
      reachability: "ok",
      source: "api",
      custom: { shops: 12, note: "likes\nrye" },
      tags: ["rye bread", "vip"],
      lists: [{ id: list, name: "Bakeries" }],
      suppression: null,
      enrollments: [],
      removedAt: null,
    },
  });
  expect((await ask("GET", `/leads/${made.body.id}`)).body).toEqual(made.body);
  expect(made.headers["etag"]).toBe(`"${made.body.version}"`);
});

test("an address that there is, in whatever spelling, is refused with the id of its lead", async () => {
  const id = await addLead(ask, "twice@bakery.example");
  expect(await ask("POST", "/leads", { email: "TWICE@Bakery.example", tags: ["x"] })).toMatchObject({
    status: 409,
    body: { code: "already_exists", facts: { leadId: id } },
  });
  expect((await ask("GET", `/leads/${id}`)).body.tags).toEqual([]);
});

test.each([
  ["no address", { email: "nobody" }],
  ["a number for an address", { email: 7 }],
  ["an unknown zone", { email: "a@h.example", timeZone: "Mars/Olympus" }],
  ["a field that nobody knows", { email: "a@h.example", salary: 1 }],
  ["a custom field that hides a lead's own", { email: "a@h.example", custom: { first_name: "x" } }],
  ["a custom field that no template could name", { email: "a@h.example", custom: { "__proto__ x": "x" } }],
  ["a custom field that holds an object", { email: "a@h.example", custom: { x: { y: 1 } } }],
  ["NUL in a custom field", { email: "a@h.example", custom: { x: "a\0b" } }],
  ["NUL in a name", { email: "a@h.example", firstName: "a\0" }],
  ["half of a character in a custom field", { email: "a@h.example", custom: { x: "\udfff" } }],
  ["a name that is too long", { email: "a@h.example", firstName: "x".repeat(501) }],
  ["a tag without a letter", { email: "a@h.example", tags: [" \u200b "] }],
  ["too many tags", { email: "a@h.example", tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }],
  ["a status", { email: "a@h.example", status: "won" }],
  [
    "more custom fields than a lead has",
    { email: "a@h.example", custom: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, n])) },
  ],
])("%s is refused", async (_what, body) => {
  expect(await ask("POST", "/leads", body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});

test("control characters and line ends in a name become blanks, for it may stand in a subject", async () => {
  const id = await addLead(ask, "odd@bakery.example", { firstName: "Kim\r\nBcc: x@y.example\u0007" });
  expect((await ask("GET", `/leads/${id}`)).body.firstName).toBe("Kim Bcc: x@y.example");
});

test("a change leaves what is absent, and takes away what is null, custom fields one by one", async () => {
  const id = await addLead(ask, "change@bakery.example", {
    firstName: "Ann",
    company: "Old",
    custom: { a: "1", b: "2" },
    tags: ["x", "y"],
  });
  const { body } = await ask("PATCH", `/leads/${id}`, { company: null, title: "Owner", custom: { a: null, c: true }, tags: ["y", "z"] });
  expect(body).toMatchObject({ firstName: "Ann", company: null, title: "Owner", custom: { b: "2", c: true }, tags: ["y", "z"] });
  expect(body.custom).not.toHaveProperty("a");
  expect((await ask("PATCH", `/leads/${id}`, {})).body).toMatchObject({ firstName: "Ann", title: "Owner", tags: ["y", "z"] });
  expect((await ask("PATCH", `/leads/${id}`, { tags: [] })).body.tags).toEqual([]);
  expect(await ask("PATCH", `/leads/${id}`, { email: "other@bakery.example" })).toMatchObject({ status: 400 });
  expect(await ask("PATCH", `/leads/${id}`, { company: "" })).toMatchObject({ status: 400 });
});

test("custom fields cannot be heaped up change by change", async () => {
  const id = await addLead(ask, "heap@bakery.example");
  const fields = (from: number) => Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${from + index}`, index]));
  expect((await ask("PATCH", `/leads/${id}`, { custom: fields(0) })).status).toBe(200);
  expect(await ask("PATCH", `/leads/${id}`, { custom: fields(150) })).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});

test("of two people who change the same version of a lead, the second is told", async () => {
  const id = await addLead(ask, "both@bakery.example");
  const { headers } = await ask("GET", `/leads/${id}`);
  const ifMatch = { "if-match": String(headers["etag"]) };
  const [one, two] = await Promise.all([
    ask("PATCH", `/leads/${id}`, { firstName: "One" }, ifMatch),
    ask("PATCH", `/leads/${id}`, { firstName: "Two" }, ifMatch),
  ]);
  expect(new Set([one.status, two.status])).toEqual(new Set([200, 412]));
  const loser = one.status === 412 ? one : two;
  expect(loser.body.code).toBe("precondition_failed");
  const { body } = await ask("GET", `/leads/${id}`);
  expect(body.firstName).toBe(one.status === 200 ? "One" : "Two");
});

test("a status that a person set is left alone by what happens afterwards", async () => {
  const id = await addLead(ask, "status@bakery.example");
  const reply = () => api.agent.db.transaction((tx) => raiseStatus(tx, api.workspaceId, id, "engaged", api.realNow));
  expect((await ask("PATCH", `/leads/${id}`, { status: "contacted" })).body).toMatchObject({
    status: "contacted",
    statusSetByPerson: true,
  });
  expect(await reply()).toBe(false);
  expect((await ask("GET", `/leads/${id}`)).body.status).toBe("contacted");
  const other = await addLead(ask, "status2@bakery.example");
  expect((await ask("PATCH", `/leads/${other}`, { firstName: "X" })).body.statusSetByPerson).toBe(false);
});

test("a lead says what keeps us from writing to it", async () => {
  const id = await addLead(ask, "gone@closed.example");
  const domain = {
    workspaceId: api.workspaceId,
    kind: "domain",
    key: "closed.example",
    campaignId: null,
    reason: "person",
    evidence: {},
  } as const;
  await api.agent.db.transaction((tx) => suppress(tx, domain, api.realNow));
  expect((await ask("GET", `/leads/${id}`)).body.suppression).toMatchObject({ kind: "domain", key: "closed.example", reason: "person" });
  expect((await ask("GET", "/leads?search=closed.example")).body.items).toMatchObject([{ id, suppressed: "person" }]);
});

test("pages hold every lead once, newest first and by address, while others are added", async () => {
  const { ask: of } = await api.team();
  const wanted = Array.from({ length: 7 }, (_, index) => `lead${(index * 3) % 7}@x.example`);
  for (const email of wanted) await addLead(of, email);
  expect(await walk(of, "/leads?limit=2")).toEqual(wanted.toReversed());
  expect(await walk(of, "/leads?limit=3&sort=email")).toEqual(wanted.toSorted());
  const first = await of("GET", "/leads?limit=4");
  await addLead(of, "later@x.example");
  const rest = await of("GET", `/leads?limit=4&cursor=${first.body.nextCursor}`);
  expect([...addresses(first), ...addresses(rest)]).toEqual(wanted.toReversed());
  expect(await of("GET", `/leads?sort=email&cursor=${first.body.nextCursor}`)).toMatchObject({
    status: 400,
    body: { code: "invalid_input" },
  });
});

test("filters find what they name, alone and together", async () => {
  const { ask: of, workspaceId } = await api.team();
  const { db } = api.agent;
  const list = (await of("POST", "/lists", { name: "L" })).body.id;
  const ann = await addLead(of, "ann@one.example", { company: "Bäckerei 100%_", tags: ["red"], lists: [list] });
  const bob = await addLead(of, "bob@two.example", { firstName: "Robert", tags: ["red", "blue"] });
  const cem = await addLead(of, "cem@two.example", { tags: ["blue"] });
  await db.transaction((tx) => markReachability(tx, workspaceId, bob, "bounced", api.realNow));
  await db.query("update lead set score_band = 'hot' where id = $1", [cem]);
  await of("PATCH", `/leads/${cem}`, { status: "qualified" });
  await of("POST", `/leads/${ann}/remove`, {});
  const find = async (query: string) => {
    const [answer, count] = [await of("GET", `/leads?sort=email&${query}`), await of("GET", `/leads/count?${query}`)];
    expect(count.body.leads, `?${query}`).toBe(answer.body.items.length);
    return addresses(answer)
      .map((email) => email.slice(0, 3))
      .join(" ");
  };
  expect(await find("search=TWO.example")).toBe("bob cem");
  expect(await find("search=robert")).toBe("bob");
  expect(await find("search=B%C3%84CKEREI")).toBe("ann");
  expect(await find("search=100%25_")).toBe("ann");
  expect(await find("search=_wo")).toBe("");
  expect(await find("status=qualified")).toBe("cem");
  expect(await find("status=new&status=qualified")).toBe("ann bob cem");
  expect(await find("reachability=bounced")).toBe("bob");
  expect(await find("scoreBand=hot&scoreBand=warm")).toBe("cem");
  expect(await find(`list=${list}`)).toBe("ann");
  expect(await find("tag=Red")).toBe("ann bob");
  expect(await find("tag=red&tag=blue")).toBe("ann bob cem");
  expect(await find("removed=true")).toBe("ann");
  expect(await find("removed=false")).toBe("bob cem");
  expect(await find("tag=red&reachability=ok")).toBe("ann");
  expect(await find(`tag=red&list=${list}&removed=false`)).toBe("");
});

test.each(["status=won", "removed=maybe", "limit=0", "limit=201", "cursor=e30", "search=%00", "sort=age", "list=7", "page=2", "tag="])(
  "?%s is refused",
  async (query) => {
    expect(await ask("GET", `/leads?${query}`)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  },
);

test("leads of another workspace are nobody here", async () => {
  const theirs = await api.team();
  const id = await addLead(theirs.ask, "theirs@bakery.example");
  const theirList = (await theirs.ask("POST", "/lists", { name: "Theirs" })).body.id;
  for (const [method, path, body] of [
    ["GET", `/leads/${id}`],
    ["PATCH", `/leads/${id}`, { firstName: "Mine" }],
    ["POST", `/leads/${id}/remove`, {}],
    ["POST", `/leads/${id}/restore`, {}],
    ["POST", `/leads/${id}/resume`, {}],
    ["GET", `/leads/${id}/history`],
    ["GET", `/leads/${id}/why`],
    ["GET", `/leads?list=${theirList}`],
    ["POST", "/leads", { email: "mine@bakery.example", lists: [theirList] }],
    ["POST", "/leads/change-many", { filter: {}, addToLists: [theirList] }],
    ["GET", `/leads/${NOBODY}`],
  ] as const) {
    expect(await ask(method, path, body), `${method} ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  expect((await ask("POST", "/leads/change-many", { leadIds: [id], addTags: ["mine"] })).body).toMatchObject({ leads: 0, tagsAdded: 0 });
  expect((await theirs.ask("GET", `/leads/${id}`)).body).toMatchObject({ firstName: null, tags: [], removedAt: null });
  expect((await ask("GET", "/leads?search=theirs@")).body.items).toEqual([]);
});

test("many leads get tags and lists at once, by their ids and by a filter, and asking again changes nothing", async () => {
  const { ask: of } = await api.team();
  const [ann, bob, cem] = [await addLead(of, "ann@x.example"), await addLead(of, "bob@y.example"), await addLead(of, "cem@y.example")];
  const list = (await of("POST", "/lists", { name: "L" })).body.id;
  const byIds = { leadIds: [ann, bob, NOBODY], addTags: ["New", "x"], addToLists: [list] };
  expect((await of("POST", "/leads/change-many", byIds)).body).toEqual({ leads: 2, tagsAdded: 4, tagsRemoved: 0, listed: 2, unlisted: 0 });
  expect((await of("POST", "/leads/change-many", byIds)).body).toMatchObject({ leads: 2, tagsAdded: 0, listed: 0 });
  const byFilter = { filter: { search: "y.example" }, addTags: ["y"], removeTags: ["x"], removeFromLists: [list] };
  expect((await of("POST", "/leads/change-many", byFilter)).body).toEqual({
    leads: 2,
    tagsAdded: 2,
    tagsRemoved: 1,
    listed: 0,
    unlisted: 1,
  });
  expect((await of("GET", `/leads/${bob}`)).body).toMatchObject({ tags: ["new", "y"], lists: [] });
  expect((await of("GET", `/leads/${cem}`)).body.tags).toEqual(["y"]);
  expect((await of("GET", "/tags")).body.items).toEqual([
    { tag: "new", leads: 2 },
    { tag: "x", leads: 1 },
    { tag: "y", leads: 2 },
  ]);
  expect((await of("GET", "/tags?search=NE")).body.items).toEqual([{ tag: "new", leads: 2 }]);
  const page = await of("GET", "/tags?limit=2");
  expect((await of("GET", `/tags?limit=2&cursor=${page.body.nextCursor}`)).body).toEqual({
    items: [{ tag: "y", leads: 2 }],
    nextCursor: null,
  });
});

test("a filter that finds more leads than one transaction takes changes all of them, without reading all of them for each", async () => {
  const { ask: of, workspaceId } = await api.team();
  await addLead(of, "first@x.example", { tags: ["all"] });
  await api.agent.db.query(
    `insert into lead (workspace_id, email, identity_key, created_at, updated_at)
     select $1, 'n' || n || '@x.example', 'n' || n || '@x.example', $2, $2 from generate_series(1, 30001) n`,
    [workspaceId, api.realNow],
  );
  expect((await of("POST", "/leads/change-many", { filter: {}, addTags: ["all"] })).body).toMatchObject({
    leads: 30_002,
    tagsAdded: 30_001,
  });
  expect((await of("POST", "/leads/change-many", { filter: { tag: "all" }, removeTags: ["all"] })).body).toMatchObject({
    tagsRemoved: 30_002,
  });
});

test.each([
  ["nothing to do", { leadIds: [NOBODY] }],
  ["neither ids nor a filter", { addTags: ["x"] }],
  ["both ids and a filter", { leadIds: [NOBODY], filter: {}, addTags: ["x"] }],
  ["too many ids", { leadIds: Array.from({ length: 1_001 }, () => NOBODY), addTags: ["x"] }],
  ["a filter that nobody knows", { filter: { salary: 1 }, addTags: ["x"] }],
])("changing many leads with %s is refused", async (_what, body) => {
  expect(await ask("POST", "/leads/change-many", body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});

/** A campaign that runs, to all leads of the workspace, from a mailbox that was never read: nothing goes out. */
async function running(of: { workspaceId: WorkspaceId }) {
  const { db } = api.agent;
  const { workspaceId } = of;
  await db.query(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, 'anna@team.example', 'anna@team.example', 'custom', 'mail.team.example', 465, 'tls', 40, 0, $2, $2)`,
    [workspaceId, api.realNow],
  );
  const file = readCampaignFile(campaignText({ steps: { a: "0 minutes", b: "2 days" }, more: "mailboxes: [anna@team.example]" }));
  const { campaignId } = await applyCampaign(api.agent, { workspaceId, file });
  await db.transaction((tx) => activate(tx, workspaceId, campaignId, "started", api.realNow));
  await enrollLeads(api.agent, { workspaceId, campaignId });
  return campaignId;
}

test("a lead in a campaign shows where it stands, can be held, resumed and removed, and its history tells", async () => {
  const here = await api.team();
  const { db } = api.agent;
  const id = await addLead(here.ask, "kim@bakery.example");
  const campaignId = await running(here);
  const { body } = await here.ask("GET", `/leads/${id}`);
  expect(body.enrollments).toMatchObject([{ campaignId, campaign: "Repair log", state: "active", reason: "enrolled", nextStep: "a" }]);

  const ids = (await enrollmentsOfLead(db, here.workspaceId, id)).map((one) => one.id);
  const hold = { workspaceId: here.workspaceId, ids, until: null, reason: "held_by_person" };
  await db.transaction((tx) => holdEnrollments(tx, hold, after(api.agent.clock.now(), -MINUTE)));
  expect((await here.ask("POST", `/leads/${id}/resume`, {})).body).toEqual({ resumed: 1 });
  expect((await here.ask("POST", `/leads/${id}/resume`, {})).body).toEqual({ resumed: 0 });

  expect((await here.ask("POST", `/leads/${id}/remove`, {})).body).toEqual({ stopped: 1, cancelled: 0 });
  expect((await here.ask("GET", `/leads/${id}`)).body).toMatchObject({
    removedAt: expect.any(String),
    enrollments: [{ state: "removed" }],
  });
  const history = await here.ask("GET", `/leads/${id}/history`);
  expect(history.body.items.map((one: { code: string }) => one.code).toSorted()).toEqual([
    "enrolled",
    "held_by_person",
    "removed_by_person",
    "resumed_by_person",
  ]);
  expect(history.body.items[0]).toMatchObject({ kind: "enrollment", campaignId, campaign: "Repair log" });

  expect((await here.ask("POST", `/leads/${id}/restore`, {})).body).toMatchObject({ removedAt: null, enrollments: [{ state: "removed" }] });
  expect((await leadById(db, here.workspaceId, id))?.removedAt).toBeNull();
});

test("the history holds enrollments, messages and inbound mails in one order, page by page without loss", async () => {
  const here = await api.team();
  const { db } = api.agent;
  const id = await addLead(here.ask, "kim@bakery.example");
  const campaignId = await running(here);
  const enrollment = only(await enrollmentsOfLead(db, here.workspaceId, id));
  const at = (minutes: number) => after(api.agent.clock.now(), minutes * MINUTE);
  await db.query(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, visit, step_lineage, lead_id, mailbox_id, message_id, recipient, recipient_key,
       subject, state, slot_at, sent_at, created_at, updated_at)
     values ($1, 'step', $2, $3, 1, 'a', $4, $5, '<a@' || $4::uuid || '>', 'kim@bakery.example', 'kim@bakery.example', 'Repairs', 'sent', $6, $6, $6, $6)`,
    [here.workspaceId, campaignId, enrollment.id, id, enrollment.mailboxId, at(1)],
  );
  await db.query(
    `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, uid, fingerprint, received_at, from_address, subject, verdict,
       disposition, disposition_reason, match_method, lead_id, campaign_id)
     values ($1, $2, 'INBOX', 1, 1, 'x', $3, 'kim@bakery.example', '<script>', 'reply', 'matched', 'thread', 'in_reply_to', $4, $5)`,
    [here.workspaceId, enrollment.mailboxId, at(2), id, campaignId],
  );
  const items: { kind: string; code: string; subject: string | null }[] = [];
  for (let path: string | null = `/leads/${id}/history?limit=1`; path !== null; ) {
    const { body }: { body: { items: typeof items; nextCursor: string | null } } = await here.ask("GET", path);
    items.push(...body.items);
    path = body.nextCursor && `/leads/${id}/history?limit=1&cursor=${body.nextCursor}`;
  }
  expect(items.map(({ kind, code }) => `${kind} ${code}`)).toEqual(["inbound reply", "message sent", "enrollment enrolled"]);
  expect(items[0]?.subject).toBe("<script>");
});

test("why tells what is planned for a lead", async () => {
  const here = await api.team();
  const id = await addLead(here.ask, "kim@bakery.example");
  await running(here);
  const { status, body } = await here.ask("GET", `/leads/${id}/why`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ lead: { id, email: "kim@bakery.example" }, campaigns: [{ campaign: "Repair log", state: "active" }] });
  expect(body.happened).toMatchObject([{ kind: "enrollment", code: "enrolled" }]);
  expect(body.planned.map((one: { step: string }) => one.step)).toContain("b");
});

test("addresses are checked again, all of them or a campaign's, and leads are found by what is known of theirs", async () => {
  const { ask: of } = await api.team();
  for (const email of ["kim@bakery.example", "info@bakery.example", "x@mailinator.com"])
    expect(await of("POST", "/leads", { email })).toMatchObject({ status: 201, body: { addressQuality: null } });
  const { status, body } = await of("POST", "/leads/check", {});
  expect({ status, body }).toMatchObject({ status: 200, body: { leads: 3, invalid: 1, doubtful: 1, unrated: 1, changed: 2 } });
  const found = async (query: string) => (await of("GET", `/leads?${query}`)).body.items.map((one: { email: string }) => one.email);
  expect(await found("addressQuality=invalid")).toEqual(["x@mailinator.com"]);
  expect((await found("addressQuality=doubtful&addressQuality=unrated")).toSorted()).toEqual(["info@bakery.example", "kim@bakery.example"]);
  const elsewhere = { campaign: "01900000-0000-7000-8000-000000000001" };
  expect(await of("POST", "/leads/check", elsewhere)).toMatchObject({ status: 404, body: { code: "not_found" } });
});
