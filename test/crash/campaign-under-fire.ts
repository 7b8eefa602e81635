// A running one-step campaign with everything due at once, and the comparison of its ledger with what the mail server took.
import type { MailboxId } from "../../src/core/ids.ts";
import { type Database, only } from "../../src/store/database.ts";
import { Outreach } from "../support/outreach.ts";
import type { AcceptingServer } from "./accepting-server.ts";

export const CONNECTIONS = 2;

export interface Ledger {
  /** Message-ID → state. */
  readonly stateOf: ReadonlyMap<string, string>;
  readonly leadsWithoutOneMessage: number;
}

/** Sends from one mailbox without gap or cap through the server on `port`. */
export async function startCampaign(db: Database, port: number, leads: number): Promise<void> {
  const team = await Outreach.begin(db, new Date());
  const { workspaceId, now } = team;
  await team.insert<MailboxId>(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, 'anna@team.example', 'anna@team.example', 'custom', '127.0.0.1', $2, 'none', 100000, 0, $3, $3) returning id`,
    [workspaceId, port, now],
  );
  await team.addLeads(leads);
  const always = "window: { monday-sunday: 00:00-24:00 }";
  const more = `mailboxes: [anna@team.example]\npostal_address: 1 Oven Street, Bakerville\n${always}`;
  await team.start(await team.addCampaign("Repairs", { intro: "0 minutes" }, more));
  // A sweep of a minute would only make the test wait.
  await db.query("insert into schedule (automation, every_seconds, next_run_at) values ('recover-interrupted-sends', 1, $1)", [now]);
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

export async function readLedger(db: Database): Promise<Ledger> {
  const messages = await db.query<{ messageId: string; state: string }>(`select message_id as "messageId", state from message`);
  const leads = await db.query<{ count: number }>(
    "select count(*) from lead where (select count(*) from message where message.workspace_id = lead.workspace_id and message.lead_id = lead.id) <> 1",
  );
  return {
    stateOf: new Map(messages.rows.map((row) => [row.messageId, row.state])),
    leadsWithoutOneMessage: only(leads.rows).count,
  };
}

export interface Comparison {
  readonly messages: number;
  readonly sent: number;
  readonly uncertain: number;
  /** Uncertain, and the server has it. */
  readonly uncertainButAccepted: number;
  /** Taken by the server more than once: by Message-ID or by recipient. */
  readonly doubled: number;
  /** Neither taken by the server nor said to be uncertain. */
  readonly lost: number;
  readonly neitherSentNorUncertain: number;
  /** Taken by the server, unknown to the ledger. */
  readonly unknown: number;
  readonly leadsWithoutOneMessage: number;
}

export function compare({ stateOf, leadsWithoutOneMessage }: Ledger, { accepted }: AcceptingServer): Comparison {
  const ids = new Set(accepted.map((mail) => mail.messageId));
  const recipients = new Set(accepted.map((mail) => mail.recipient));
  const inState = (state: string) => [...stateOf].filter(([, found]) => found === state).map(([id]) => id);
  const [sent, uncertain] = [inState("sent"), inState("uncertain")];
  return {
    messages: stateOf.size,
    sent: sent.length,
    uncertain: uncertain.length,
    uncertainButAccepted: uncertain.filter((id) => ids.has(id)).length,
    doubled: accepted.length - Math.min(ids.size, recipients.size),
    lost: [...stateOf].filter(([id, state]) => !ids.has(id) && state !== "uncertain").length,
    neitherSentNorUncertain: stateOf.size - sent.length - uncertain.length,
    unknown: [...ids].filter((id) => !stateOf.has(id)).length,
    leadsWithoutOneMessage,
  };
}
