// Mailboxes: the accounts we send from and read, their limits and their health.

import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Provider, SentCopies, ServerAddress } from "../core/mailbox-presets.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { MailboxLimits } from "../core/send-budget.ts";
import type { Queryable } from "./database.ts";
import type { StoredLogin } from "./mailbox-login.ts";
import { type MailboxPause, UNREAD_PAUSES } from "./mailbox-pause.ts";

export interface MailServer extends ServerAddress {
  readonly login: StoredLogin;
}

export interface DomainCaps {
  readonly daily: number | null;
  readonly hourly: number | null;
}

export interface Mailbox {
  readonly workspaceId: WorkspaceId;
  readonly id: MailboxId;
  readonly email: string;
  readonly identityKey: string;
  readonly fromName: string | null;
  readonly provider: Provider;
  readonly smtp: MailServer;
  /** Null: a relay, which only sends. */
  readonly imap: MailServer | null;
  readonly replyMailboxId: MailboxId | null;
  readonly extraFolders: readonly string[];
  readonly limits: MailboxLimits;
  /** A person's choice, or what the first mail has shown; null: neither. */
  readonly sentCopies: SentCopies | null;
  /** Mails to one mail domain by day and by hour; null: as the settings say, 0: no limit. */
  readonly domainCaps: DomainCaps;
  readonly state: "active" | "paused";
  readonly pauseReason: MailboxPause | null;
  readonly pauseDetail: string | null;
  readonly pausedAt: Instant | null;
  readonly backoffUntil: Instant | null;
  readonly backoffCount: number;
  readonly smtpTestedAt: Instant | null;
  readonly imapTestedAt: Instant | null;
  /** Counts the changes that people made. */
  readonly version: number;
  /** After a restore: what it has sent since then is not known, and until it is, it sends nothing. Null: it is known. */
  readonly sentUnknownSince: Instant | null;
}

export const MAILBOX_COLUMNS = `
  mailbox.workspace_id as "workspaceId", mailbox.id, mailbox.email, mailbox.identity_key as "identityKey", mailbox.from_name as "fromName",
  mailbox.provider,
  jsonb_build_object('host', smtp_host, 'port', smtp_port, 'security', smtp_security, 'username', smtp_username) as smtp,
  smtp_secret as "smtpSecret",
  case when imap_host is not null then
    jsonb_build_object('host', imap_host, 'port', imap_port, 'security', imap_security, 'username', imap_username) end as imap,
  imap_secret as "imapSecret", oauth_provider as "oauthProvider",
  reply_mailbox_id as "replyMailboxId", extra_folders as "extraFolders",
  jsonb_build_object('mailboxId', mailbox.id, 'zone', mailbox.time_zone, 'dailyCap', daily_cap, 'minGapSeconds', min_gap_seconds,
    'rampUp', case when ramp_up_from is not null then
      jsonb_build_object('from', ramp_up_from, 'start', ramp_up_start, 'step', ramp_up_step) end) as limits,
  jsonb_build_object('daily', domain_daily_cap, 'hourly', domain_hourly_cap) as "domainCaps",
  sent_copies as "sentCopies", mailbox.state, pause_reason as "pauseReason", pause_detail as "pauseDetail",
  paused_at as "pausedAt", mailbox.version,
  backoff_until as "backoffUntil", backoff_count as "backoffCount",
  smtp_tested_at as "smtpTestedAt", imap_tested_at as "imapTestedAt",
  sent_unknown_since as "sentUnknownSince"`;

export type MailboxRow = Omit<Mailbox, "smtp" | "imap"> & {
  smtp: NewServer;
  imap: NewServer | null;
  smtpSecret: Buffer | null;
  imapSecret: Buffer | null;
  oauthProvider: OAuthProvider | null;
};

export function mailboxFromRow({ smtpSecret, imapSecret, oauthProvider: provider, smtp, imap, ...rest }: MailboxRow): Mailbox {
  const server = ({ username, ...address }: NewServer, secret: Buffer | null): MailServer => {
    const name = username ?? rest.email;
    if (provider) return { ...address, login: { kind: "oauth", username: name, provider } };
    return { ...address, login: secret ? { kind: "password", username: name, secret } : { kind: "none" } };
  };
  return { ...rest, smtp: server(smtp, smtpSecret), imap: imap && server(imap, imapSecret) };
}

export async function mailboxById(q: Queryable, workspaceId: WorkspaceId, id: MailboxId): Promise<Mailbox | null> {
  const { rows } = await q.query<MailboxRow>(`select ${MAILBOX_COLUMNS} from mailbox where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ? mailboxFromRow(rows[0]) : null;
}

export async function mailboxByAddress(q: Queryable, workspaceId: WorkspaceId, identityKey: string): Promise<Mailbox | null> {
  const { rows } = await q.query<MailboxRow>(`select ${MAILBOX_COLUMNS} from mailbox where workspace_id = $1 and identity_key = $2`, [
    workspaceId,
    identityKey,
  ]);
  return rows[0] ? mailboxFromRow(rows[0]) : null;
}

export async function listMailboxes(q: Queryable, workspaceId: WorkspaceId): Promise<Mailbox[]> {
  const { rows } = await q.query<MailboxRow>(`select ${MAILBOX_COLUMNS} from mailbox where workspace_id = $1 order by email`, [
    workspaceId,
  ]);
  return rows.map(mailboxFromRow);
}

/** The mailboxes that a campaign may send from. */
export async function mailboxesOfCampaign(q: Queryable, workspaceId: WorkspaceId, campaignId: string): Promise<Mailbox[]> {
  const { rows } = await q.query<MailboxRow>(
    `select ${MAILBOX_COLUMNS} from mailbox join campaign_mailbox pool on pool.workspace_id = mailbox.workspace_id and pool.mailbox_id = mailbox.id
     where pool.workspace_id = $1 and pool.campaign_id = $2 order by mailbox.email`,
    [workspaceId, campaignId],
  );
  return rows.map(mailboxFromRow);
}

/** Mailboxes that send. */
export async function activeMailboxIds(q: Queryable, workspaceId: WorkspaceId): Promise<MailboxId[]> {
  const { rows } = await q.query<{ id: MailboxId }>("select id from mailbox where workspace_id = $1 and state = 'active' order by id", [
    workspaceId,
  ]);
  return rows.map((row) => row.id);
}

/** Every mailbox with IMAP, in all workspaces: what is read. */
export async function readableMailboxes(q: Queryable): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select workspace_id as "workspaceId", id as "mailboxId" from mailbox
     where imap_host is not null and (pause_reason is null or pause_reason not in ${UNREAD_PAUSES}) order by id`,
  );
  return rows;
}

export interface NewServer extends ServerAddress {
  readonly username: string | null;
}

export interface NewMailbox {
  readonly workspaceId: WorkspaceId;
  readonly email: string;
  readonly identityKey: string;
  readonly fromName: string | null;
  readonly provider: Provider;
  readonly smtp: NewServer;
  readonly imap: NewServer | null;
  readonly replyMailboxId: MailboxId | null;
  readonly extraFolders: readonly string[];
  readonly timeZone: string;
  readonly dailyCap: number;
  readonly minGapSeconds: number;
  readonly rampUp: MailboxLimits["rampUp"];
  readonly domainCaps: DomainCaps;
}

/**
 * Adds a mailbox, or changes the one with the same address; says which. Null when that one is no longer of the version `over` (null: when there is
 * one): somebody was faster. Credentials and test results follow by their own statements.
 */
export async function saveMailbox(
  q: Queryable,
  mailbox: NewMailbox,
  over: number | null,
  at: Instant,
): Promise<{ id: MailboxId; created: boolean } | null> {
  const { smtp, imap, rampUp, domainCaps } = mailbox;
  const { rows } = await q.query<{ id: MailboxId; created: boolean }>(
    `insert into mailbox (workspace_id, email, identity_key, from_name, provider, smtp_host, smtp_port, smtp_security, smtp_username,
       imap_host, imap_port, imap_security, imap_username, reply_mailbox_id, extra_folders, time_zone, daily_cap, min_gap_seconds,
       ramp_up_from, ramp_up_start, ramp_up_step, domain_daily_cap, domain_hourly_cap, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $24)
     on conflict (workspace_id, identity_key) do update set
       email = excluded.email, from_name = excluded.from_name, provider = excluded.provider,
       smtp_host = excluded.smtp_host, smtp_port = excluded.smtp_port, smtp_security = excluded.smtp_security, smtp_username = excluded.smtp_username,
       imap_host = excluded.imap_host, imap_port = excluded.imap_port, imap_security = excluded.imap_security, imap_username = excluded.imap_username,
       reply_mailbox_id = excluded.reply_mailbox_id, extra_folders = excluded.extra_folders, time_zone = excluded.time_zone,
       daily_cap = excluded.daily_cap, min_gap_seconds = excluded.min_gap_seconds,
       ramp_up_from = excluded.ramp_up_from, ramp_up_start = excluded.ramp_up_start, ramp_up_step = excluded.ramp_up_step,
       domain_daily_cap = excluded.domain_daily_cap, domain_hourly_cap = excluded.domain_hourly_cap,
       version = mailbox.version + 1, updated_at = excluded.updated_at
     where mailbox.version = $25
     returning id, xmax = 0 as created`,
    [
      mailbox.workspaceId,
      mailbox.email,
      mailbox.identityKey,
      mailbox.fromName,
      mailbox.provider,
      smtp.host,
      smtp.port,
      smtp.security,
      smtp.username,
      imap?.host ?? null,
      imap?.port ?? null,
      imap?.security ?? null,
      imap?.username ?? null,
      mailbox.replyMailboxId,
      mailbox.extraFolders,
      mailbox.timeZone,
      mailbox.dailyCap,
      mailbox.minGapSeconds,
      rampUp?.from ?? null,
      rampUp?.start ?? null,
      rampUp?.step ?? null,
      domainCaps.daily,
      domainCaps.hourly,
      at,
      over,
    ],
  );
  return rows[0] ?? null;
}

/** Its servers or passwords were changed without a test: what worked before says nothing about them. */
export async function forgetTests(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, at: Instant): Promise<void> {
  await q.query("update mailbox set smtp_tested_at = null, imap_tested_at = null, updated_at = $3 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    at,
  ]);
}

/** Pauses that a successful login says nothing about. */
const NOT_BY_LOGIN = "coalesce(pause_reason, '') not in ('person', 'unsigned', 'domain')";

/** Records that sending (and reading) worked, which also ends a pause that a failed login caused. */
export async function recordTested(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: MailboxId,
  tested: { smtp: boolean; imap: boolean },
  at: Instant,
): Promise<void> {
  await q.query(
    `update mailbox set
       smtp_tested_at = case when $3 then $5::timestamptz else smtp_tested_at end,
       imap_tested_at = case when $4 then $5::timestamptz else imap_tested_at end,
       state = case when $3 and ${NOT_BY_LOGIN} then 'active' else state end,
       paused_at = case when $3 and ${NOT_BY_LOGIN} then null else paused_at end,
       pause_reason = case when $3 and ${NOT_BY_LOGIN} then null else pause_reason end,
       pause_detail = case when $3 and ${NOT_BY_LOGIN} then null else pause_detail end,
       backoff_until = case when $3 then null else backoff_until end,
       backoff_count = case when $3 then 0 else backoff_count end,
       updated_at = $5
     where workspace_id = $1 and id = $2`,
    [workspaceId, id, tested.smtp, tested.imap, at],
  );
}

/**
 * Stops a mailbox until a person acts. Of several causes the newest stands, for that is what must be mended next; a person's own pause stays. False
 * where it does.
 */
export async function pauseMailbox(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: MailboxId,
  reason: MailboxPause,
  detail: string,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `update mailbox set state = 'paused', pause_reason = $3, pause_detail = $4, paused_at = coalesce(paused_at, $5), updated_at = $5
     where workspace_id = $1 and id = $2 and pause_reason is distinct from 'person'`,
    [workspaceId, id, reason, detail, at],
  );
  return rowCount === 1;
}

export async function resumeMailbox(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    `update mailbox set state = 'active', pause_reason = null, pause_detail = null, paused_at = null,
       backoff_until = null, backoff_count = 0, updated_at = $3
     where workspace_id = $1 and id = $2 and state = 'paused'`,
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

/** Sends nothing from this mailbox before `until`: its server was unreachable or asked to slow down. */
export async function backOffMailbox(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, until: Instant): Promise<void> {
  await q.query("update mailbox set backoff_until = $3, backoff_count = backoff_count + 1 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    until,
  ]);
}

/** The server took a mail again. */
export async function endBackOff(q: Queryable, workspaceId: WorkspaceId, id: MailboxId): Promise<void> {
  await q.query("update mailbox set backoff_until = null, backoff_count = 0 where workspace_id = $1 and id = $2 and backoff_count > 0", [
    workspaceId,
    id,
  ]);
}

/** Leaves a recipient domain alone for this mailbox until a moment. */
export async function pauseRecipientDomain(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: MailboxId,
  domain: string,
  until: Instant,
  reason: string,
): Promise<void> {
  await q.query(
    `insert into recipient_domain_pause (workspace_id, mailbox_id, domain, until, reason) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, mailbox_id, domain) do update set until = excluded.until, reason = excluded.reason`,
    [workspaceId, id, domain, until, reason],
  );
}
