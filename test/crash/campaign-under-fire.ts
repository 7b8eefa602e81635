// A running campaign with everything due at once, and the comparison of its ledger with what the mail server took.
import { secretBinding } from "../../src/automations/mailbox-access.ts";
import { sealSecret } from "../../src/core/encrypted-secret.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { after, MINUTE } from "../../src/core/instant.ts";
import { type Database, only } from "../../src/store/database.ts";
import { Outreach } from "../support/outreach.ts";
import type { AcceptingServer } from "./accepting-server.ts";

export const CONNECTIONS = 2;
/** Its server files copies of what it sent. */
export const ANNA = "anna@team.example";
/** Only sends; nobody files copies. */
export const BEN = "ben@team.example";
export const PASSWORD = "correct horse battery";

export interface Fire {
  readonly leads: number;
  readonly smtpPort: number;
  /** With an inbox, anna sends follow-ups, and ben, a relay whose answers she reads, sends beside her. Without: one step, from anna alone, who only sends. */
  readonly imapPort?: number;
}

/** Sends without gap or cap. It began two minutes ago, so that a follow-up is due as soon as the mail before it is recorded. */
export async function startCampaign(db: Database, { leads, smtpPort, imapPort }: Fire): Promise<void> {
  const team = await Outreach.begin(db, after(new Date(), -2 * MINUTE));
  const addMailbox = (email: string, reads: MailboxId | null): Promise<MailboxId> =>
    team.insert<MailboxId>(
      `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, reply_mailbox_id, daily_cap, min_gap_seconds, created_at, updated_at)
       values ($1, $2, $2, 'custom', '127.0.0.1', $3, 'none', $4, 100000, 0, $5, $5) returning id`,
      [team.workspaceId, email, smtpPort, reads, team.now],
    );
  const anna = await addMailbox(ANNA, null);
  if (imapPort) {
    const secret = sealSecret(team.agent.keys.credentials, PASSWORD, secretBinding(anna, "imap_secret"));
    const inbox = "update mailbox set imap_host = '127.0.0.1', imap_port = $2, imap_security = 'none', imap_secret = $3 where id = $1";
    await db.query(inbox, [anna, imapPort, secret]);
    await addMailbox(BEN, anna);
  }
  await team.addLeads(leads);
  const pool = imapPort ? `${ANNA}, ${BEN}` : ANNA;
  const more = `mailboxes: [${pool}]\npostal_address: 1 Oven Street, Bakerville\nwindow: { monday-sunday: 00:00-24:00 }`;
  await team.start(await team.addCampaign("Repairs", imapPort ? { a: "0 minutes", b: "1 minute" } : { a: "0 minutes" }, more));
  // Sweeps of a minute would only make the test wait.
  await db.query(
    `insert into schedule (automation, every_seconds, next_run_at) values ('recover-interrupted-sends', 1, $1), ('advance-enrollments', 1, $1)`,
    [team.now],
  );
}

/** Messages that nobody has recorded the end of, by state. */
export async function inFlight(db: Database): Promise<{ total: number; transmitting: string[] }> {
  const { rows } = await db.query<{ messageId: string; state: string }>(
    `select message_id as "messageId", state from message where state in ('queued', 'claimed', 'transmitting', 'deferred')`,
  );
  return { total: rows.length, transmitting: rows.flatMap((row) => (row.state === "transmitting" ? row.messageId : [])) };
}

/** True once no lead waits for its mail and no mail for its outcome. */
export async function allDone(db: Database): Promise<boolean> {
  const { rows } = await db.query<{ open: number }>(
    `select (select count(*) from enrollment where state = 'active' and pending_message_id is null)
       + (select count(*) from message where state in ('queued', 'claimed', 'transmitting', 'deferred')) as open`,
  );
  return only(rows).open === 0;
}

/** Uncertain mails of one mailbox that the server has. */
export async function provable(db: Database, mailbox: string, server: AcceptingServer): Promise<number> {
  const ids = new Set(server.accepted.map((mail) => mail.messageId));
  return (await readLines(db)).filter((line) => line.mailbox === mailbox && line.state === "uncertain" && ids.has(line.messageId)).length;
}

interface Line {
  readonly lead: string;
  readonly step: string;
  readonly state: string;
  readonly messageId: string;
  readonly mailbox: string;
}

async function readLines(db: Database): Promise<Line[]> {
  const { rows } = await db.query<Line>(
    `select m.recipient as lead, m.step_lineage as step, m.state, m.message_id as "messageId", mailbox.email as mailbox from message m
     join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id`,
  );
  return rows;
}

export interface Comparison {
  readonly messages: number;
  readonly sent: number;
  readonly uncertain: number;
  /** Uncertain, and the server has it. */
  readonly uncertainButAccepted: number;
  /** Taken by the server more than once: by Message-ID, or by recipient and step. */
  readonly doubled: number;
  /** Neither taken by the server nor said to be uncertain. */
  readonly lost: number;
  readonly neitherSentNorUncertain: number;
  /** Taken by the server, unknown to the ledger. */
  readonly unknown: number;
  /** Steps that a lead should have and the ledger does not know, or knows twice: the first, and each that follows one that was sent. */
  readonly vanished: number;
}

export async function compare(db: Database, { accepted }: AcceptingServer): Promise<Comparison> {
  const lines = await readLines(db);
  const leads = await db.query<{ email: string }>("select email from lead");
  const steps = await db.query<{ lineage: string }>("select lineage from step order by position");
  const ids = new Set(accepted.map((mail) => mail.messageId));
  const known = new Set(lines.map((line) => line.messageId));
  const places = new Set(accepted.map((mail) => `${mail.recipient} ${mail.step}`));
  const inState = (state: string) => lines.filter((line) => line.state === state);
  const [sent, uncertain] = [inState("sent"), inState("uncertain")];
  const perLead = Map.groupBy(lines, (line) => line.lead);
  const vanished = leads.rows.filter(({ email }) => !complete(perLead.get(email) ?? [], steps.rows));
  return {
    messages: lines.length,
    sent: sent.length,
    uncertain: uncertain.length,
    uncertainButAccepted: uncertain.filter((line) => ids.has(line.messageId)).length,
    doubled: accepted.length - Math.min(ids.size, places.size),
    lost: lines.filter((line) => !ids.has(line.messageId) && line.state !== "uncertain").length,
    neitherSentNorUncertain: lines.length - sent.length - uncertain.length,
    unknown: [...ids].filter((id) => !known.has(id)).length,
    vanished: vanished.length,
  };
}

/** Steps are there in their order, each once, up to the end or to one that is uncertain. */
function complete(lines: readonly Line[], steps: readonly { lineage: string }[]): boolean {
  const stateOf = new Map(lines.map((line) => [line.step, line.state]));
  const doubtful = steps.findIndex(({ lineage }) => stateOf.get(lineage) !== "sent");
  const expected = doubtful < 0 ? steps.length : doubtful + 1;
  return lines.length === expected && (doubtful < 0 || stateOf.get(steps[doubtful]?.lineage ?? "") === "uncertain");
}
