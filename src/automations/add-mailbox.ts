// Adds a mailbox, or changes the one with that address: first it must be able to send and be read, then it is stored with its passwords sealed.
import { z } from "zod";
import { parseEmailAddress } from "../core/email-address.ts";
import { sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { SECOND } from "../core/instant.ts";
import { MAILBOX_PRESETS, type ServerAddress, usualSecurity } from "../core/mailbox-presets.ts";
import { isZone } from "../core/sending-window.ts";
import { mailboxByAddress, recordTested, saveMailbox, storeSecrets } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { secretBinding } from "./mailbox-access.ts";
import { type MailboxTests, tryAccess } from "./test-mailbox.ts";

const server = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.coerce.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls", "none"]).optional(),
});

const requestSchema = z.strictObject({
  email: z.string(),
  fromName: z.string().trim().min(1).max(100).optional(),
  provider: z.enum(["gmail", "microsoft365", "hostinger", "custom"]).default("custom"),
  /** Where the provider is custom; without `imap` it is a relay. */
  smtp: server.optional(),
  imap: server.optional(),
  /** The address, unless the servers want another name. */
  username: z.string().min(1).max(255).optional(),
  /** Null: the server takes mail without a login. */
  password: z.string().min(1).max(1_000).nullable(),
  imapPassword: z.string().min(1).max(1_000).optional(),
  /** Where the answers to a relay's mail arrive. */
  replyMailbox: z.string().optional(),
  extraFolders: z.array(z.string().min(1).max(500)).max(50).default([]),
  timeZone: z.string().refine(isZone, "must be an IANA time zone such as Europe/Berlin").default("UTC"),
  dailyCap: z.coerce.number().int().min(0).max(100_000).optional(),
  minGapSeconds: z.coerce.number().int().min(0).max(86_400).optional(),
  rampUp: z.strictObject({ from: z.iso.date(), start: z.coerce.number().int().min(1), step: z.coerce.number().int().min(1) }).optional(),
});

export type MailboxRequest = z.input<typeof requestSchema>;
type Request = z.output<typeof requestSchema>;

export interface AddedMailbox {
  readonly mailboxId: MailboxId;
  readonly created: boolean;
  readonly tests: MailboxTests;
}

/** Throws `invalid_input`, or the error of the server that did not let us in (both are named); then nothing is stored. */
export async function addMailbox(
  agent: Agent,
  { workspaceId, ...given }: MailboxRequest & { readonly workspaceId: WorkspaceId },
): Promise<AddedMailbox> {
  const request = checked(given);
  const address = parseEmailAddress(request.email);
  if (!address) throw new AgentError("invalid_input", `${request.email} is not an email address.`);
  const servers = serversOf(request);
  const username = request.password === null ? null : (request.username ?? address.address);
  const imapPassword = request.imapPassword ?? request.password;
  const tests = await tryServers(agent, servers, { username, smtp: request.password, imap: imapPassword });
  refuseFailed(tests);
  const replyMailboxId = await replyMailbox(agent, workspaceId, request);
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const { id, created } = await saveMailbox(
      tx,
      {
        workspaceId,
        email: address.address,
        identityKey: address.identityKey,
        fromName: request.fromName ?? null,
        provider: request.provider,
        smtp: { ...servers.smtp, username },
        imap: servers.imap && { ...servers.imap, username },
        replyMailboxId,
        extraFolders: request.extraFolders,
        timeZone: request.timeZone,
        dailyCap: request.dailyCap ?? agent.settings.mailboxes.daily_cap,
        minGapSeconds: request.minGapSeconds ?? agent.settings.mailboxes.min_gap_seconds,
        rampUp: request.rampUp ?? null,
      },
      now,
    );
    const seal = (password: string | null, column: "smtp_secret" | "imap_secret") =>
      password === null ? null : sealSecret(agent.keys.credentials, password, secretBinding(id, column));
    await storeSecrets(tx, workspaceId, id, {
      smtp: seal(request.password, "smtp_secret"),
      imap: servers.imap ? seal(imapPassword, "imap_secret") : null,
    });
    await recordTested(tx, workspaceId, id, { smtp: true, imap: servers.imap !== null }, now);
    return { mailboxId: id, created, tests };
  });
}

function checked(given: MailboxRequest): Request {
  const parsed = requestSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AgentError("invalid_input", `The mailbox cannot be added:\n${z.prettifyError(parsed.error)}`, {
    detail: { issues: parsed.error.issues },
  });
}

interface Servers {
  readonly smtp: ServerAddress;
  readonly imap: ServerAddress | null;
}

function serversOf(request: Request): Servers {
  const preset = request.provider === "custom" ? null : MAILBOX_PRESETS[request.provider];
  const written = (given: Request["smtp"]) => given && { ...given, security: given.security ?? usualSecurity(given.port) };
  const smtp = written(request.smtp) ?? preset?.smtp;
  if (!smtp) throw new AgentError("invalid_input", "Without a provider, the SMTP server's host and port are needed.");
  return { smtp, imap: written(request.imap) ?? preset?.imap ?? null };
}

function tryServers(
  agent: Agent,
  { smtp, imap }: Servers,
  login: { username: string | null; smtp: string | null; imap: string | null },
): Promise<MailboxTests> {
  const { sending, receiving, mailboxes } = agent.settings;
  const allowPrivateHosts = mailboxes.allow_private_hosts;
  return tryAccess(
    {
      ...smtp,
      username: login.username,
      password: login.smtp,
      connectTimeoutMs: sending.connect_timeout_seconds * SECOND,
      replyTimeoutMs: sending.reply_timeout_seconds * SECOND,
      allowPrivateHosts,
    },
    imap && {
      ...imap,
      username: login.username ?? "",
      password: login.imap ?? "",
      timeoutMs: receiving.timeout_seconds * SECOND,
      allowPrivateHosts,
    },
  );
}

function refuseFailed({ smtp, imap }: MailboxTests): void {
  const failed = [smtp, imap].filter((test) => test !== null && !test.ok);
  const [first] = failed;
  if (!first || first.ok) return;
  throw new AgentError(first.code, failed.map((test) => (test && !test.ok ? test.message : "")).join("\n"), { detail: { smtp, imap } });
}

async function replyMailbox(agent: Agent, workspaceId: WorkspaceId, { replyMailbox: address }: Request): Promise<MailboxId | null> {
  if (address === undefined) return null;
  const found = await mailboxByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? "");
  if (!found?.imap) throw new AgentError("not_found", `There is no mailbox ${address} that is read.`);
  return found.id;
}
