// mailbox reconcile: after a restore, a person says what a mailbox has sent since the backup.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { mailboxNamed } from "../../automations/pause-mailbox.ts";
import { nothingElseWasSent, reconcileByLog } from "../../automations/reconcile-sent.ts";
import { AgentError } from "../../core/errors.ts";
import { readableSize } from "./input-file.ts";
import { type GlobalOptions, refuseRemote } from "./options.ts";
import { counted, print } from "./output.ts";
import { type Session, withSession } from "./session.ts";

type Options = GlobalOptions & { readonly sentLog?: string; readonly nothingElse?: boolean };

export function addReconcileCommand(mailbox: Command): void {
  mailbox
    .command("reconcile <address>")
    .description(
      "after a restore, for a mailbox that keeps no copies of what it sends: what went out since the backup? Then it sends again",
    )
    .option("--sent-log <file>", "the mail server's log since the backup: what it names was sent, what it does not name was not")
    .option("--nothing-else", "you know that nothing went out since the backup but what this installation shows as sent")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      refuseRemote(options, "mailbox reconcile");
      if ((options.sentLog === undefined) === !options.nothingElse)
        throw new AgentError("invalid_input", "Say either --sent-log FILE or --nothing-else; a wrong answer sends mails twice.");
      print(await withSession(options, (session) => reconcile(session, address, options)), options.json, (one) => one.sentence);
    });
}

async function reconcile(session: Session, address: string, { sentLog }: Options) {
  const mailbox = await mailboxNamed(session.agent, session.workspaceId, address);
  if (sentLog === undefined) {
    const changed = await nothingElseWasSent(session.agent, mailbox);
    return { mailbox: mailbox.email, changed, sentence: changed ? `${mailbox.email} sends again.` : `${mailbox.email} was not held.` };
  }
  readableSize(sentLog);
  const counts = await reconcileByLog(session.agent, mailbox, createInterface({ input: createReadStream(sentLog) }));
  const found = `${counted(counts.named, "mail")} of ours in the log, ${counts.entered} of them new to this installation`;
  const next =
    counts.unknown === 0
      ? `${mailbox.email} sends again.`
      : `${counts.unknown} went to leads that were enrolled after the backup: find their addresses in the log, \`leads suppress\` them, then say --nothing-else.`;
  return { mailbox: mailbox.email, changed: counts.unknown === 0, ...counts, sentence: `${found}. ${next}` };
}
