// workspace export|import: one team from one installation to another.
import { resolve } from "node:path";
import type { Command } from "commander";
import { exportWorkspace } from "../../automations/export-workspace.ts";
import { type ImportedWorkspace, importWorkspace } from "../../automations/import-workspace.ts";
import { AgentError } from "../../core/errors.ts";
import { PRODUCT_VERSION } from "../version.ts";
import { type GlobalOptions, refuseRemote } from "./options.ts";
import { counted, print } from "./output.ts";
import { withSession } from "./session.ts";

interface Options extends GlobalOptions {
  readonly passphraseEnv?: string;
  readonly as?: string;
}

const PASSPHRASE = "--passphrase-env <variable>";
const LEAST_CHARACTERS = 12;

export function addWorkspaceCommands(program: Command): void {
  const workspace = program.command("workspace").description("one team, from one installation to another");
  workspace
    .command("export <file>")
    .description("writes everything of the workspace into one file; the passwords of its mailboxes only under a passphrase")
    .option(PASSPHRASE, "the environment variable that holds the passphrase")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      refuseRemote(options, "workspace export");
      const passphrase = passphraseOf(options);
      const done = await withSession(options, ({ agent, workspaceId }) =>
        exportWorkspace(agent, { workspaceId, file: resolve(file), version: PRODUCT_VERSION, passphrase }),
      );
      print({ file, ...done, passwords: passphrase !== null }, options.json, ({ name, passwords }) =>
        [
          `${file} holds the workspace "${name}", ${passwords ? "passwords included" : "without the passwords of its mailboxes"}.`,
          "Pause its campaigns here before it starts elsewhere: two installations cannot know of each other.",
        ].join("\n"),
      );
    });
  workspace
    .command("import <file>")
    .description("makes the exported workspace one of this installation; its mailboxes send once their Sent folders have been read")
    .option(PASSPHRASE, "the environment variable that holds the passphrase that it was exported with")
    .option("--as <name>", "call it so here")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      refuseRemote(options, "workspace import");
      const request = { file: resolve(file), passphrase: passphraseOf(options), name: options.as ?? null };
      print(await withSession(options, ({ agent }) => importWorkspace(agent, request)), options.json, writeImported);
    });
}

function passphraseOf({ passphraseEnv }: Options): string | null {
  if (passphraseEnv === undefined) return null;
  const passphrase = process.env[passphraseEnv] ?? "";
  if (passphrase.length >= LEAST_CHARACTERS) return passphrase;
  throw new AgentError(
    "invalid_input",
    `The environment variable ${passphraseEnv} must hold a passphrase of at least ${LEAST_CHARACTERS} characters.`,
  );
}

function writeImported({ name, rows, paused, domainsWithoutKey }: ImportedWorkspace): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return [
    `The workspace "${name}" is here: ${counted(total, "row")}.`,
    ...(paused > 0
      ? [
          `${counted(paused, "mailbox")} ${paused === 1 ? "waits for its password" : "wait for their passwords"}: \`--workspace "${name}" mailbox add ADDRESS\` takes them.`,
        ]
      : []),
    ...domainsWithoutKey.map(
      (domain) =>
        `Mail of ${domain} was signed, and the key stayed where it was: nothing is sent until \`--workspace "${name}" domain add ${domain}\` has made another one.`,
    ),
    "No mailbox sends before its Sent folder was read; `why ADDRESS` says which wait for you.",
    "Opt-out links in mails that were sent before lead to the other installation: keep it reachable, or enter such opt-outs with `leads suppress`.",
  ].join("\n");
}
