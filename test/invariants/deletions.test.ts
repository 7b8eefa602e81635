// What the product deletes is referred to from many tables, and each new table may refer to it. Every such reference is filled once here: the removal is
// then refused in words, or takes the row along, or the row forgets what it referred to. A foreign key that this file does not know fails it.
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JOBS } from "../../src/automations/catalog.ts";
import { removeList } from "../../src/automations/lead-lists.ts";
import { removeMailbox } from "../../src/automations/remove-mailbox.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { removeDomain } from "../../src/automations/sending-domains.ts";
import { AgentError } from "../../src/core/errors.ts";
import type { LeadId, ListId, MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { only } from "../../src/store/database.ts";
import { deleteLead } from "../../src/store/lead.ts";
import { testAgent } from "../support/agent.ts";
import { databaseForTests } from "../support/database.ts";
import { statementsIn } from "./sql-statements.ts";

const AT = "2026-03-02T08:00:00Z";
const times = { created_at: AT, updated_at: AT };
const STORE = new URL("../../src/store/", import.meta.url);

type Row = Readonly<Record<string, unknown>>;
/** `refused` with a code; the row went along; or it stays, and its column is null. */
type Becomes = "refused" | "gone" | "forgets";

interface Reference {
  readonly becomes: Becomes;
  /** The row that refers, but for the column itself. */
  readonly row: () => Promise<Row> | Row;
}

const { db } = await databaseForTests();
const agent = testAgent({ db, clock: { now: () => new Date(AT) } });
let workspace: WorkspaceId;
let counter = 0;
const unique = () => String((counter += 1));

async function add(table: string, row: Row): Promise<string> {
  const columns = Object.keys(row);
  const sql = `insert into ${table} as made (${columns.join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})
    returning to_jsonb(made) ->> 'id' as id`;
  return only((await db.query<{ id: string }>(sql, Object.values(row))).rows).id;
}

const own = (table: string, row: Row) => add(table, { workspace_id: workspace, ...row });

function newLead(): Promise<string> {
  const email = `lead${unique()}@bakery.example`;
  return own("lead", { email, identity_key: email, ...times });
}

function newMailbox(more: Row = {}): Promise<string> {
  const email = `anna${unique()}@team.example`;
  const server = { smtp_host: "mail.team.example", smtp_port: 465, smtp_security: "tls" };
  return own("mailbox", {
    email,
    identity_key: email,
    provider: "custom",
    ...server,
    daily_cap: 40,
    min_gap_seconds: 90,
    ...times,
    ...more,
  });
}

const newCampaign = (more: Row = {}) =>
  own("campaign", { name: `Campaign ${unique()}`, time_zone: "UTC", sending_window: "{}", ...times, ...more });

/** Of a new lead in a new campaign, unless `more` says whose. */
async function enrollmentRow(): Promise<Row> {
  const campaign_id = await newCampaign();
  const sequence_id = await own("sequence", { campaign_id, kind: "main", name: "Main" });
  const next_step_id = await own("step", { sequence_id, lineage: "first", position: 1 });
  const where = { campaign_id, sequence_id, next_step_id, lead_id: await newLead(), mailbox_id: await newMailbox() };
  return { ...where, reason: "enrolled", anchor_at: AT, pause_epoch: 0, ...times };
}

async function messageRow(): Promise<Row> {
  const enrollment = await enrollmentRow();
  const { campaign_id, next_step_id: step_id, lead_id, mailbox_id } = enrollment;
  const of = { campaign_id, step_id, lead_id, mailbox_id, enrollment_id: await own("enrollment", enrollment) };
  const sent = { state: "sent", slot_at: AT, sent_at: AT, recipient: "a@b.example", recipient_key: "a@b.example" };
  return { ...of, kind: "step", visit: 1, step_lineage: "first", message_id: `<${unique()}@team.example>`, ...sent, ...times };
}

async function inboundRow(disposition: "ignored" | "unmatched" = "unmatched"): Promise<Row> {
  const place = { mailbox_id: await newMailbox(), folder: "INBOX", uid_validity: 1, uid: Number(unique()) };
  const judged = { verdict: "reply", disposition, disposition_reason: "unknown_sender" };
  return { ...place, fingerprint: Buffer.from(unique()), received_at: AT, ...judged };
}

/** What the product deletes, and how. What stands in `of` has gone along: its references count, too. */
const REMOVALS: Readonly<Record<string, { make: () => Promise<string>; remove: (id: string) => Promise<unknown> }>> = {
  mailbox: { make: newMailbox, remove: (id) => removeMailbox(agent, workspace, id as MailboxId) },
  lead: { make: newLead, remove: (id) => db.transaction((tx) => deleteLead(tx, workspace, id as LeadId)) },
  lead_list: {
    make: () => own("lead_list", { name: `List ${unique()}`, created_at: AT }),
    remove: (id) => removeList(agent, { workspaceId: workspace, listId: id as ListId }),
  },
  sending_domain: {
    make: () => own("sending_domain", { domain: `team${unique()}.example`, created_at: AT }),
    remove: async (id) => {
      const { rows } = await db.query<{ domain: string }>("select domain from sending_domain where id = $1", [id]);
      return removeDomain(agent, workspace, only(rows).domain);
    },
  },
  // they go with the mailbox, and with the lead
  inbound_message: {
    make: async () => own("inbound_message", await inboundRow("ignored")),
    remove: async (id) => {
      const { rows } = await db.query<{ mailbox: MailboxId }>("select mailbox_id as mailbox from inbound_message where id = $1", [id]);
      return removeMailbox(agent, workspace, only(rows).mailbox);
    },
  },
  enrollment: {
    make: async () => own("enrollment", await enrollmentRow()),
    remove: async (id) => {
      const { rows } = await db.query<{ lead: LeadId }>("select lead_id as lead from enrollment where id = $1", [id]);
      return db.transaction((tx) => deleteLead(tx, workspace, only(rows).lead));
    },
  },
};

/** "table.column > what it refers to", without the workspace. */
const REFERENCES: Readonly<Record<string, Reference>> = {
  "campaign_mailbox.mailbox_id > mailbox": { becomes: "refused", row: async () => ({ campaign_id: await newCampaign() }) },
  "enrollment.mailbox_id > mailbox": { becomes: "refused", row: enrollmentRow },
  "message.mailbox_id > mailbox": { becomes: "refused", row: messageRow },
  "mailbox.reply_mailbox_id > mailbox": { becomes: "refused", row: () => mailboxRow() },
  "inbound_message.mailbox_id > mailbox": { becomes: "refused", row: () => inboundRow() },
  "grant_request.mailbox_id > mailbox": { becomes: "forgets", row: () => grantRequestRow() },
  "inbox_cursor.mailbox_id > mailbox": {
    becomes: "gone",
    row: () => ({ folder: "INBOX", role: "inbox", uid_validity: 1, last_uid: 0, created_at: AT }),
  },
  "mailbox_grant.mailbox_id > mailbox": {
    becomes: "gone",
    row: () => ({ subject: "1", refresh_secret: "\\x01", access_secret: "\\x01", access_expires_at: AT, granted_at: AT, renewed_at: AT }),
  },
  "mailbox_lease.mailbox_id > mailbox": {
    becomes: "gone",
    row: () => ({ purpose: "read", holder: "a process that died", fence: 1, expires_at: AT }),
  },
  "recipient_domain_pause.mailbox_id > mailbox": { becomes: "gone", row: () => ({ domain: "b.example", until: AT, reason: "policy" }) },
  "send_budget.mailbox_id > mailbox": { becomes: "gone", row: () => ({ day: "2026-03-02", cap: 40, used: 1 }) },
  "send_quota.mailbox_id > mailbox": { becomes: "gone", row: () => ({ period: "day 2026-03-02", most: 5, used: 1, ends_at: AT }) },
  "sent_copy.mailbox_id > mailbox": {
    becomes: "gone",
    row: async () => ({ message_id: await own("message", await messageRow()), due_at: AT }),
  },
  "enrollment.lead_id > lead": { becomes: "gone", row: enrollmentRow },
  "inbound_message.lead_id > lead": { becomes: "forgets", row: () => inboundRow() },
  "inbound_message.suggested_lead_id > lead": { becomes: "forgets", row: () => inboundRow() },
  "lead_list_member.lead_id > lead": { becomes: "gone", row: async () => ({ list_id: await newList(), added_at: AT }) },
  "lead_tag.lead_id > lead": { becomes: "gone", row: () => ({ tag: "vip" }) },
  "message.lead_id > lead": { becomes: "forgets", row: messageRow },
  "campaign.list_id > lead_list": { becomes: "refused", row: () => campaignRow() },
  "lead_import.list_id > lead_list": {
    becomes: "forgets",
    row: () => ({ file_name: "leads.csv", on_duplicate: "skip", state: "completed", started_at: AT, ended_at: AT }),
  },
  "lead_list_member.list_id > lead_list": { becomes: "gone", row: async () => ({ lead_id: await newLead(), added_at: AT }) },
  "domain_check.domain_id > sending_domain": {
    becomes: "gone",
    row: () => ({ check_kind: "spf", result: "pass", sentence: "It passes.", checked_at: AT }),
  },
  "inbound_body.inbound_message_id > inbound_message": { becomes: "gone", row: () => ({ received_at: AT, raw: Buffer.from("mail") }) },
  "reply_analysis.inbound_message_id > inbound_message": {
    becomes: "gone",
    row: () => ({ at: AT, analyst: "rules", analyst_version: "1", interest_level: "neutral", confidence: 0.5, evidence: "" }),
  },
  "enrollment_event.enrollment_id > enrollment": { becomes: "gone", row: () => ({ at: AT, reason: "enrolled", to_state: "active" }) },
  "inbound_message.enrollment_id > enrollment": { becomes: "forgets", row: () => inboundRow() },
  "message.enrollment_id > enrollment": { becomes: "forgets", row: messageRow },
};

const newList = () => own("lead_list", { name: `List ${unique()}`, created_at: AT });
const campaignRow = (): Row => ({ name: `Campaign ${unique()}`, time_zone: "UTC", sending_window: "{}", ...times });

function mailboxRow(): Row {
  const email = `relay${unique()}@team.example`;
  const server = { smtp_host: "mail.team.example", smtp_port: 465, smtp_security: "tls" };
  return { email, identity_key: email, provider: "custom", ...server, daily_cap: 40, min_gap_seconds: 90, ...times };
}

const grantRequestRow = (): Row => ({
  state_hash: Buffer.from(unique()),
  begun_by_hash: Buffer.from(unique()),
  provider: "custom",
  redirect_uri: "https://team.example/oauth/callback",
  secret: "\\x01",
  mailbox: { email: "ann@team.example" },
  actor: { kind: "command_line", id: null, name: "ann" },
  expires_at: AT,
  taken_at: AT,
  ended_at: AT,
});

beforeAll(async () => {
  workspace = (await add("workspace", { name: "team" })) as WorkspaceId;
});
afterAll(() => agent.inboxes.close());

test("every reference to what is deleted, and to what goes along with it, is known here", async () => {
  const { rows } = await db.query<{ key: string; table: string; of: string; cascades: boolean }>(
    `select r.relname || '.' || (
         select string_agg(a.attname, '+' order by a.attname) from pg_attribute a
         where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attname <> 'workspace_id') || ' > ' || p.relname as key,
       r.relname as "table", p.relname as of, k.confdeltype = 'c' as cascades
     from pg_constraint k join pg_class r on r.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and k.conparentid = 0 and r.relnamespace = current_schema()::regnamespace`,
  );
  const gone = new Set(deletedTables());
  for (let size = 0; size !== gone.size; ) {
    size = gone.size;
    for (const { table, of, cascades } of rows) if (cascades && gone.has(of)) gone.add(table);
  }
  expect(
    rows
      .filter(({ of }) => gone.has(of))
      .map(({ key }) => key)
      .toSorted(),
  ).toEqual(Object.keys(REFERENCES).toSorted());
});

/** Tables that a statement of store/ deletes rows from. */
function deletedTables(): string[] {
  const files = readdirSync(STORE).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const texts = files.flatMap((name) => statementsIn(new URL(name, STORE), name)).map(({ text }) => text ?? "");
  return texts.flatMap((text) => [...text.matchAll(/\bdelete from (\w+)/g)].map(([, table = ""]) => table));
}

test("the deletions are read out of the source", () => {
  expect(deletedTables()).toEqual(expect.arrayContaining(["mailbox", "lead", "lead_list", "sending_domain", "member", "segment"]));
});

test.each(Object.entries(REFERENCES))("%s", async (key, { becomes, row }) => {
  const [place = "", of = ""] = key.split(" > ");
  const [table = "", column = ""] = place.split(".");
  const removal = REMOVALS[of];
  const id = await removal?.make();
  await own(table, { ...(await row()), [column]: id });
  const count = async (where: string) => only((await db.query<{ n: number }>(`select count(*) as n from ${table} where ${where}`)).rows).n;
  const all = await count("true");

  const refused = await removal?.remove(id ?? "").then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused instanceof AgentError ? refused.code : refused).toBe(becomes === "refused" ? "in_use" : null);
  expect(await count(`${column} = '${id}'`)).toBe(becomes === "refused" ? 1 : 0);
  expect(await count("true")).toBe(becomes === "gone" ? all - 1 : all);
  expect((await db.query(`select from ${of} where id = $1`, [id])).rowCount).toBe(becomes === "refused" ? 1 : 0);
});

test("a lead with everything that may refer to it goes in one piece; what was sent stays", async () => {
  const message = await messageRow();
  const messageId = await own("message", message);
  const { lead_id: lead, enrollment_id: enrollment } = message;
  await own("enrollment_event", { enrollment_id: enrollment, at: AT, reason: "enrolled", to_state: "active" });
  await own("inbound_message", { ...(await inboundRow()), enrollment_id: enrollment, lead_id: lead, suggested_lead_id: lead });
  await own("lead_tag", { lead_id: lead, tag: "vip" });
  await own("lead_list_member", { lead_id: lead, list_id: await newList(), added_at: AT });
  expect(await REMOVALS["lead"]?.remove(String(lead))).toBe(true);
  const { rows } = await db.query("select lead_id, enrollment_id, state from message where id = $1", [messageId]);
  expect(rows).toEqual([{ lead_id: null, enrollment_id: null, state: "sent" }]);
});

const OF_ONE_THING = ["send-batch", "sync-inbox", "file-sent-copies", "enroll-leads", "check-domain", "analyze-reply"] as const;

test.each(OF_ONE_THING)("%s that was waiting when its thing was removed comes to nothing", async (name) => {
  const given = { workspaceId: workspace } as Record<string, string>;
  for (const field of Object.keys(JOBS[name].payload.shape)) if (field !== "askedBy") given[field] ??= randomUUID();
  const payload = JOBS[name].payload.parse(given);
  const counts = await runJob(agent, name, payload);
  expect(Object.values(counts ?? {}).filter((count) => count !== 0)).toEqual([]);
});
