// The command line: every command, its options, and where it stands.
import { Command } from "commander";
import { addCampaignCommands } from "./campaign.ts";
import { addInspectCommands } from "./inspect.ts";
import { addLeadCommands } from "./leads.ts";
import { addMailboxCommands } from "./mailbox.ts";
import { addMessageCommands } from "./message.ts";
import { fail } from "./output.ts";
import { addStartCommand } from "./start.ts";

const program = new Command("marketing-agent")
  .description("Runs email outreach from your own mailboxes.")
  .option("--config <file>", "settings file (default: marketing-agent.yaml, if it exists)")
  .option("--data-dir <directory>", "where the database and the key live")
  .option("--workspace <name>", "the team to work on")
  .option("--json", "print JSON")
  .showHelpAfterError();

addStartCommand(program);
addLeadCommands(program);
addMailboxCommands(program);
addCampaignCommands(program);
addMessageCommands(program);
addInspectCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = fail(error, program.opts<{ json?: boolean }>().json);
}
