// message uncertain|was-sent|send-again: what only a person can know.
import type { Command } from "commander";
import { sayWasSent, sendAgainByPerson } from "../../automations/settle-message.ts";
import { AgentError } from "../../core/errors.ts";
import { isId, type MessageId } from "../../core/ids.ts";
import { type Message, uncertainMessages } from "../../store/message.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, withSession } from "./session.ts";

export function addMessageCommands(program: Command): void {
  const message = program.command("message").description("mails that went out, or may have");
  message
    .command("uncertain")
    .description("mails whose connection broke after the last byte: look for them in the Sent folder or the server's log")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const messages = await withSession(options, ({ agent, workspaceId }) => uncertainMessages(agent.db, workspaceId));
      print(messages, options.json, writeMessages);
    });
  message
    .command("was-sent <id>")
    .description("it arrived: its lead goes on as after any other mail")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withSession(options, ({ agent, workspaceId }) => sayWasSent(agent, { workspaceId, messageId: messageIdOf(id) }));
      print({ id, state: "sent" }, options.json, () => "It counts as sent.");
    });
  message
    .command("send-again <id>")
    .description("it did not arrive: the same bytes go out again, under the same Message-ID")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withSession(options, ({ agent, workspaceId }) => sendAgainByPerson(agent, { workspaceId, messageId: messageIdOf(id) }));
      print({ id, state: "queued" }, options.json, () => "It will be sent again.");
    });
}

function messageIdOf(written: string): MessageId {
  if (!isId(written)) throw new AgentError("not_found", `There is no uncertain message ${written}; \`message uncertain\` lists them.`);
  return written as MessageId;
}

function writeMessages(messages: readonly Message[]): string {
  if (messages.length === 0) return "No message is uncertain.";
  return table(
    ["Id", "To", "Subject", "When", "Why"],
    messages.map((one) => [one.id, one.recipient, one.subject, one.slotAt.toISOString(), one.reason]),
  );
}
