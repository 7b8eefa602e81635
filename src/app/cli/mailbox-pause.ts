// mailbox pause|resume: a person takes a mailbox out for a while.
import type { Command } from "commander";
import { given } from "../../client/client.ts";
import { withApi } from "./api.ts";
import { mailboxNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { print } from "./output.ts";

export function addPauseCommands(mailbox: Command): void {
  mailbox
    .command("pause <address>")
    .description("neither sends from it nor reads it until it is resumed")
    .option("--reason <text>", "why, for whoever looks later", "by a person")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { reason: string }>();
      const paused = await withApi(options, async (api) => {
        const { id, pause } = await mailboxNamed(api, address);
        await given(
          api.POST("/api/v1/mailboxes/{mailboxId}/pause", { params: { path: { mailboxId: id } }, body: { reason: options.reason } }),
        );
        return pause?.reason !== "person";
      });
      print({ mailbox: address, state: "paused", changed: paused }, options.json, () => `${address} ${paused ? "is" : "was"} paused.`);
    });
  mailbox
    .command("resume <address>")
    .description("ends any pause, whoever or whatever caused it, once its servers let us in")
    .option("--force", "without asking them")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { force?: boolean }>();
      const resumed = await withApi(options, async (api) => {
        const { id, state } = await mailboxNamed(api, address);
        const params = { path: { mailboxId: id } };
        await given(api.POST("/api/v1/mailboxes/{mailboxId}/resume", { params, body: { force: options.force ?? false } }));
        return state !== "active";
      });
      print({ mailbox: address, state: "active", changed: resumed }, options.json, () => `${address} ${resumed ? "is" : "was"} active.`);
    });
}
