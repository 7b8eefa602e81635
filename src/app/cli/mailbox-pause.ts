// mailbox pause|resume: a person takes a mailbox out for a while.
import type { Command } from "commander";
import { mailboxNamed, pauseByPerson, resumeByPerson } from "../../automations/pause-mailbox.ts";
import { print } from "./output.ts";
import { type GlobalOptions, withSession } from "./session.ts";

export function addPauseCommands(mailbox: Command): void {
  mailbox
    .command("pause <address>")
    .description("neither sends from it nor reads it until it is resumed")
    .option("--reason <text>", "why, for whoever looks later", "by a person")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { reason: string }>();
      const paused = await withSession(options, async ({ agent, workspaceId }) =>
        pauseByPerson(agent, await mailboxNamed(agent, workspaceId, address), options.reason),
      );
      print({ mailbox: address, state: "paused", changed: paused }, options.json, () => `${address} ${paused ? "is" : "was"} paused.`);
    });
  mailbox
    .command("resume <address>")
    .description("ends any pause, whoever or whatever caused it, once its servers let us in")
    .option("--force", "without asking them")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { force?: boolean }>();
      const resumed = await withSession(options, async ({ agent, workspaceId }) =>
        resumeByPerson(agent, await mailboxNamed(agent, workspaceId, address), { force: options.force ?? false }),
      );
      print({ mailbox: address, state: "active", changed: resumed }, options.json, () => `${address} ${resumed ? "is" : "was"} active.`);
    });
}
