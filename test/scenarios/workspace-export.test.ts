// One workspace goes from one installation to another, with all that is its own and nothing of anybody else's; its mail goes on where it was.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeArchive } from "../../src/archive/archive-file.ts";
import { pieceName } from "../../src/automations/backup-manifest.ts";
import { exportWorkspace } from "../../src/automations/export-workspace.ts";
import { importLeads } from "../../src/automations/import-leads.ts";
import { importWorkspace } from "../../src/automations/import-workspace.ts";
import { imapAccess, smtpAccess } from "../../src/automations/mailbox-access.ts";
import { addSendingDomain } from "../../src/automations/sending-domains.ts";
import { writeAbout } from "../../src/automations/workspace-archive.ts";
import type { CampaignId, WorkspaceId } from "../../src/core/ids.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { only } from "../../src/store/database.ts";
import { listMailboxes } from "../../src/store/mailbox.ts";
import { recordedMigrations } from "../../src/store/migrate.ts";
import { listSendingDomains } from "../../src/store/sending-domain.ts";
import { ensureWorkspace } from "../../src/store/workspace.ts";
import { readLedger } from "../support/ledger.ts";
import { type LiveMailbox, LiveOutreach, PASSWORD } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";
import { rowsOf } from "../support/table-rows.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-workspace-"));
afterAll(() => rmSync(directory, { recursive: true }));

const PASSPHRASE = "a long and winding road";
const ANNA = "anna@team.example";
const KIM = "kim@bakery.example";

let here: LiveOutreach;
let there: LiveOutreach;
let anna: LiveMailbox;
let made = 0;

beforeEach(async () => {
  here = await LiveOutreach.begin();
  there = await LiveOutreach.begin();
  Object.assign(there.agent, { keys: deriveKeys(new Uint8Array(32).fill(5)) });
  anna = await here.addMailbox(ANNA);
  anna.smtp.faults.onData = (mail) => {
    anna.imap.deliver(mail.raw, "Sent", here.now);
    return null;
  };
  await here.addLead({ email: KIM, firstName: "Kim" });
  await here.addLead({ email: "lee@bakery.example" });
  const steps = { a: { subject: "Repairs", body: "Hi." }, b: { after: "2 days", body: "And?" }, c: { after: "2 days", body: "Last." } };
  await here.start(here.campaign({ steps }));
  await here.pass();
  here.deliver(reply({ to: await here.lastOurs("lee@bakery.example"), from: "lee@bakery.example", text: "No, thank you." }));
  await here.pass(HOUR);
  const other = await ensureWorkspace(here.db, "somebody else");
  await here.db.query(
    "insert into lead (workspace_id, email, identity_key, created_at, updated_at) values ($1, 'x@y.example', 'x@y.example', $2, $2)",
    [other, here.now],
  );
});
afterEach(() => Promise.all([here.end(), there.end()]));

async function exported(passphrase: string | null): Promise<string> {
  const file = join(directory, `${(made += 1)}.tar.gz`);
  await exportWorkspace(here.agent, { workspaceId: here.workspaceId, file, version: "1", passphrase });
  return file;
}

const imported = (file: string, passphrase: string | null, name: string | null = "moved") =>
  importWorkspace(there.agent, { file, passphrase, name });

/** Rows of one workspace, without what an import changes on purpose. */
async function owned(team: LiveOutreach, id: WorkspaceId) {
  const all = await rowsOf(team.db, ["mailbox", "mailbox_lease", "inbox_cursor", "workspace"]);
  const own = Object.entries(all).map(([table, rows]) => [table, rows.filter((row) => row.includes(id))] as const);
  return Object.fromEntries(own.filter(([table, rows]) => rows.length > 0 && table !== "automation_run"));
}

test("every row of the workspace arrives, and none of another", async () => {
  const { workspaceId, rows } = await imported(await exported(null), null);
  expect(rows).toMatchObject({ lead: 2, message: 2, inbound_message: 3, campaign: 1 });
  expect(await owned(there, workspaceId)).toEqual(await owned(here, here.workspaceId));
  expect((await there.db.query("select name from workspace order by name")).rows).toEqual([{ name: "moved" }, { name: "team" }]);
  expect((await there.db.query("select from lead where email = 'x@y.example'")).rowCount).toBe(0);
});

test("passwords come under the passphrase only; without it mailboxes are paused", async () => {
  const file = await exported(PASSPHRASE);
  expect(gunzipSync(readFileSync(file)).includes(PASSWORD)).toBe(false);
  await expect(imported(file, "another passphrase")).rejects.toMatchObject({ code: "invalid_input" });
  const { workspaceId, paused } = await imported(file, PASSPHRASE);
  expect(paused).toBe(0);
  const [mailbox] = await listMailboxes(there.db, workspaceId);
  expect(mailbox).toMatchObject({ state: "active", sentUnknownSince: here.now });
  expect(mailbox && (await smtpAccess(there.agent, mailbox)).login).toMatchObject({ password: PASSWORD });
  expect(mailbox && (await imapAccess(there.agent, mailbox)).login).toMatchObject({ password: PASSWORD });
});

test.each([
  ["an export without them", null, null],
  ["an export whose passphrase is not given", PASSPHRASE, null],
])("%s leaves mailboxes paused until they are entered", async (_, written, given) => {
  const { workspaceId, paused } = await imported(await exported(written), given);
  expect(paused).toBe(1);
  const [mailbox] = await listMailboxes(there.db, workspaceId);
  expect(mailbox).toMatchObject({
    state: "paused",
    pauseReason: "smtp_auth",
    smtp: { login: { kind: "none" } },
    imap: { login: { kind: "none" } },
  });
});

describe("a domain whose mail is signed", () => {
  const domain = "team.example";
  const signed = (team: LiveOutreach, workspaceId: WorkspaceId, selector: string) =>
    addSendingDomain(team.agent, { workspaceId, domain, selector });

  test("comes without its key, and its mailboxes send nothing until it has another one: never unsigned", async () => {
    await signed(here, here.workspaceId, "old");
    const { rows } = await here.db.query<{ key: Buffer }>("select private_key as key from sending_domain where private_key is not null");
    const file = await exported(PASSPHRASE);
    const bytes = gunzipSync(readFileSync(file)).toString("latin1");
    expect(bytes).not.toContain(rows[0]?.key.toString("hex"));
    there.now = here.now;
    there.mailboxes.push(...here.mailboxes.splice(0));
    const { workspaceId, paused, domainsWithoutKey } = await imported(file, PASSPHRASE);
    expect([paused, domainsWithoutKey]).toEqual([0, [domain]]);
    expect(await listSendingDomains(there.db, workspaceId)).toMatchObject([{ domain, selector: "old", keyIsMissing: true }]);
    expect((await listMailboxes(there.db, workspaceId))[0]).toMatchObject({ state: "paused", pauseReason: "unsigned" });

    const before = there.accepted().length;
    await there.pass(3 * DAY);
    await resumed(workspaceId);
    for (let hours = 0; hours < 12; hours += 6) await there.pass(6 * HOUR);
    expect(there.accepted()).toHaveLength(before);
    const [stopped] = await listMailboxes(there.db, workspaceId);
    expect(stopped).toMatchObject({ state: "paused", pauseReason: "unsigned" });
    expect(stopped?.pauseDetail).toContain(`\`domain add ${domain}\` makes another one`);

    await expect(signed(there, workspaceId, "old")).rejects.toMatchObject({ code: "already_exists" });
    await signed(there, workspaceId, "new");
    await there.pass(MINUTE);
    const since = there.accepted().slice(before);
    expect(since.map(({ to, raw }) => [to, /s=(\w+);/.exec(raw)?.[1]])).toEqual([[[KIM], "new"]]);
  });

  /** Somebody who does not read why a mailbox is paused. */
  async function resumed(workspaceId: WorkspaceId): Promise<void> {
    await there.db.query(
      "update mailbox set state = 'active', pause_reason = null, pause_detail = null, paused_at = null where workspace_id = $1",
      [workspaceId],
    );
  }
});

test("mail goes on where it was, whatever the other installation has sent meanwhile", async () => {
  const file = await exported(PASSPHRASE);
  await here.pass(2 * DAY + HOUR);
  expect(here.accepted().filter(({ to }) => to.includes(KIM))).toHaveLength(2);
  there.now = here.now;
  there.mailboxes.push(...here.mailboxes.splice(0));
  const { workspaceId } = await imported(file, PASSPHRASE);
  await there.pass(MINUTE);
  for (let half = 0; half < 16; half += 1) await there.pass(6 * HOUR);
  const lines = (await readLedger(there.db, workspaceId)).filter(({ lead }) => lead === KIM);
  expect(lines.map(({ step, state }) => `${step} ${state}`)).toEqual(["a sent", "b sent", "c sent"]);
  expect(there.accepted().filter(({ to }) => to.includes(KIM))).toHaveLength(3);
  expect(there.accepted().filter(({ to }) => to.includes("lee@bakery.example"))).toHaveLength(1);
});

test("a lead that another tool wrote to goes on there where it stopped", async () => {
  const { rows } = await here.db.query<{ id: CampaignId }>("select id from campaign");
  const content = Readable.from([Buffer.from("Email,Last step,Last contacted\nmoving@x.example,2,2026-03-03\n")]);
  const continues = { campaignId: only(rows).id, dayOrder: null };
  const { workspaceId: own } = here;
  await importLeads(here.agent, { workspaceId: own, fileName: "x.csv", content, list: null, onDuplicate: "fill", continues });
  const file = await exported(PASSPHRASE);
  there.now = here.now;
  there.mailboxes.push(...here.mailboxes.splice(0));
  const { workspaceId } = await imported(file, PASSPHRASE);
  await there.pass(MINUTE);
  for (let half = 0; half < 16; half += 1) await there.pass(6 * HOUR);
  const lines = (await readLedger(there.db, workspaceId)).filter(({ lead }) => lead === "moving@x.example");
  expect(lines.map(({ step, state }) => `${step} ${state}`).toSorted()).toEqual(["a sent", "b sent", "c sent"]);
  expect(there.accepted().filter(({ to }) => to.includes("moving@x.example"))).toHaveLength(1);
});

test("a workspace that is here already, or whose name is taken, is refused whole", async () => {
  const file = await exported(null);
  await expect(imported(file, null, null)).rejects.toMatchObject({ code: "already_exists" });
  expect((await there.db.query("select from lead")).rowCount).toBe(0);
  await imported(file, null);
  await expect(imported(file, null, "again")).rejects.toMatchObject({ code: "already_exists" });
});

test("a torn file, and one that would write into another workspace, change nothing", async () => {
  const whole = readFileSync(await exported(null));
  const torn = join(directory, "torn.tar.gz");
  writeFileSync(torn, whole.subarray(0, whole.length - 40));
  await expect(imported(torn, null)).rejects.toMatchObject({ code: "archive_damaged" });

  const forged = join(directory, "forged.tar.gz");
  const migrations = [...(await recordedMigrations(there.db))].map(([name, sha256]) => ({ name, sha256 }));
  const workspace = { id: here.workspaceId, name: "forged" };
  await writeArchive(forged, null, async (archive) => {
    await archive.add("workspace.json", writeAbout({ version: "1", at: here.now, workspace, migrations, salt: null }));
    await archive.add(pieceName("workspace", 1), Buffer.from(`${here.workspaceId}\tforged\t\\N\t2026-01-01\n`));
    await archive.add(pieceName("lead_list", 1), Buffer.from(`${there.workspaceId}\t${here.workspaceId}\tmine\t2026-01-01\n`));
    return { workspace: 1, lead_list: 1 };
  });
  await expect(imported(forged, null)).rejects.toMatchObject({ code: "archive_damaged" });
  expect((await there.db.query("select from lead_list")).rowCount).toBe(0);
  expect((await there.db.query("select from workspace")).rowCount).toBe(1);
});
