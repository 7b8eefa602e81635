// set-up-link, account reset-password: ways in for people who have none, for whoever runs commands on the machine itself.
import type { Command } from "commander";
import { AgentError } from "../../core/errors.ts";
import { type GlobalOptions, refuseRemote } from "./options.ts";
import { print } from "./output.ts";
import { webAddress } from "./web-address.ts";

export function addAccountCommands(program: Command): void {
  program
    .command("set-up-link")
    .description("prints a link that makes the first account; the one before stops working")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      refuseRemote(options, "set-up-link");
      const [{ withSession }, { newSetupToken }] = await Promise.all([import("./session.ts"), import("../../access/set-up.ts")]);
      const token = await withSession(options, ({ agent }) => newSetupToken(agent.db, new Date()));
      if (token === null)
        throw new AgentError("already_exists", "There is an account already; `member invite` and `account reset-password` let people in.");
      const link = `${await webAddress(options)}/setup/${token}`;
      print({ link }, options.json, () => link);
    });
  program
    .command("account")
    .description("people's accounts")
    .command("reset-password <address>")
    .description("prints a link that sets a new password, once, within a day, and ends the account's sessions")
    .option("--remove-second-factor", "the link also removes the second factor, for who has lost it and the recovery codes")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { removeSecondFactor?: true }>();
      refuseRemote(options, "account reset-password");
      const [{ withSession }, { newResetToken }, { operator }] = await Promise.all([
        import("./session.ts"),
        import("../../access/reset-password.ts"),
        import("./local-api.ts"),
      ]);
      const request = { address, removesSecondFactor: options.removeSecondFactor === true, by: operator() };
      const token = await withSession(options, ({ agent }) => newResetToken(agent.db, request, new Date()));
      const link = `${await webAddress(options)}/reset/${token}`;
      print({ link }, options.json, () => link);
    });
}
