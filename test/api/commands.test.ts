// What the command line can do, the API can do: every command has its operations, or a reason why it is the machine's own.
import type { Command } from "commander";
import { expect, test } from "vitest";
import { commandLine } from "../../src/app/cli/program.ts";
import { OPERATIONS } from "../../src/http/api/operations.ts";

/** Command → the operations that do the same. */
const COUNTERPARTS: Readonly<Record<string, readonly string[]>> = {
  status: ["status.read"],
  why: ["campaigns.why", "mailboxes.why", "leads.why"],
  runs: ["automationRuns.list"],
  "send-due-steps": ["messages.sendDue", "automations.dryRun"],
  "sync-inbox": ["mailboxes.sync"],
  "leads import": ["imports.create", "imports.rejected"],
  "leads check": ["leads.check"],
  "leads list": ["leads.list", "leads.count"],
  "leads remove": ["leads.remove"],
  "leads resume": ["leads.resume"],
  "leads suppress": ["suppressions.create"],
  "leads unsuppress": ["suppressions.delete", "suppressions.lift"],
  "suppressions list": ["suppressions.list"],
  "mailbox add": ["mailboxes.create", "mailboxes.change", "grantRequests.create", "grantRequests.read"],
  "mailbox pause": ["mailboxes.pause"],
  "mailbox resume": ["mailboxes.resume"],
  "mailbox test": ["mailboxes.test"],
  "mailbox list": ["mailboxes.list"],
  "domain add": ["domains.create"],
  "domain list": ["domains.list"],
  "domain check": ["domains.check"],
  "domain remove": ["domains.remove"],
  "campaign readiness": ["campaigns.readiness"],
  "campaign list": ["campaigns.list"],
  "campaign plan": ["campaigns.plan"],
  "campaign export": ["campaigns.export"],
  "campaign archive": ["campaigns.archive"],
  "campaign apply": ["imports.create", "campaigns.apply"],
  "campaign schedule": ["campaigns.schedule", "campaigns.scheduledMails", "campaigns.unreached"],
  "campaign start": ["campaigns.start"],
  "campaign pause": ["campaigns.pause"],
  "message uncertain": ["messages.list"],
  "message was-sent": ["messages.wasSent"],
  "message send-again": ["messages.sendAgain"],
  "replies list": ["inbound.list"],
  "replies judge": ["inbound.judge"],
  "key create": ["apiKeys.create"],
  "key list": ["apiKeys.list"],
  "key revoke": ["apiKeys.revoke"],
  "member list": ["members.list", "invitations.list"],
  "member invite": ["invitations.create"],
  "member role": ["members.changeRole"],
  "member remove": ["members.remove", "invitations.revoke"],
};

/** Command → why no server does it for somebody elsewhere. */
const OF_THE_MACHINE: Readonly<Record<string, string>> = {
  start: "it is what makes the server",
  backup: "it writes a file on the machine, of all workspaces",
  restore: "it makes a new installation out of a backup, before a server can run",
  "keys fingerprint": "the secret key never leaves the machine",
  "keys export": "the secret key never leaves the machine",
  doctor: "it looks at the machine itself, also when no server runs",
  "workspace export": "it writes a file on the machine, with all that a team has",
  "workspace import": "it makes a team without asking one, so only who has the machine may do so",
  "mailbox reconcile": "it reads the mail server's log on the machine that was restored",
  migrate: "it works on the database before a server can",
  "set-up-link": "it lets in who has no account, so only who has the machine may ask for it",
  "account reset-password": "it lets in who has forgotten the password, so only who has the machine may ask for it",
};

function namesOf(command: Command, before: readonly string[] = []): string[] {
  return command.commands.flatMap((one) => {
    const path = [...before, one.name()];
    return one.commands.length === 0 ? [path.join(" ")] : namesOf(one, path);
  });
}

test("every command has its operations in the API, or a reason to have none", () => {
  const commands = namesOf(commandLine()).filter((name) => name !== "help");
  expect(commands.toSorted()).toEqual([...Object.keys(COUNTERPARTS), ...Object.keys(OF_THE_MACHINE)].toSorted());
  const known = new Set(OPERATIONS.map(({ id }) => id as string));
  expect(
    Object.values(COUNTERPARTS)
      .flat()
      .filter((id) => !known.has(id)),
  ).toEqual([]);
});
