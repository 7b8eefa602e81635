// message uncertain|was-sent|send-again: what only a person can know.
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { withApi } from "./api.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type Message = components["schemas"]["Message"];

/** More than anybody looks through. */
const MOST = 10_000;

export function addMessageCommands(program: Command): void {
  const message = program.command("message").description("mails that went out, or may have");
  message
    .command("uncertain")
    .description("mails whose connection broke after the last byte: look for them in the Sent folder or the server's log")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const messages = await withApi(options, (api) =>
        upTo(MOST, (page) => given(api.GET("/api/v1/messages", { params: { query: { state: ["uncertain"], ...page } } }))),
      );
      print(messages, options.json, writeMessages);
    });
  message
    .command("was-sent <id>")
    .description("it arrived: its lead goes on as after any other mail")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const params = { path: { messageId: messageIdOf(id) } };
      await withApi(options, (api) => given(api.POST("/api/v1/messages/{messageId}/was-sent", { params, body: {} })));
      print({ id, state: "sent" }, options.json, () => "It counts as sent.");
    });
  message
    .command("send-again <id>")
    .description("it did not arrive: the same bytes go out again, under the same Message-ID")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const params = { path: { messageId: messageIdOf(id) } };
      await withApi(options, (api) => given(api.POST("/api/v1/messages/{messageId}/send-again", { params, body: {} })));
      print({ id, state: "queued" }, options.json, () => "It will be sent again.");
    });
}

function messageIdOf(written: string): string {
  if (!isId(written)) throw new AgentError("not_found", `There is no uncertain message ${written}; \`message uncertain\` lists them.`);
  return written;
}

function writeMessages(messages: readonly Message[]): string {
  if (messages.length === 0) return "No message is uncertain.";
  return table(
    ["Id", "To", "Subject", "When", "Why"],
    messages.map((one) => [one.id, one.recipient, one.subject, one.slotAt, one.reason]),
  );
}
