// Adds a mailbox, or changes the one with that address: first it must be able to send and be read, then it is stored with its passwords sealed.
import { type EmailAddress, parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import {
  forgetTests,
  type Mailbox,
  mailboxByAddress,
  type NewMailbox,
  type NewServer,
  recordTested,
  saveMailbox,
} from "../store/mailbox.ts";
import { mailboxUses } from "../store/mailbox-removal.ts";
import { chooseSentCopies } from "../store/sent-copy.ts";
import type { Agent } from "./agent.ts";
import { connectInbox } from "./connect-inbox.ts";
import { type Access, accessOf, type NewGrant, storeLogin } from "./mailbox-login.ts";
import { type CheckedRequest, checkedRequest, type MailboxRequest } from "./mailbox-request.ts";
import { type MailboxTests, refuseFailed, refuseForbiddenHosts, type Tried, tryAccess } from "./test-mailbox.ts";

export type { MailboxRequest } from "./mailbox-request.ts";

export interface AddedMailbox {
  readonly mailboxId: MailboxId;
  readonly created: boolean;
  /** Null: not tested. */
  readonly tests: MailboxTests | null;
}

/**
 * Throws `invalid_input`; `precondition_failed` when somebody else changed it meanwhile; or the error of the server that did not let us in (both
 * are named). Then nothing is stored.
 */
export async function addMailbox(
  agent: Agent,
  { workspaceId, ...given }: MailboxRequest & { readonly workspaceId: WorkspaceId },
  grant: NewGrant | null = null,
): Promise<AddedMailbox> {
  const request = checkedRequest(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  const known = await mailboxByAddress(agent.db, workspaceId, address.identityKey);
  return saveTested(agent, workspaceId, request, address, known, { grant });
}

/** As `addMailbox`, of an address that has none yet. Throws `already_exists`. */
export async function addNewMailbox(
  agent: Agent,
  { workspaceId, ...given }: MailboxRequest & { readonly workspaceId: WorkspaceId },
): Promise<AddedMailbox> {
  const request = checkedRequest(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  if (await mailboxByAddress(agent.db, workspaceId, address.identityKey)) throw somebodyWasFaster(address.address, null);
  return saveTested(agent, workspaceId, request, address, null);
}

/** As `addMailbox`, of a mailbox as somebody has read it. Where nothing changes of how to log in, nobody does: a cap can be lowered while a server is down. */
export async function changeMailbox(agent: Agent, known: Mailbox, changes: Omit<MailboxRequest, "email">): Promise<AddedMailbox> {
  const request = checkedRequest({ email: known.email, ...changes });
  const address = parseEmailAddress(known.email);
  if (!address) throw new AgentError("internal", `${known.email} is not an email address.`);
  if (changes.imap === null) await refuseWithRelays(agent, known);
  return saveTested(agent, known.workspaceId, request, address, known, { isTested: !touchesAccess(changes) });
}

async function refuseWithRelays(agent: Agent, { workspaceId, id, email }: Mailbox): Promise<void> {
  const { relays } = await mailboxUses(agent.db, workspaceId, id);
  if (relays.length > 0)
    throw new AgentError("in_use", `${email} must be read: the answers to ${relays.join(", ")} arrive in it.`, { detail: { relays } });
}

const ACCESS = ["provider", "smtp", "imap", "username", "password", "imapPassword"] as const;

function touchesAccess(changes: Omit<MailboxRequest, "email">): boolean {
  return ACCESS.some((field) => changes[field] !== undefined);
}

/** `isTested`: what its tests said still holds. */
async function saveTested(
  agent: Agent,
  workspaceId: WorkspaceId,
  request: CheckedRequest,
  address: EmailAddress,
  known: Mailbox | null,
  { isTested = false, grant = null }: { readonly isTested?: boolean; readonly grant?: NewGrant | null } = {},
): Promise<AddedMailbox> {
  const logsIn = !isTested && !request.skipTest;
  const access = await accessOf(agent, request, address, known, { grant, logsIn });
  const mailbox = await mailboxOf(agent, workspaceId, request, address, known, access);
  const tried = logsIn ? await tryLogins(access, mailbox.extraFolders) : null;
  if (tried) refuseFailed(tried.tests);
  else if (!isTested) await refuseForbiddenHosts(access.smtp, access.imap);
  const { sentCopies } = request;
  const saved = await store(agent, mailbox, access, { over: known?.version ?? null, tried, isTested, grant, sentCopies });
  return { ...saved, tests: tried?.tests ?? null };
}

function tryLogins({ smtp, imap }: Access, extraFolders: readonly string[]): Promise<Tried> {
  return tryAccess(() => Promise.resolve(smtp), imap && (() => Promise.resolve(imap)), extraFolders);
}

async function mailboxOf(
  agent: Agent,
  workspaceId: WorkspaceId,
  request: CheckedRequest,
  address: EmailAddress,
  known: Mailbox | null,
  access: Access,
): Promise<NewMailbox> {
  const { daily_cap, min_gap_seconds } = agent.settings.mailboxes;
  const limits = known?.limits;
  return {
    workspaceId,
    email: address.address,
    identityKey: address.identityKey,
    fromName: kept(request.fromName, known?.fromName),
    provider: request.provider ?? known?.provider ?? "custom",
    smtp: loginTo(access.smtp),
    imap: access.imap && loginTo(access.imap),
    replyMailboxId: access.imap ? null : kept(await replyMailbox(agent, workspaceId, request, address), known?.replyMailboxId),
    extraFolders: request.extraFolders ?? known?.extraFolders ?? [],
    timeZone: request.timeZone ?? limits?.zone ?? "UTC",
    dailyCap: request.dailyCap ?? limits?.dailyCap ?? daily_cap,
    minGapSeconds: request.minGapSeconds ?? limits?.minGapSeconds ?? min_gap_seconds,
    rampUp: kept(request.rampUp, limits?.rampUp),
    domainCaps: {
      daily: kept(request.domainDailyCap, known?.domainCaps.daily),
      hourly: kept(request.domainHourlyCap, known?.domainCaps.hourly),
    },
  };
}

/** Said, or as it was. */
function kept<Value>(said: Value | null | undefined, was: Value | null | undefined): Value | null {
  return said === undefined ? (was ?? null) : said;
}

function loginTo({ host, port, security, login }: SmtpAccess | ImapAccess): NewServer {
  return { host, port, security, username: login?.username ?? null };
}

async function replyMailbox(
  agent: Agent,
  workspaceId: WorkspaceId,
  { replyMailbox: address }: CheckedRequest,
  { identityKey }: EmailAddress,
): Promise<MailboxId | null | undefined> {
  if (!address) return address === undefined ? undefined : null;
  const found = await mailboxByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? "");
  if (!found?.imap || found.identityKey === identityKey) throw new AgentError("not_found", `There is no mailbox ${address} that is read.`);
  return found.id;
}

interface Saving {
  /** The version that is changed; null for a new mailbox. */
  readonly over: number | null;
  readonly tried: Tried | null;
  readonly isTested: boolean;
  readonly grant: NewGrant | null;
  readonly sentCopies: CheckedRequest["sentCopies"];
}

function store(
  agent: Agent,
  mailbox: NewMailbox,
  access: Access,
  { over, tried, isTested, grant, sentCopies }: Saving,
): Promise<{ mailboxId: MailboxId; created: boolean }> {
  const { workspaceId } = mailbox;
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const saved = await saveMailbox(tx, mailbox, over, now);
    if (!saved) throw somebodyWasFaster(mailbox.email, over);
    const { id, created } = saved;
    await storeLogin(agent, tx, { workspaceId, mailboxId: id }, access, grant);
    if (sentCopies) await chooseSentCopies(tx, workspaceId, id, sentCopies === "auto" ? null : sentCopies);
    if (tried) await recordTested(tx, workspaceId, id, { smtp: true, imap: access.imap !== null }, now);
    else if (!isTested) await forgetTests(tx, workspaceId, id, now);
    await connectInbox(agent, tx, { workspaceId, mailboxId: id }, tried?.ends ?? []);
    return { mailboxId: id, created };
  });
}

function somebodyWasFaster(email: string, over: number | null): AgentError {
  return over === null
    ? new AgentError("already_exists", `There is a mailbox ${email} already.`)
    : new AgentError("precondition_failed", `Somebody else changed ${email} at the same time; look at it, and try again.`);
}
