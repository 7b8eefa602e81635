// Campaigns over the API: their file, their settings, their life.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { anyCampaignFile, meaningOf } from "../support/any-campaign-file.ts";
import { campaignText } from "../support/campaign-text.ts";
import { Outreach } from "../support/outreach.ts";
import { type Ask, apiForTests } from "./api-under-test.ts";

const NOW = new Date("2026-03-04T09:00:00Z");
const UNKNOWN = "01900000-0000-7000-8000-000000000000";
const STEPS = { a: "0 minutes", b: "2 days", c: "2 days" };
const MAILBOXES = "mailboxes: [anna@team.example]";
const SUBS = `${MAILBOXES}
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: Shall we talk? }] }`;

const api = await apiForTests();
let team: Outreach;
let ask: Ask;
beforeEach(async () => {
  team = await Outreach.begin(api.agent.db, NOW);
  await team.addMailbox("anna@team.example", { gap: 0 });
  ask = await api.key(PERMISSIONS, { workspaceId: team.workspaceId });
});

const apply = (file: string, headers?: Record<string, string>) => ask("PUT", "/campaigns/file", { file }, headers);
const file = (steps = STEPS, more = SUBS) => campaignText({ steps, more });

async function applied(text = file()): Promise<string> {
  const { body } = await apply(text);
  return body.id;
}

describe("a file", () => {
  test("adds a draft, changes it when it differs, and changes nothing when it does not", async () => {
    expect(await apply(file())).toMatchObject({ status: 200, body: { created: true, version: 1 } });
    expect(await apply(file())).toMatchObject({ status: 200, body: { created: false, changes: [], version: 1 } });
    const changed = await apply(file({ ...STEPS, c: "3 days" }));
    expect(changed.body).toMatchObject({ created: false, changes: ['sequence: step "c" after 2 days → 3 days'], version: 2 });
  });

  test("with mistakes is refused with all of them and their lines", async () => {
    const answer = await apply("name: X\ntime_zone: Mars\nwindw: {}\n");
    expect(answer).toMatchObject({ status: 422, body: { code: "campaign_file_invalid" } });
    const paths = answer.body.facts.problems.map((one: { path: string }) => one.path);
    expect(paths).toEqual(expect.arrayContaining(["time_zone", "windw", "sequence", "mailboxes"]));
  });

  test.each([
    ["NUL", file({ ...STEPS }).replace("Text of a.", "Text\\u0000")],
    ["half a character", file().replace("Text of a.", "Text \\ud800")],
    ["a key with NUL", file().replace("leads: all", 'leads: all\ndefaults: { "a\\0": x }')],
    ["an endless anchor", `a: &a [x]\nb: ${"[*a,".repeat(100)}${"]".repeat(100)}`],
    ["no YAML", "{{{{"],
    ["another kind of value", "42"],
  ])("that holds %s is refused, not failed at", async (_what, text) => {
    expect(await apply(text)).toMatchObject({ status: 422, body: { code: "campaign_file_invalid" } });
  });

  test("of up to a megabyte arrives", async () => {
    const html = "<p>" + "x".repeat(90_000) + "</p>";
    const text = file().replace('"body":"Text of a."', `"body":"Text of a.","html":${JSON.stringify(html)}`);
    expect(await apply(text)).toMatchObject({ status: 200 });
  });

  test("applied to a version that somebody has changed meanwhile is refused", async () => {
    await apply(file());
    await apply(file({ ...STEPS, c: "3 days" }));
    const stale = await apply(file({ ...STEPS, c: "4 days" }), { "if-match": '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: "precondition_failed" } });
    expect(await apply(file({ ...STEPS, c: "4 days" }), { "if-match": '"2"' })).toMatchObject({ status: 200 });
  });
});

describe("an export", () => {
  test("reads as it was written", async () => {
    const { body } = await ask("GET", `/campaigns/${await applied()}/file`);
    expect(body.file).toBe(`name: Repair log
at_end: complete
time_zone: UTC
window:
  monday-friday: 09:00-17:00
use_lead_time_zone: true
spread: none
jitter: 0 minutes
reply_window: 14 days
mailboxes:
  - anna@team.example
leads: all
opt_out: reply
hold_other_campaigns: true
hold_company: false
on_edit: move
sequence:
  - id: a
    subject: Repairs
    body: Text of a.
  - id: b
    after: 2 days
    body: Text of b.
  - id: c
    after: 2 days
    body: Text of c.
sub_sequences:
  - name: Interested
    on: positive
    steps:
      - id: call
        after: 1 hour
        body: Shall we talk?
`);
  });

  test("of any campaign says the same as the file that was applied, and changes nothing when it is applied", {
    timeout: 120_000,
  }, async () => {
    await team.addMailbox("bob@team.example");
    await team.insert("insert into lead_list (workspace_id, name, created_at) values ($1, 'Bakeries', $2) returning id", [
      team.workspaceId,
      NOW,
    ]);
    const anyFile = anyCampaignFile({ mailboxes: ["anna@team.example", "bob@team.example"], lists: ["Bakeries"] });
    await fc.assert(
      fc.asyncProperty(anyFile, async (written) => {
        const first = await apply(JSON.stringify(written));
        expect(first.body).toMatchObject({ created: expect.any(Boolean) });
        const exported = await ask("GET", `/campaigns/${first.body.id}/file`);
        expect(meaningOf(readCampaignFile(exported.body.file))).toEqual(meaningOf(readCampaignFile(JSON.stringify(written))));
        const again = await apply(exported.body.file);
        expect(again.body).toMatchObject({ id: first.body.id, created: false, changes: [] });
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

describe("a plan", () => {
  test("tells what would change and for how many leads, and changes nothing", async () => {
    await team.addLeads(3);
    const id = await applied();
    await team.start(id as never);
    await team.tick();
    const { body, status } = await ask("POST", "/campaigns/plan", { file: file({ a: "0 minutes", c: "2 days" } as never) });
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: false, changes: ['sequence: step "b" retired'], moved: { nextStep: 3, planned: 0 } });
    expect(body.inside).toEqual({ moved: 3, stayed: 0 });
    expect(body.difference).toEqual({
      settings: [],
      sequences: [
        {
          sequence: "Main",
          kind: "changed",
          on: null,
          steps: [{ step: "b", kinds: ["removed"], delay: { before: "2 days", after: null }, lines: ["-Text of b."] }],
        },
      ],
    });
    expect(body.effects).toMatchObject({ gained: [], lost: [{ sequence: "Main", step: "b", leads: 3 }] });
    expect(body.effects.nextMail).toMatchObject({ earlier: 0, later: 0, begins: 0, ends: 0 });
    expect(body.standings).toEqual([
      { state: "active", sequence: "Main", nextStep: "b", before: 3, after: 0 },
      { state: "active", sequence: "Main", nextStep: "c", before: 0, after: 3 },
    ]);
    expect(body.before).toContain("id: b");
    expect(body.after).not.toContain("id: b");
    expect((await ask("GET", `/campaigns/${id}/file`)).body).toMatchObject({ file: body.before, version: 1 });
  });

  test("tells whose next mail would go out when, and whom it would leave in the old version", async () => {
    await team.addLeads(3);
    const id = await applied();
    await team.start(id as never);
    await team.tick();
    const edited = file({ a: "0 minutes", b: "3 days", c: "2 days" });
    const { body } = await ask("POST", "/campaigns/plan", { file: edited });
    expect(body.effects.nextMail).toMatchObject({ earlier: 0, later: 3, begins: 0, ends: 0 });
    expect(body.effects.nextMail.first[0]).toMatchObject({
      before: { step: "b", at: "2026-03-06T09:00:00.000Z" },
      after: { step: "b", at: "2026-03-09T09:00:00.000Z" },
    });
    const stay = await ask("POST", "/campaigns/plan", { file: edited, leadsInside: "stay" });
    expect(stay.body).toMatchObject({ inside: { moved: 0, stayed: 3 }, effects: { nextMail: { later: 0, first: [] } } });
    expect((await ask("GET", `/campaigns/${id}`)).body.version).toBe(1);
  });

  test("of a new campaign leaves none behind", async () => {
    expect((await ask("POST", "/campaigns/plan", { file: file() })).body).toMatchObject({ created: true, before: null });
    expect((await ask("GET", "/campaigns")).body.items).toEqual([]);
  });
});

describe("the versions of a sequence", () => {
  test("are listed with who made them and what they changed, and each can be read with its words", async () => {
    await team.addLeads(2);
    const id = await applied();
    await team.start(id as never);
    await team.tick();
    const changed = file({ ...STEPS, c: "3 days" }).replace("Text of b.", "Better.");
    expect((await ask("PUT", "/campaigns/file", { file: changed, leadsInside: "stay" })).body).toMatchObject({ inside: { stayed: 2 } });
    const sequences = await ask("GET", `/campaigns/${id}/sequences`);
    expect(sequences.headers["etag"]).toBe('"2"');
    const [main, sub] = sequences.body.items;
    expect(main).toMatchObject({
      kind: "main",
      on: null,
      isActive: true,
      newest: { version: 2, isNewest: true, steps: 3, leads: 0, sent: 0 },
    });
    expect(sub).toMatchObject({ kind: "sub", name: "Interested", on: "positive", newest: { version: 1, changes: [] } });
    const { body } = await ask("GET", `/sequences/${main.id}/versions`);
    expect(body.items).toMatchObject([
      { version: 2, by: { kind: "api_key" }, changes: ['step "b" has a new text', 'step "c" after 2 days → 3 days'] },
      { version: 1, leads: 2, sent: 2, isNewest: false },
    ]);
    const texts = async (version: number) =>
      (await ask("GET", `/sequences/${main.id}/versions/${version}`)).body.steps.map((one: { after: string; body: string }) => [
        one.after,
        one.body,
      ]);
    expect(await texts(1)).toEqual([
      ["0 minutes", "Text of a."],
      ["2 days", "Text of b."],
      ["2 days", "Text of c."],
    ]);
    expect(await texts(2)).toEqual([
      ["0 minutes", "Text of a."],
      ["2 days", "Better."],
      ["3 days", "Text of c."],
    ]);
    expect(await ask("GET", `/sequences/${main.id}/versions/3`)).toMatchObject({ status: 404 });
    expect(await ask("GET", `/sequences/${main.id}/versions/x`)).toMatchObject({ status: 400 });
    expect(await ask("GET", `/sequences/${UNKNOWN}/versions`)).toMatchObject({ status: 404 });
    const foreign = await api.key(PERMISSIONS, { workspaceId: await api.otherWorkspace() });
    for (const path of [`/campaigns/${id}/sequences`, `/sequences/${main.id}/versions`, `/sequences/${main.id}/versions/1`])
      expect([path, (await foreign("GET", path)).status]).toEqual([path, 404]);
    const { items } = (await ask("GET", `/messages?campaignId=${id}`)).body;
    expect(items.map((one: { sequenceVersion: number }) => one.sequenceVersion)).toEqual([1, 1]);
  });

  test("two people who edit at once: the second is told to read again", async () => {
    const id = await applied();
    const { etag } = (await ask("GET", `/campaigns/${id}/sequences`)).headers;
    await apply(file({ ...STEPS, c: "3 days" }), { "if-match": String(etag) });
    expect(await apply(file({ ...STEPS, c: "4 days" }), { "if-match": String(etag) })).toMatchObject({ status: 412 });
  });
});

describe("a change", () => {
  test("of single settings leaves the others, takes away what is null, and counts a version", async () => {
    const id = await applied(file(STEPS, `${SUBS}\ngoal: Sell\npostal_address: Main Street 1`));
    const changed = await ask("PATCH", `/campaigns/${id}`, {
      name: "Repairs",
      goal: null,
      window: { monday: "10:00-12:00" },
      jitter: "5 minutes",
    });
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(changed.body.settings).toMatchObject({
      name: "Repairs",
      goal: null,
      window: { monday: "10:00-12:00" },
      jitter: "5 minutes",
      postal_address: "Main Street 1",
    });
    expect((await ask("GET", `/campaigns/${id}/history`)).body.items.at(-1)).toMatchObject({ reason: "edited" });
    expect(changed.body.sequences).toHaveLength(2);
  });

  test("that may not stand in a file is refused and leaves everything as it was", async () => {
    const id = await applied();
    const wrong = await ask("PATCH", `/campaigns/${id}`, { jitter: "soon", mailboxes: ["eve@elsewhere.example"] });
    expect(wrong).toMatchObject({ status: 422, body: { code: "campaign_file_invalid", facts: { problems: [{ path: "jitter" }] } } });
    const unknown = await ask("PATCH", `/campaigns/${id}`, { mailboxes: ["eve@elsewhere.example"] });
    expect(unknown).toMatchObject({ status: 422, body: { facts: { problems: [{ path: "mailboxes[0]" }] } } });
    expect(await ask("PATCH", `/campaigns/${id}`, { colour: "red" })).toMatchObject({ status: 400 });
    expect((await ask("GET", `/campaigns/${id}`)).body.version).toBe(1);
  });

  test("to another campaign's name is refused", async () => {
    await applied();
    const id = await applied(file().replace("name: Repair log", "name: Other"));
    expect(await ask("PATCH", `/campaigns/${id}`, { name: "REPAIR LOG" })).toMatchObject({ status: 409, body: { code: "already_exists" } });
    expect(await ask("PATCH", `/campaigns/${id}`, { name: "OTHER" })).toMatchObject({ status: 200 });
  });

  test("of one step saves its words and its delay, in the main sequence and in a sub-sequence", async () => {
    const id = await applied();
    const { body: before } = await ask("GET", `/campaigns/${id}`);
    const stepOf = (sequence: number, name: string) =>
      before.sequences[sequence].steps.find((one: { name: string }) => one.name === name).id;
    await ask("PATCH", `/campaigns/${id}/steps/${stepOf(0, "b")}`, { subject: "News", body: "Better.", after: "4 days" });
    const { body } = await ask("PATCH", `/campaigns/${id}/steps/${stepOf(1, "call")}`, { html: "<p>Shall we talk?</p>" });
    expect(body.sequences[0].steps[1]).toMatchObject({ id: stepOf(0, "b"), subject: "News", body: "Better.", after: "4 days", html: null });
    expect(body.sequences[1].steps[0]).toMatchObject({ body: "Shall we talk?", html: "<p>Shall we talk?</p>" });
    expect(await ask("PATCH", `/campaigns/${id}/steps/${stepOf(0, "a")}`, { subject: null })).toMatchObject({ status: 422 });
    expect(await ask("PATCH", `/campaigns/${id}/steps/${UNKNOWN}`, { body: "x" })).toMatchObject({ status: 404 });
    const stale = await ask("PATCH", `/campaigns/${id}/steps/${stepOf(0, "b")}`, { body: "x" }, { "if-match": '"1"' });
    expect(stale).toMatchObject({ status: 412 });
  });
});

describe("a campaign's life", () => {
  test("start says everything that is missing, then starts; pause, resume and archive follow", async () => {
    const id = await applied();
    const early = await ask("POST", `/campaigns/${id}/start`, {});
    expect(early).toMatchObject({ status: 409, body: { code: "campaign_not_ready" } });
    const codes = early.body.facts.missing.map((one: { code: string }) => one.code);
    expect(codes).toEqual(expect.arrayContaining(["leads_none", "mailbox_untested", "postal_address"]));
    expect((await ask("GET", `/campaigns/${id}/readiness`)).body).toEqual({
      ready: false,
      missing: early.body.facts.missing,
      warnings: [],
    });
    await makeReady(id);
    expect((await ask("GET", `/campaigns/${id}/readiness`)).body).toEqual({ ready: true, missing: [], warnings: [] });
    expect((await ask("POST", `/campaigns/${id}/start`, {})).body).toMatchObject({ state: "active" });
    expect(await ask("POST", `/campaigns/${id}/archive`, {})).toMatchObject({ status: 409, body: { code: "campaign_state" } });
    expect((await ask("POST", `/campaigns/${id}/pause`, {})).body).toMatchObject({ state: "paused", stateReason: "paused_by_person" });
    expect(await ask("POST", `/campaigns/${id}/pause`, {})).toMatchObject({ status: 409 });
    expect((await ask("POST", `/campaigns/${id}/start`, {})).body).toMatchObject({ state: "active" });
    await ask("POST", `/campaigns/${id}/pause`, {});
    expect((await ask("POST", `/campaigns/${id}/archive`, {})).body).toMatchObject({ state: "archived" });
    expect(await ask("POST", `/campaigns/${id}/archive`, {})).toMatchObject({ status: 200 });
    expect(await ask("PATCH", `/campaigns/${id}`, { goal: "x" })).toMatchObject({ status: 409, body: { code: "campaign_state" } });
  });

  test("a copy is a draft of its own, without the dates", async () => {
    const id = await applied(file(STEPS, `${SUBS}\nstarts_at: 2026-04-01 09:00`));
    const copy = await ask("POST", `/campaigns/${id}/duplicate`, { name: "Copy" });
    expect(copy).toMatchObject({ status: 201, body: { state: "draft", settings: { name: "Copy", starts_at: null } } });
    expect(copy.body.id).not.toBe(id);
    expect(copy.body.sequences).toHaveLength(2);
    expect(await ask("POST", `/campaigns/${id}/duplicate`, { name: "copy" })).toMatchObject({
      status: 409,
      body: { code: "already_exists" },
    });
  });

  async function makeReady(id: string): Promise<void> {
    const { db } = api.agent;
    await team.addLead("kim@bakery.example");
    await db.query("update mailbox set smtp_tested_at = $2, imap_tested_at = $2 where workspace_id = $1", [team.workspaceId, NOW]);
    await ask("PATCH", `/campaigns/${id}`, { postal_address: "Main Street 1" });
  }
});

describe("the schedule", () => {
  test("tells the days, every mail page by page, and who gets none", async () => {
    await team.addLeads(3);
    const id = await applied();
    const out = await team.addLead("out@bakery.example");
    await api.agent.db.query("update lead set reachability = 'bounced' where id = $1", [out]);
    const summary = (await ask("GET", `/campaigns/${id}/schedule`)).body;
    expect(summary).toMatchObject({ state: "draft", mails: 9, unreached: 1, firstAt: NOW.toISOString() });
    expect(summary.days.map((one: { mails: number }) => one.mails)).toEqual([3, 3, 3]);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = (await ask("GET", `/campaigns/${id}/schedule/mails?limit=4${cursor}`)).body;
      seen.push(...page.items.map((one: { lead: string; step: string }) => `${one.step} ${one.lead}`));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(new Set(seen).size).toBe(9);
    expect(seen.map((one) => one[0]).join("")).toBe("aaabbbccc");
    const unreached = (await ask("GET", `/campaigns/${id}/schedule/unreached`)).body;
    expect(unreached.items).toMatchObject([{ lead: "out@bakery.example", reason: "bounced" }]);
    expect((await ask("GET", `/campaigns/${id}/why`)).body.sentences[0]).toContain("is a draft");
  });
});

describe("the list", () => {
  test("counts leads by state, mails and replies, filters, and pages without loss", async () => {
    await team.addLeads(2);
    const id = await applied();
    await team.start(id as never);
    await team.tick();
    for (const name of ["One", "Two 100%", "Three"]) await applied(file().replace("name: Repair log", `name: ${name}`));
    const names = async (query: string) => (await ask("GET", `/campaigns?${query}`)).body.items.map((one: { name: string }) => one.name);
    expect(await names("state=active")).toEqual(["Repair log"]);
    expect((await names("state=active&state=draft")).length).toBe(4);
    expect(await names("search=0%25")).toEqual(["Two 100%"]);
    const { body } = await ask("GET", "/campaigns?state=active");
    expect(body.items[0]).toMatchObject({ mailboxes: 1, steps: 3, subSequences: 1, enrollments: { active: 2 }, sent: 2, replies: 0 });
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = (await ask("GET", `/campaigns?limit=1${cursor}`)).body;
      seen.push(...page.items.map((one: { name: string }) => one.name));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(seen.toSorted()).toEqual(["One", "Repair log", "Three", "Two 100%"]);
    expect(await ask("GET", "/campaigns?state=gone")).toMatchObject({ status: 400 });
    expect(await ask("GET", "/campaigns?search=%00")).toMatchObject({ status: 400 });
  });
});

test("another workspace's campaign is not there, whatever is asked of it", async () => {
  const id = await applied();
  const { body } = await ask("GET", `/campaigns/${id}`);
  const foreign = await api.key(PERMISSIONS, { workspaceId: await api.otherWorkspace() });
  const step = body.sequences[0].steps[0].id;
  const asked: [string, string, object?][] = [
    ["GET", ""],
    ["GET", "/file"],
    ["GET", "/readiness"],
    ["GET", "/history"],
    ["GET", "/schedule"],
    ["GET", "/schedule/mails"],
    ["GET", "/schedule/unreached"],
    ["GET", "/why"],
    ["PATCH", "", { goal: "x" }],
    ["PATCH", `/steps/${step}`, { body: "x" }],
    ["POST", "/duplicate", { name: "Mine" }],
    ["POST", "/start", {}],
    ["POST", "/pause", {}],
    ["POST", "/archive", {}],
  ];
  for (const [method, path, sent] of asked) {
    expect([path, (await foreign(method, `/campaigns/${id}${path}`, sent)).status]).toEqual([path, 404]);
  }
  expect((await foreign("GET", "/campaigns")).body.items).toEqual([]);
});
