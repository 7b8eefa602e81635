// message uncertain|was-sent|send-again: what only a person can know.
import type { Command } from "commander";
import { confirmSent } from "../../automations/confirm-sent.ts";
import { AgentError } from "../../core/errors.ts";
import { isId, type MessageId } from "../../core/ids.ts";
import { enrollmentById } from "../../store/enrollment.ts";
import { type Message, messageById, uncertainMessages } from "../../store/message.ts";
import { sendAgain } from "../../store/message-recall.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

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
      await withSession(options, async (session) => {
        const found = await uncertain(session, id);
        await session.agent.db.transaction((tx) => confirmSent(session.agent, tx, found, "a person says so", session.agent.clock.now()));
      });
      print({ id, state: "sent" }, options.json, () => "It counts as sent.");
    });
  message
    .command("send-again <id>")
    .description("it did not arrive: the same bytes go out again, under the same Message-ID")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withSession(options, async (session) => {
        const found = await uncertain(session, id);
        await mustStillRun(session, found);
        const queued = await session.agent.db.transaction((tx) => sendAgain(tx, session.workspaceId, found.id, session.agent.clock.now()));
        if (!queued) throw notUncertain(id);
      });
      print({ id, state: "queued" }, options.json, () => "It will be sent again.");
    });
}

async function uncertain({ agent, workspaceId }: Session, id: string): Promise<Message> {
  const found = isId(id) ? await messageById(agent.db, workspaceId, id as MessageId) : null;
  if (found?.state !== "uncertain") throw notUncertain(id);
  return found;
}

function notUncertain(id: string): AgentError {
  return new AgentError("not_found", `There is no uncertain message ${id}; \`message uncertain\` lists them.`);
}

/** It would wait for ever: nothing is sent for a lead that has answered, opted out or was removed meanwhile. */
async function mustStillRun({ agent, workspaceId }: Session, { recipient, enrollmentId }: Message): Promise<void> {
  const enrollment = enrollmentId && (await enrollmentById(agent.db, workspaceId, enrollmentId));
  if (!enrollment || enrollment.state === "active" || enrollment.state === "held") return;
  throw new AgentError(
    "campaign_state",
    `Nothing more is sent to ${recipient}: its sequence is ${enrollment.state} (${enrollment.reason}).`,
  );
}

function writeMessages(messages: readonly Message[]): string {
  if (messages.length === 0) return "No message is uncertain.";
  return table(
    ["Id", "To", "Subject", "When", "Why"],
    messages.map((one) => [one.id, one.recipient, one.subject, one.slotAt.toISOString(), one.reason]),
  );
}
