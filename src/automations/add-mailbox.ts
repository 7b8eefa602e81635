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
import type { Agent } from "./agent.ts";
import { connectInbox } from "./connect-inbox.ts";
import { imapAccess, imapAccessTo, secretBinding, smtpAccess, smtpAccessTo } from "./mailbox-access.ts";
import { type MailboxTests, refuseForbiddenHosts, type Tried, tryAccess } from "./test-mailbox.ts";

const server = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.coerce.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls", "none"]).optional(),
});

/** Of a mailbox that is there already, what is left out stays as it is. */
const requestSchema = z.strictObject({
  email: z.string(),
  fromName: z.string().trim().min(1).max(100).optional(),
  /** Custom for a new mailbox. */
  provider: z.enum(["gmail", "microsoft365", "hostinger", "custom"]).optional(),
  /** Where the provider is custom; without `imap` it is a relay. */
  smtp: server.optional(),
  imap: server.optional(),
  /** The address, unless the servers want another name. */
  username: z.string().min(1).max(255).optional(),
  /** Null: the server takes mail without a login. A new mailbox needs one or the other. */
  password: z.string().min(1).max(1_000).nullish(),
  imapPassword: z.string().min(1).max(1_000).optional(),
  /** Where the answers to a relay's mail arrive. */
  replyMailbox: z.string().optional(),
  extraFolders: z.array(z.string().min(1).max(500)).max(50).optional(),
  timeZone: z.string().refine(isZone, "must be an IANA time zone such as Europe/Berlin").optional(),
  dailyCap: z.coerce.number().int().min(0).max(100_000).optional(),
  minGapSeconds: z.coerce.number().int().min(0).max(86_400).optional(),
  rampUp: z.strictObject({ from: z.iso.date(), start: z.coerce.number().int().min(1), step: z.coerce.number().int().min(1) }).optional(),
  /** Stores it although nobody knows whether it works; a campaign starts only once it was tested. */
  skipTest: z.boolean().default(false),
});

export type MailboxRequest = z.input<typeof requestSchema>;
type Request = z.output<typeof requestSchema>;

export interface AddedMailbox {
  readonly mailboxId: MailboxId;
  readonly created: boolean;
  /** Null: not tested. */
  readonly tests: MailboxTests | null;
}

/** Throws `invalid_input`, or the error of the server that did not let us in (both are named); then nothing is stored. */
export async function addMailbox(
  agent: Agent,
  { workspaceId, ...given }: MailboxRequest & { readonly workspaceId: WorkspaceId },
): Promise<AddedMailbox> {
  const request = checked(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  const known = await mailboxByAddress(agent.db, workspaceId, address.identityKey);
  const access = accessOf(agent, request, address, known);
  const mailbox = await mailboxOf(agent, workspaceId, request, address, known, access);
  const tried = request.skipTest ? null : await tryAccess(access.smtp, access.imap, mailbox.extraFolders);
  if (tried) refuseFailed(tried.tests);
  else await refuseForbiddenHosts(access.smtp, access.imap);
  return { ...(await store(agent, mailbox, access, tried)), tests: tried?.tests ?? null };
}

function checked(given: MailboxRequest): Request {
  const parsed = requestSchema.safeParse(given);
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
  if (imap && request.replyMailbox !== undefined) {
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
  return { smtp, imap: written(request.imap) ?? preset?.imap ?? known?.imap ?? null };
}

/** Worth another try only where each server that failed is. */
function refuseFailed({ smtp, imap }: MailboxTests): void {
  const failed = [smtp, imap].flatMap((test) => (test === null || test.ok ? [] : [test]));
  const [first] = failed;
  if (!first) return;
  throw new AgentError(first.code, failed.map((test) => test.message).join("\n"), {
    retryable: failed.every((test) => test.retryable),
    detail: { smtp, imap },
  });
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
    fromName: request.fromName ?? known?.fromName ?? null,
    provider: request.provider ?? known?.provider ?? "custom",
    smtp: loginTo(access.smtp),
    imap: access.imap && loginTo(access.imap),
    replyMailboxId: access.imap ? null : ((await replyMailbox(agent, workspaceId, request)) ?? known?.replyMailboxId ?? null),
    extraFolders: request.extraFolders ?? known?.extraFolders ?? [],
    timeZone: request.timeZone ?? limits?.zone ?? "UTC",
    dailyCap: request.dailyCap ?? limits?.dailyCap ?? daily_cap,
    minGapSeconds: request.minGapSeconds ?? limits?.minGapSeconds ?? min_gap_seconds,
    rampUp: request.rampUp ?? limits?.rampUp ?? null,
  };
}

function loginTo({ host, port, security, username }: SmtpAccess | ImapAccess): Omit<ServerLogin, "secret"> {
  return { host, port, security, username };
}

async function replyMailbox(agent: Agent, workspaceId: WorkspaceId, { replyMailbox: address }: Request): Promise<MailboxId | null> {
  if (address === undefined) return null;
  const found = await mailboxByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? "");
  if (!found?.imap) throw new AgentError("not_found", `There is no mailbox ${address} that is read.`);
  return found.id;
}

function store(
  agent: Agent,
  mailbox: NewMailbox,
  { smtp, imap }: Access,
  tried: Tried | null,
): Promise<{ mailboxId: MailboxId; created: boolean }> {
  const { workspaceId } = mailbox;
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const { id, created } = await saveMailbox(tx, mailbox, now);
    const seal = (password: string | null, column: "smtp_secret" | "imap_secret") =>
      password ? sealSecret(agent.keys.credentials, password, secretBinding(id, column)) : null;
    await storeSecrets(tx, workspaceId, id, {
      smtp: seal(smtp.password, "smtp_secret"),
      imap: seal(imap?.password ?? null, "imap_secret"),
    });
    if (tried) await recordTested(tx, workspaceId, id, { smtp: true, imap: imap !== null }, now);
    else await forgetTests(tx, workspaceId, id, now);
    await connectInbox(agent, tx, { workspaceId, mailboxId: id }, tried?.ends ?? []);
    return { mailboxId: id, created };
  });
}
