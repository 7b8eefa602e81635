// backup, restore, keys fingerprint|export: the whole installation as a file, and the secret key apart from it.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type BackedUp, backUp } from "../../automations/back-up.ts";
import { AgentError } from "../../core/errors.ts";
import { deriveKeys, secretKeyFingerprint } from "../../core/keys.ts";
import { openDataDirectory } from "../data-directory.ts";
import { type RestoredInstallation, restoreInstallation } from "../restore-installation.ts";
import { masterKey, writeKey } from "../secret-key.ts";
import { PRODUCT_VERSION } from "../version.ts";
import { type GlobalOptions, refuseRemote } from "./options.ts";
import { counted, print } from "./output.ts";
import { settingsFor, withSession } from "./session.ts";

export function addBackupCommands(program: Command): void {
  program
    .command("backup [file]")
    .description("writes everything but the secret key into one file, while the agent runs")
    .action(async (file: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      refuseRemote(options, "backup");
      const written = await withSession(options, async ({ agent, settings }) => {
        const done = await backUp(agent, { file: resolve(file ?? newFile(settings.data_dir)), version: PRODUCT_VERSION });
        return { ...done, key: secretKeyFingerprint(agent.keys) };
      });
      print(written, options.json, writeBackedUp);
    });
  program
    .command("restore <file>")
    .description("makes a backup the content of this installation, which must be new")
    .option("--secret-key <file>", "the secret key of the backup, as `keys export` wrote it; it becomes the key of this installation")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { secretKey?: string }>();
      refuseRemote(options, "restore");
      const restored = await restoreInstallation(settingsFor(options), { file: resolve(file), keyFile: options.secretKey ?? null });
      print(restored, options.json, writeRestored);
    });
  const keys = program.command("keys").description("the secret key, which is in no backup");
  keys
    .command("fingerprint")
    .description("names the key without saying anything about it: backups name the one they need")
    .action((_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      refuseRemote(options, "keys fingerprint");
      print({ fingerprint: secretKeyFingerprint(deriveKeys(keyOf(options))) }, options.json, ({ fingerprint }) => fingerprint);
    });
  keys
    .command("export <file>")
    .description("writes the key into a file; keep it elsewhere than the backups: whoever has both can read every password")
    .action((file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      refuseRemote(options, "keys export");
      const key = keyOf(options);
      if (!writeKey(resolve(file), key)) throw new AgentError("already_exists", `${file} exists already; name another file.`);
      print(
        { file, fingerprint: secretKeyFingerprint(deriveKeys(key)) },
        options.json,
        (one) => `${one.file} holds the key ${one.fingerprint}.`,
      );
    });
}

function keyOf(options: GlobalOptions): Uint8Array {
  const settings = settingsFor(options);
  return masterKey(settings.secret_key, resolve(settings.data_dir));
}

/** In a directory of its own, so that nobody else sees even the names. */
function newFile(dataDir: string): string {
  const directory = join(openDataDirectory(resolve(dataDir)), "backups");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return join(directory, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}.tar.gz`);
}

function rowsIn(rows: BackedUp["rows"]): string {
  return counted(
    Object.values(rows).reduce((total, count) => total + count, 0),
    "row",
  );
}

function writeBackedUp({ file, rows, key }: BackedUp & { readonly key: string }): string {
  return [
    `${file} holds ${rowsIn(rows)}. It is not encrypted: it holds people's addresses and mails.`,
    `It needs the secret key ${key}, which it does not hold: \`keys export FILE\` writes that one.`,
  ].join("\n");
}

function writeRestored({ from, rows, keptKey, mailboxes }: RestoredInstallation): string {
  return [
    `${rowsIn(rows)} of ${from.toISOString()} were restored.`,
    ...(keptKey ? [`The key that this installation had stands in ${keptKey}.`] : []),
    "Make sure that the installation of the backup does not run any more, then start this one.",
    `${counted(mailboxes, "mailbox")} will send nothing until their Sent folders have been read; \`why ADDRESS\` says which wait for you.`,
    "Opt-outs by link, leads and decisions since that moment are in no mailbox: they are lost. Opt-outs by reply are read again.",
  ].join("\n");
}
