// The mail: does every mailbox let us in, is it read, may it send, and can recipients reach us?
import { imapAccess, smtpAccess } from "../../automations/mailbox-access.ts";
import { type TestResult, tryAccess } from "../../automations/test-mailbox.ts";
import { after, SECOND } from "../../core/instant.ts";
import type { Settings } from "../../core/settings.ts";
import { inboxReadToEndAt } from "../../store/inbox.ts";
import { allMailboxes } from "../../store/installation-health.ts";
import type { Mailbox } from "../../store/mailbox.ts";
import { createLog } from "../log.ts";
import { type Check, type Finding, failure, ok, type Patient, unknown, warning, withDatabase } from "./check.ts";

/** Logins at the same time. */
const AT_ONCE = 8;
const PUBLIC_URL_MS = 10 * SECOND;

export const MAIL_CHECKS: readonly Check[] = [
  {
    id: "mailbox-smtp",
    looksAt: "Whether every mailbox can log in to its SMTP server; nothing is sent.",
    fix: "`mailbox test ADDRESS` says more; `mailbox add ADDRESS` takes a new password.",
    run: ofMailboxes((mailbox, patient) =>
      login(patient, async (opener) => (await tryAccess((refused) => smtpAccess(opener, mailbox, refused), null, [])).tests.smtp),
    ),
  },
  {
    id: "mailbox-imap",
    looksAt: "Whether every mailbox that is read can log in to its IMAP server; nothing is marked.",
    fix: "`mailbox test ADDRESS` says more; `mailbox add ADDRESS` takes a new password.",
    run: ofMailboxes((mailbox, patient) =>
      mailbox.imap
        ? login(patient, async (opener) => {
            const smtp = (refused: string | null) => smtpAccess(opener, mailbox, refused);
            const imap = (refused: string | null) => imapAccess(opener, mailbox, refused);
            return (await tryAccess(smtp, imap, mailbox.extraFolders)).tests.imap ?? { ok: true };
          })
        : Promise.resolve(ok("It only sends.")),
    ),
  },
  {
    id: "mailbox-state",
    looksAt: "Whether every mailbox may send: it is not paused, and after a restore it is known what it has sent.",
    fix: "`why ADDRESS` says what it waits for; `mailbox test`, `mailbox resume` or `mailbox reconcile` ends that.",
    run: ofMailboxes(({ state, pauseReason, pauseDetail, sentUnknownSince }) => {
      if (state === "paused") return warning(`It is paused: ${[pauseReason, pauseDetail].filter(Boolean).join(": ")}.`);
      if (sentUnknownSince) return warning("It is held after a restore: it is not known yet what it has sent since the backup.");
      return ok("It may send.");
    }),
  },
  {
    id: "inbox-read",
    looksAt: "Whether every inbox was read to its end lately (setting `receiving.stale_after_seconds`): until then follow-ups wait.",
    fix: "Start the product; `sync-inbox ADDRESS` reads it now and says what stands in the way.",
    run: withDatabase((db, patient) =>
      ofMailboxes(async (mailbox) => {
        if (!mailbox.imap) return ok("It only sends.");
        const readAt = await inboxReadToEndAt(db, mailbox.workspaceId, mailbox.id);
        if (readAt === null) return warning("It was not read to its end yet.");
        const says = `It was read at ${readAt.toISOString()}.`;
        return readAt < after(patient.now, -staleSeconds(patient.settings) * SECOND) ? failure(says) : ok(says);
      })(patient),
    ),
  },
  {
    id: "public-url",
    looksAt: "Whether recipients reach this server at `http.public_url`, over https, for opt-out links.",
    fix: "Start the web server, and let the proxy before it pass requests for that name; or unset it and use `opt_out: reply`.",
    run: ({ settings }) => publicUrl(settings.http.public_url),
  },
];

function ofMailboxes(look: (mailbox: Mailbox, patient: Patient) => Finding | Promise<Finding>): Check["run"] {
  return withDatabase(async (db, patient) => {
    const mailboxes = await allMailboxes(db);
    const findings: Finding[] = [];
    for (let at = 0; at < mailboxes.length; at += AT_ONCE) {
      const some = mailboxes.slice(at, at + AT_ONCE);
      findings.push(...(await Promise.all(some.map(async (mailbox) => ({ ...(await look(mailbox, patient)), of: mailbox.email })))));
    }
    return findings.length > 0 ? findings : ok("There is no mailbox yet.");
  });
}

type Opener = Parameters<typeof smtpAccess>[0];

async function login({ keys, db, settings, now }: Patient, attempt: (opener: Opener) => Promise<TestResult>): Promise<Finding> {
  if (!keys || !db) return unknown("What it logs in with cannot be read without the key.");
  const clock = { now: () => now };
  const test = await attempt({ db, clock, settings, keys, log: createLog({ level: "fatal" }), processId: `doctor:${process.pid}` });
  return test.ok ? ok("It lets us in.") : failure(test.message);
}

function staleSeconds({ receiving }: Settings): number {
  return Math.max(receiving.stale_after_seconds, 3 * receiving.interval_seconds);
}

async function publicUrl(url: string | undefined): Promise<Finding> {
  if (url === undefined) return ok("None is set: recipients opt out by answering.");
  if (!url.startsWith("https://")) return warning(`${url} is not https: mails offer no link.`);
  try {
    const answer = await fetch(`${url.replace(/\/+$/, "")}/healthz`, { signal: AbortSignal.timeout(PUBLIC_URL_MS), redirect: "error" });
    const says = `${url} answers with ${answer.status}.`;
    return answer.ok ? ok(says) : failure(says);
  } catch (cause) {
    return failure(`${url} does not answer (${(cause as Error & { cause?: { code?: string } }).cause?.code ?? (cause as Error).name}).`);
  }
}
