// mailbox pause|resume: a person takes a mailbox out for a while.
import type { Command } from "commander";
import { parseEmailAddress } from "../../core/email-address.ts";
import { AgentError } from "../../core/errors.ts";
import { type Mailbox, mailboxByAddress, pauseMailbox, resumeMailbox } from "../../store/mailbox.ts";
import { print } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

export function addPauseCommands(mailbox: Command): void {
  mailbox
    .command("pause <address>")
    .description("neither sends from it nor reads it until it is resumed")
    .option("--reason <text>", "why, for whoever looks later", "by a person")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { reason: string }>();
      const paused = await withSession(options, async (session) => {
        const { workspaceId, id } = await mailboxNamed(session, address);
        return pauseMailbox(session.agent.db, workspaceId, id, "person", options.reason, session.agent.clock.now());
      });
      print({ mailbox: address, state: "paused", changed: paused }, options.json, () => `${address} ${paused ? "is" : "was"} paused.`);
    });
  mailbox
    .command("resume <address>")
    .description("ends any pause, whoever or whatever caused it; `mailbox test` says whether it works")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const resumed = await withSession(options, async (session) => {
        const { workspaceId, id } = await mailboxNamed(session, address);
        return resumeMailbox(session.agent.db, workspaceId, id, session.agent.clock.now());
      });
      print({ mailbox: address, state: "active", changed: resumed }, options.json, () => `${address} ${resumed ? "is" : "was"} active.`);
    });
}

export async function mailboxNamed({ agent, workspaceId }: Session, address: string): Promise<Mailbox> {
  const found = await mailboxByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? "");
  if (!found) throw new AgentError("not_found", `There is no mailbox ${address}.`);
  return found;
}
