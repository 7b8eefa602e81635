// SMTP servers that hang, speak nonsense, never end or hang up, at every stage: each ends within its time, in its class, without much memory, and
// keeps no other mailbox from sending.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { secretBinding } from "../../src/automations/mailbox-access.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { sealSecret } from "../../src/core/encrypted-secret.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { SECOND } from "../../src/core/instant.ts";
import { only } from "../../src/store/database.ts";
import { type LiveMailbox, LiveOutreach, PASSWORD } from "../support/live-outreach.ts";
import { FAULTS, type Fault, STAGES, type Stage, startUnrulySmtp, type UnrulySmtp } from "../support/unruly-smtp.ts";

const TIMEOUT_SECONDS = 0.7;
/** Connecting, logging in, sending, and saying good-bye have each their patience (mail/smtp.ts). */
const LONGEST = 15 * SECOND;
/** A socket's buffers on loopback hold some megabytes; a client that reads on takes hundreds within the time that it has. */
const BUFFERS = 16 * 1024 * 1024;

interface Cell {
  readonly stage: Stage;
  readonly fault: Fault;
  readonly server: UnrulySmtp;
  readonly mailboxId: MailboxId;
}

let team: LiveOutreach;
let good: LiveMailbox;
let cells: Cell[];
/** Milliseconds until each mailbox had done with its server. */
const took = new Map<string, number>();

beforeAll(async () => {
  const sending = { connect_timeout_seconds: TIMEOUT_SECONDS, reply_timeout_seconds: TIMEOUT_SECONDS };
  team = await LiveOutreach.begin({ settings: { sending } });
  good = await team.addMailbox("good@team.example");
  cells = await Promise.all(
    STAGES.flatMap((stage) => (Object.keys(FAULTS) as Fault[]).map((fault, index) => addUnruly(stage, fault, index))),
  );
  await team.addLeads(cells.length + 1);
  await team.start(team.campaign({ steps: { a: "0 minutes" } }));
  await giveEachOneLead();
  await Promise.all([...cells.map((cell) => cell.mailboxId), good.id].map(send));
}, 60_000);
afterAll(async () => {
  await Promise.all(cells.map(({ server }) => server.stop()));
  await team.end();
});

async function addUnruly(stage: Stage, fault: Fault, index: number): Promise<Cell> {
  const server = await startUnrulySmtp(stage, fault);
  const email = `${stage}${index}@team.example`.toLowerCase();
  const { rows } = await team.db.query<{ id: MailboxId }>(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, smtp_username, reply_mailbox_id,
       daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, $2, $2, 'custom', '127.0.0.1', $3, 'none', $2, $4, 40, 0, $5, $5) returning id`,
    [team.workspaceId, email, server.port, good.id, team.now],
  );
  const { id } = only(rows);
  const secret = sealSecret(team.agent.keys.credentials, PASSWORD, secretBinding(id, "smtp_secret"));
  await team.db.query("update mailbox set smtp_secret = $2 where id = $1", [id, secret]);
  return { stage, fault, server, mailboxId: id };
}

async function giveEachOneLead(): Promise<void> {
  const mailboxes = [...cells.map((cell) => cell.mailboxId), good.id];
  await team.db.query(
    `update enrollment e set mailbox_id = pair.mailbox_id
     from (select id, $2::uuid[] as all_of_them, row_number() over (order by id) as place from enrollment where workspace_id = $1) one,
       lateral (select one.all_of_them[one.place] as mailbox_id) pair
     where e.workspace_id = $1 and e.id = one.id`,
    [team.workspaceId, mailboxes],
  );
}

async function send(mailboxId: MailboxId): Promise<void> {
  const began = performance.now();
  await runJob(team.agent, "send-batch", { workspaceId: team.workspaceId, mailboxId });
  took.set(mailboxId, performance.now() - began);
}

async function found({ mailboxId }: Cell): Promise<{ mail: string; mailbox: string }> {
  const { rows } = await team.db.query<{ mail: string; mailbox: string }>(
    `select concat_ws(' ', m.state, m.reason) as mail,
       case when mb.state <> 'active' then 'paused: ' || mb.pause_reason when mb.backoff_until is not null then 'waits' else 'active' end as mailbox
     from message m join mailbox mb on mb.workspace_id = m.workspace_id and mb.id = m.mailbox_id where m.mailbox_id = $1`,
    [mailboxId],
  );
  return only(rows);
}

/** Not let in: nothing left this machine, and the mailbox waits. Before the mail was asked for: it cannot be there. Afterwards: nobody knows. */
function expected({ stage, fault }: Cell): { mail: string; mailbox: string } {
  if (fault === "answers slowly, a byte at a time" || stage === "QUIT") return { mail: "sent", mailbox: "active" };
  if (stage === "greeting" || stage === "EHLO" || stage === "AUTH") return { mail: "queued", mailbox: "waits" };
  if (stage === "dot") return { mail: "uncertain connection_lost_after_data", mailbox: "active" };
  return { mail: "deferred connection_lost", mailbox: "active" };
}

describe.each(STAGES)("at %s a server", (stage) => {
  test.each(Object.keys(FAULTS) as Fault[])("that %s", async (fault) => {
    const cell = only(cells.filter((one) => one.stage === stage && one.fault === fault));
    expect(await found(cell)).toEqual(expected(cell));
    expect(took.get(cell.mailboxId)).toBeLessThan(LONGEST);
    expect(cell.server.bytesTaken()).toBeLessThan(BUFFERS);
  });
});

test("nobody else waits for them", async () => {
  expect(good.smtp.accepted).toHaveLength(1);
  expect(took.get(good.id)).toBeLessThan(LONGEST / 2);
});
