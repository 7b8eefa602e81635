// Adds a mailbox, or changes the one with that address: first it must be able to send and be read, then it is stored with its passwords sealed.
import { z } from "zod";
import { type EmailAddress, parseEmailAddress } from "../core/email-address.ts";
import { sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { MAILBOX_PRESETS, type ServerAddress, usualSecurity } from "../core/mailbox-presets.ts";
import { isZone } from "../core/sending-window.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import {
  forgetTests,
  type Mailbox,
  mailboxByAddress,
  type NewMailbox,
  recordTested,
  type ServerLogin,
  saveMailbox,
  storeSecrets,
} from "../store/mailbox.ts";
import { mailboxUses } from "../store/mailbox-removal.ts";
import type { Agent } from "./agent.ts";
import { connectInbox } from "./connect-inbox.ts";
import { imapAccess, imapAccessTo, secretBinding, smtpAccess, smtpAccessTo } from "./mailbox-access.ts";
import { type MailboxTests, refuseFailed, refuseForbiddenHosts, type Tried, tryAccess } from "./test-mailbox.ts";

/** PostgreSQL's text holds no NUL. */
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\0]*$/, "must not contain NUL characters");

const server = z.strictObject({
  // a name, an IPv4 or an IPv6 address
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[\p{L}\p{N}._:%-]+$/u, "must be the name or address of a server"),
  port: z.coerce.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls", "none"]).optional(),
});

const mails = z.coerce.number().int().min(1).max(100_000);

/** Of a mailbox that is there already, what is left out stays as it is, and what is null is taken away. */
export const mailboxRequest = z.strictObject({
  email: z.string(),
  fromName: text(100).trim().min(1).nullish(),
  /** Custom for a new mailbox. */
  provider: z.enum(["gmail", "microsoft365", "hostinger", "custom"]).optional(),
  /** Where the provider is custom; without `imap` it is a relay. */
  smtp: server.optional(),
  imap: server.nullish(),
  /** The address, unless the servers want another name. */
  username: text(255).optional(),
  /** Null: the server takes mail without a login. A new mailbox needs one or the other. */
  password: z.string().min(1).max(1_000).nullish(),
  imapPassword: z.string().min(1).max(1_000).optional(),
  /** Where the answers to a relay's mail arrive. */
  replyMailbox: z.string().nullish(),
  extraFolders: z.array(text(500)).max(50).optional(),
  timeZone: z.string().refine(isZone, "must be an IANA time zone such as Europe/Berlin").optional(),
  dailyCap: z.coerce.number().int().min(0).max(100_000).optional(),
  minGapSeconds: z.coerce.number().int().min(0).max(86_400).optional(),
  rampUp: z.strictObject({ from: z.iso.date().refine((day) => day >= "1970"), start: mails, step: mails }).nullish(),
  /** Stores it although nobody knows whether it works; a campaign starts only once it was tested. */
  skipTest: z.boolean().default(false),
});

export type MailboxRequest = z.input<typeof mailboxRequest>;
type Request = z.output<typeof mailboxRequest>;

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
): Promise<AddedMailbox> {
  const request = checked(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  const known = await mailboxByAddress(agent.db, workspaceId, address.identityKey);
  return saveTested(agent, workspaceId, request, address, known);
}

/** As `addMailbox`, of an address that has none yet. Throws `already_exists`. */
export async function addNewMailbox(
  agent: Agent,
  { workspaceId, ...given }: MailboxRequest & { readonly workspaceId: WorkspaceId },
): Promise<AddedMailbox> {
  const request = checked(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  if (await mailboxByAddress(agent.db, workspaceId, address.identityKey)) throw somebodyWasFaster(address.address, null);
  return saveTested(agent, workspaceId, request, address, null);
}

/** As `addMailbox`, of a mailbox as somebody has read it. Where nothing changes of how to log in, nobody does: a cap can be lowered while a server is down. */
export async function changeMailbox(agent: Agent, known: Mailbox, changes: Omit<MailboxRequest, "email">): Promise<AddedMailbox> {
  const request = checked({ email: known.email, ...changes });
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
  request: Request,
  address: EmailAddress,
  known: Mailbox | null,
  { isTested = false } = {},
): Promise<AddedMailbox> {
  const access = accessOf(agent, request, address, known);
  const mailbox = await mailboxOf(agent, workspaceId, request, address, known, access);
  const tried = isTested || request.skipTest ? null : await tryAccess(access.smtp, access.imap, mailbox.extraFolders);
  if (tried) refuseFailed(tried.tests);
  else if (!isTested) await refuseForbiddenHosts(access.smtp, access.imap);
  const saved = await store(agent, mailbox, access, { over: known?.version ?? null, tried, isTested });
  return { ...saved, tests: tried?.tests ?? null };
}

function checked(given: MailboxRequest): Request {
  const parsed = mailboxRequest.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AgentError("invalid_input", `The mailbox cannot be added:\n${z.prettifyError(parsed.error)}`, {
    detail: { issues: parsed.error.issues },
  });
}

interface Access {
  readonly smtp: SmtpAccess;
  readonly imap: ImapAccess | null;
}

/** The logins as they will be. */
function accessOf(agent: Agent, request: Request, { address }: EmailAddress, known: Mailbox | null): Access {
  const { smtp, imap } = serversOf(request, known);
  if (imap && request.replyMailbox) {
    throw new AgentError("invalid_input", "A mailbox that is read itself gets its own answers; only a relay has a reply mailbox.");
  }
  const password = request.password === undefined ? storedPassword(agent, known, { smtp, imap }) : request.password;
  const username = password === null ? null : (request.username ?? known?.smtp.username ?? address);
  const storedImapPassword = () => (known?.imap ? imapAccess(agent, known).password : password);
  const imapPassword = request.imapPassword ?? request.password ?? storedImapPassword() ?? "";
  const imapUsername = request.username ?? known?.imap?.username ?? address;
  return {
    smtp: smtpAccessTo(agent, smtp, { username, password }),
    imap: imap && imapAccessTo(agent, imap, { username: imapUsername, password: imapPassword }),
  };
}

/** A stored password is only ever sent to the servers that it was given for: else whoever may change a mailbox could have it sent to themselves. */
function storedPassword(agent: Agent, known: Mailbox | null, { smtp, imap }: Servers): string | null {
  if (!known) throw new AgentError("invalid_input", "A new mailbox needs its password, or none where its server wants no login.");
  const elsewhere = smtp.host !== known.smtp.host || (imap !== null && imap.host !== (known.imap ?? known.smtp).host);
  if (elsewhere && (known.smtp.secret || known.imap?.secret)) {
    throw new AgentError("invalid_input", "Another server needs the password anew.");
  }
  return smtpAccess(agent, known).password;
}

interface Servers {
  readonly smtp: ServerAddress;
  readonly imap: ServerAddress | null;
}

function serversOf(request: Request, known: Mailbox | null): Servers {
  const preset = request.provider === undefined || request.provider === "custom" ? null : MAILBOX_PRESETS[request.provider];
  const written = (given: Request["smtp"]) => given && { ...given, security: given.security ?? usualSecurity(given.port) };
  const smtp = written(request.smtp) ?? preset?.smtp ?? known?.smtp;
  if (!smtp) throw new AgentError("invalid_input", "Without a provider, the SMTP server's host and port are needed.");
  return { smtp, imap: request.imap === null ? null : (written(request.imap) ?? preset?.imap ?? known?.imap ?? null) };
}

async function mailboxOf(
  agent: Agent,
  workspaceId: WorkspaceId,
  request: Request,
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
  };
}

/** Said, or as it was. */
function kept<Value>(said: Value | null | undefined, was: Value | null | undefined): Value | null {
  return said === undefined ? (was ?? null) : said;
}

function loginTo({ host, port, security, username }: SmtpAccess | ImapAccess): Omit<ServerLogin, "secret"> {
  return { host, port, security, username };
}

async function replyMailbox(
  agent: Agent,
  workspaceId: WorkspaceId,
  { replyMailbox: address }: Request,
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
}

function store(
  agent: Agent,
  mailbox: NewMailbox,
  { smtp, imap }: Access,
  { over, tried, isTested }: Saving,
): Promise<{ mailboxId: MailboxId; created: boolean }> {
  const { workspaceId } = mailbox;
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const saved = await saveMailbox(tx, mailbox, over, now);
    if (!saved) throw somebodyWasFaster(mailbox.email, over);
    const { id, created } = saved;
    const seal = (password: string | null, column: "smtp_secret" | "imap_secret") =>
      password ? sealSecret(agent.keys.credentials, password, secretBinding(id, column)) : null;
    await storeSecrets(tx, workspaceId, id, {
      smtp: seal(smtp.password, "smtp_secret"),
      imap: seal(imap?.password ?? null, "imap_secret"),
    });
    if (tried) await recordTested(tx, workspaceId, id, { smtp: true, imap: imap !== null }, now);
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
