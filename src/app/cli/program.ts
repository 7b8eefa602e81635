// The command line: every command, its options, and where it stands.
import { Command } from "commander";
import { PRODUCT_VERSION } from "../version.ts";
import { addAccountCommands } from "./account.ts";
import { addBackupCommands } from "./backup.ts";
import { addCampaignCommands } from "./campaign.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addDomainCommands } from "./domain.ts";
import { addInspectCommands } from "./inspect.ts";
import { addKeyCommands } from "./key.ts";
import { addLeadCommands } from "./leads.ts";
import { addMailboxCommands } from "./mailbox.ts";
import { addMemberCommands } from "./member.ts";
import { addMessageCommands } from "./message.ts";
import { fail } from "./output.ts";
import { addReplyCommands } from "./replies.ts";
import { addStartCommand } from "./start.ts";
import { addSuppressionCommands } from "./suppressions.ts";
import { addWorkspaceCommands } from "./workspace.ts";

/** Fresh each time: commander keeps in it what it was told. */
export function commandLine(): Command {
  const program = new Command("marketing-agent")
    .description("Runs email outreach from your own mailboxes.")
    .option("--config <file>", "settings file (default: marketing-agent.yaml, if it exists)")
    .option("--data-dir <directory>", "where the database and the key live")
    .option("--workspace <name>", "the team to work on")
    .option("--json", "print JSON")
    .option("--server <url>", "do it on the server there, by its API (or MARKETING_AGENT_SERVER)")
    .option("--key <key>", "its key (rather in MARKETING_AGENT_KEY, or in a file named by MARKETING_AGENT_KEY_FILE)")
    .version(PRODUCT_VERSION)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("Add --help to see what is possible.")
    // Ours is the exit code, and with --json the form of every error; commands inherit both, so this comes before them.
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (asksForJson() || process.stderr.write(text)) });

  addStartCommand(program);
  addLeadCommands(program);
  addSuppressionCommands(program);
  addMailboxCommands(program);
  addDomainCommands(program);
  addCampaignCommands(program);
  addMessageCommands(program);
  addReplyCommands(program);
  addInspectCommands(program);
  addKeyCommands(program);
  addMemberCommands(program);
  addAccountCommands(program);
  addBackupCommands(program);
  addDoctorCommand(program);
  addWorkspaceCommands(program);
  return program;
}

/** Does what the process was asked for, and sets its exit code. */
export async function run(): Promise<void> {
  // Who reads our output may stop (`| head`): nothing is wrong then, and nobody is left to tell.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`The output cannot be written: ${error.code}.\n`);
    process.exit(1);
  });
  // A log that cannot be written (its disk is full) must not end an agent that sends.
  process.stderr.on("error", () => undefined);
  try {
    await commandLine().parseAsync();
  } catch (error) {
    process.exitCode = fail(error, asksForJson());
  }
}

/** Also when the command line was not understood to its end. */
function asksForJson(): boolean {
  return process.argv.includes("--json");
}
