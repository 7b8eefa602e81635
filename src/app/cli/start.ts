// start: runs the product until it is told to stop. `--sandbox` runs it against a bundled mail world in which days pass in seconds.
import { type Command, Option } from "commander";
import { refuseRemote, type StartOptions } from "./options.ts";

export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("runs the agent")
    .addOption(new Option("--role <role>", "what this process does").choices(["all", "web", "worker"]).default("all"))
    .option("--port <port>", "port of the web server")
    .option("--sandbox", "a mail world with simulated people; no real mail is sent")
    .option("--seed <number>", "which people live in the sandbox", "1")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      refuseRemote(options, "start");
      const { runAgent } = await import("./run-agent.ts");
      await runAgent(options);
    });
}
