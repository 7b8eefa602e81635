// Can this mailbox send, and can it be read? Asked with the very code that does both.
import { AgentError } from "../core/errors.ts";
import { checkImapHost, type ImapAccess } from "../mail/imap.ts";
import { checkSmtpHost, openSmtp, type SmtpAccess } from "../mail/smtp.ts";
import { type FolderEnd, tryInbox } from "../mail/try-inbox.ts";
import { type Mailbox, recordTested } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { connectInbox } from "./connect-inbox.ts";
import { type AccessNow, imapAccess, smtpAccess, withLogin } from "./mailbox-access.ts";

export type TestResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: AgentError["code"]; readonly message: string; readonly retryable: boolean };

export interface MailboxTests {
  readonly smtp: TestResult;
  /** Null: a relay, which is not read. */
  readonly imap: TestResult | null;
}

export interface Tried {
  readonly tests: MailboxTests;
  /** Of the folders that are to be read; none where reading does not work, or is not asked for. */
  readonly ends: readonly FolderEnd[];
}

/** Logs in to both servers; nothing is sent, nothing is marked. */
export async function tryAccess(
  smtp: AccessNow<SmtpAccess>,
  imap: AccessNow<ImapAccess> | null,
  extraFolders: readonly string[],
): Promise<Tried> {
  let ends: readonly FolderEnd[] = [];
  const send = async (access: SmtpAccess) => (await openSmtp(access)).close();
  const read = async (access: ImapAccess) => {
    ends = (await tryInbox(access, extraFolders)).ends;
  };
  const [sending, reading] = await Promise.all([
    attempt(() => withLogin(smtp, send)),
    imap === null ? null : attempt(() => withLogin(imap, read)),
  ]);
  return { tests: { smtp: sending, imap: reading }, ends };
}

/** Throws the error of the server that did not let us in; both are named. Worth another try only where each server that failed is. */
export function refuseFailed({ smtp, imap }: MailboxTests): void {
  const failed = [smtp, imap].flatMap((test) => (test === null || test.ok ? [] : [test]));
  const [first] = failed;
  if (!first) return;
  throw new AgentError(first.code, failed.map((test) => test.message).join("\n"), {
    retryable: failed.every((test) => test.retryable),
    detail: { smtp, imap },
  });
}

/**
 * Without logging in: throws where a server stands in a network that may not be reached, or a password would go out unencrypted. A name that is
 * not known yet may be known later.
 */
export async function refuseForbiddenHosts(smtp: SmtpAccess, imap: ImapAccess | null): Promise<void> {
  const checks = await Promise.all([attempt(() => checkSmtpHost(smtp)), attempt(async () => imap && checkImapHost(imap))]);
  for (const check of checks) if (!check.ok && !check.retryable) throw new AgentError(check.code, check.message);
}

/** Tests a stored mailbox, records what worked, and so ends a pause that a failed login caused. */
export async function testMailbox(agent: Agent, mailbox: Mailbox): Promise<MailboxTests> {
  const { workspaceId, id: mailboxId } = mailbox;
  const imap = mailbox.imap ? (refused: string | null) => imapAccess(agent, mailbox, refused) : null;
  const { tests, ends } = await tryAccess((refused) => smtpAccess(agent, mailbox, refused), imap, mailbox.extraFolders);
  const passed = { smtp: tests.smtp.ok, imap: tests.imap?.ok ?? false };
  await agent.db.transaction(async (tx) => {
    // A mailbox that was paused because its inbox could not be read stays so until both work.
    if (passed.imap || mailbox.imap === null || !passed.smtp) await recordTested(tx, workspaceId, mailboxId, passed, agent.clock.now());
    await connectInbox(agent, tx, { workspaceId, mailboxId }, ends);
  });
  return tests;
}

async function attempt(work: () => Promise<unknown>): Promise<TestResult> {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { ok: false, code: error.code, message: error.message, retryable: error.retryable };
  }
}
