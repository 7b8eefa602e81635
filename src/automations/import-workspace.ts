// A workspace from another installation becomes one of this: with its ids, beside those that are here. Its mailboxes send nothing until it is known
// what the other installation has sent since the export, and without their passwords they are paused.
import { readArchive } from "../archive/archive-file.ts";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { endLeases, forgetWhatWasRead, forgetWhatWasSent } from "../store/after-restore.ts";
import { type Database, sqlState, type Tx } from "../store/database.ts";
import { pauseMailboxesOf } from "../store/domain-mailboxes.ts";
import { listMailboxes, pauseMailbox } from "../store/mailbox.ts";
import { loginByPassword } from "../store/mailbox-login.ts";
import type { MailboxPause } from "../store/mailbox-pause.ts";
import { recordedMigrations } from "../store/migrate.ts";
import { listSendingDomains } from "../store/sending-domain.ts";
import { copyOwned, takeTime } from "../store/table-copy.ts";
import { tableShapes } from "../store/table-shape.ts";
import { TABLES } from "../store/tables.ts";
import { workspaceById } from "../store/workspace.ts";
import type { Agent } from "./agent.ts";
import { type RowCounts, rowCountsSchema } from "./backup-manifest.ts";
import { exportedTables } from "./export-workspace.ts";
import { secretBinding } from "./mailbox-access.ts";
import { loadTables } from "./restore.ts";
import { keyStayed } from "./sign-mail.ts";
import { type MailboxSecrets, passphraseKey, readAbout, SECRETS, secretsSchema, type WorkspaceAbout } from "./workspace-archive.ts";

export interface ImportRequest {
  readonly file: string;
  /** Null: mailboxes come without their passwords. */
  readonly passphrase: string | null;
  /** Null: as it was called. */
  readonly name: string | null;
}

export interface ImportedWorkspace {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly rows: RowCounts;
  /** How many mailboxes wait for their passwords. */
  readonly paused: number;
  /** Domains whose mail was signed where they come from: their keys stayed there, and nothing is sent until `domain add` has made others. */
  readonly domainsWithoutKey: readonly string[];
}

/** SQLSTATE unique_violation. */
const TAKEN = "23505";
/** Of its class 22 (not the text of a value), or 23 (breaks a rule of the schema). */
const NOT_ROWS = /^2[23]/;

/** @throws AgentError archive_damaged, already_exists; invalid_input for a wrong passphrase, or the export of another version */
export async function importWorkspace(agent: Agent, request: ImportRequest): Promise<ImportedWorkspace> {
  const about = await aboutOf(request.file);
  const key = await keyOf(about, request.passphrase);
  const { rows, secrets } = await checked(request.file, about, key);
  await refuseOtherVersion(agent.db, about);
  try {
    const imported = await agent.db.transaction(async (tx) => {
      await takeTime(tx);
      const workspaceId = about.workspace.id as WorkspaceId;
      const name = request.name?.trim() || about.workspace.name;
      await load(tx, request.file, { about, key, rows, name });
      await forgetWhatWasSent(tx, workspaceId, about.at);
      await forgetWhatWasRead(tx, workspaceId);
      await endLeases(tx, workspaceId);
      const paused = await unlockMailboxes(agent, tx, workspaceId, secrets);
      return { workspaceId, name, rows, paused, domainsWithoutKey: await stopUnsigned(agent, tx, workspaceId) };
    });
    agent.log.info({ event: "workspace.imported", workspace: imported.workspaceId, paused: imported.paused });
    return imported;
  } catch (cause) {
    const state = sqlState(cause);
    if (state !== undefined && state !== TAKEN && NOT_ROWS.test(state))
      throw new AgentError("archive_damaged", `${request.file} holds rows that no export would hold.`, { cause });
    if (state !== TAKEN) throw cause;
    throw new AgentError(
      "already_exists",
      `The workspace "${about.workspace.name}", or one of its name, is here already; --as gives it another name.`,
      {
        cause,
      },
    );
  }
}

async function aboutOf(file: string): Promise<WorkspaceAbout> {
  for await (const entry of readArchive(file, null)) return await readAbout(entry);
  throw new AgentError("archive_damaged", `${file} is no export: it is empty.`);
}

async function keyOf({ salt }: WorkspaceAbout, passphrase: string | null): Promise<Uint8Array | null> {
  if (salt === null || passphrase === null) return null;
  return passphraseKey(passphrase, salt);
}

/** Reads the whole file once, so that nothing is changed for the sake of a torn one. */
async function checked(
  file: string,
  { workspace }: WorkspaceAbout,
  key: Uint8Array | null,
): Promise<{ readonly rows: RowCounts; readonly secrets: MailboxSecrets }> {
  let secrets: MailboxSecrets = [];
  // its seal is told by whether the passphrase opens the passwords: a wrong one is no damage
  const entries = readArchive(file, null);
  for (;;) {
    const { done, value } = await entries.next();
    if (done) return { rows: rowCountsSchema.parse(value), secrets };
    if (key && value.name === SECRETS) secrets = opened(key, await value.document(), workspace.id);
  }
}

function opened(key: Uint8Array, sealed: Buffer, workspaceId: string): MailboxSecrets {
  try {
    return secretsSchema.parse(JSON.parse(openSecret(key, sealed, `workspace:${workspaceId}`)));
  } catch (cause) {
    throw new AgentError("invalid_input", "The passphrase is not the one that the workspace was exported with.", { cause });
  }
}

/** Rows are taken as they are, and only the schema that they come from knows what they mean. */
async function refuseOtherVersion(db: Database, { migrations, version }: WorkspaceAbout): Promise<void> {
  const here = await recordedMigrations(db);
  const same = migrations.length === here.size && migrations.every(({ name, sha256 }) => here.get(name) === sha256);
  if (!same)
    throw new AgentError(
      "invalid_input",
      `The workspace was exported by version ${version}, whose database differs; bring both to the same version.`,
    );
}

interface Checked {
  readonly about: WorkspaceAbout;
  readonly key: Uint8Array | null;
  readonly rows: RowCounts;
  readonly name: string;
}

async function load(tx: Tx, file: string, { about, key, rows, name }: Checked): Promise<void> {
  const { id } = about.workspace;
  if (await workspaceById(tx, id as WorkspaceId)) throw new AgentError("already_exists", "The workspace is in this installation already.");
  const tables = exportedTables(await tableShapes(tx));
  const entries = readArchive(file, key);
  const counts = await loadTables(tables, entries, (table, pieces) => {
    const rule = TABLES[table.name]?.workspace;
    const column = typeof rule === "object" ? rule.by : "workspace_id";
    return copyOwned(tx, table, pieces, { column, id }, table.name === "workspace" ? { column: "name", value: name } : null);
  }).finally(() => void entries.return(undefined));
  const wrong = tables.find((table) => (counts[table.name] ?? 0) !== (rows[table.name] ?? 0));
  if (wrong)
    throw new AgentError("archive_damaged", `${file} holds other rows of ${wrong.name} than it says, or rows of another workspace.`);
}

/** Returns how many are paused because what they log in with did not come along. */
async function unlockMailboxes(agent: Agent, tx: Tx, workspaceId: WorkspaceId, secrets: MailboxSecrets): Promise<number> {
  let paused = 0;
  const now = agent.clock.now();
  for (const { id, email, smtp } of await listMailboxes(tx, workspaceId)) {
    const known = secrets.find((one) => one.mailboxId === id);
    const pause = (reason: MailboxPause, detail: string) => pauseMailbox(tx, workspaceId, id, reason, detail, now);
    if (smtp.login.kind === "oauth")
      paused += (await pause("grant_revoked", "it was imported without what its owner granted: connect it again")) ? 1 : 0;
    else if (known) {
      const passwords = { smtp: sealed(agent, id, "smtp", known.smtp), imap: sealed(agent, id, "imap", known.imap) };
      await loginByPassword(tx, workspaceId, id, passwords);
    } else {
      const detail = `it was imported without its password; enter it with \`mailbox add ${email}\``;
      paused += (await pause("smtp_auth", detail)) ? 1 : 0;
    }
  }
  return paused;
}

/** The sender would refuse their mail anyway (sign-mail.ts): stopped at once, they say so before anybody waits for a mail. */
async function stopUnsigned(agent: Agent, tx: Tx, workspaceId: WorkspaceId): Promise<string[]> {
  const domains = (await listSendingDomains(tx, workspaceId)).filter(({ keyIsMissing }) => keyIsMissing).map(({ domain }) => domain);
  for (const domain of domains)
    await pauseMailboxesOf(tx, workspaceId, domain, { reason: "unsigned", detail: keyStayed(domain) }, agent.clock.now());
  return domains;
}

function sealed({ keys }: Agent, id: MailboxId, server: "smtp" | "imap", password: string | null): Buffer | null {
  return password === null ? null : sealSecret(keys.credentials, password, secretBinding(id, `${server}_secret`));
}
