// One workspace into one file: every row of its tables as they are at one moment. Passwords only under a passphrase.
import { type ArchiveWriter, writeArchive } from "../archive/archive-file.ts";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { listMailboxes } from "../store/mailbox.ts";
import type { StoredLogin } from "../store/mailbox-login.ts";
import { recordedMigrations } from "../store/migrate.ts";
import { inSnapshot } from "../store/schedule-input.ts";
import { takeTime } from "../store/table-copy.ts";
import { type TableShape, tableShapes } from "../store/table-shape.ts";
import { TABLES } from "../store/tables.ts";
import { workspaceById } from "../store/workspace.ts";
import type { Agent } from "./agent.ts";
import { writeTable } from "./back-up.ts";
import type { RowCounts } from "./backup-manifest.ts";
import { secretBinding } from "./mailbox-access.ts";
import { ABOUT, type MailboxSecrets, newSalt, passphraseKey, SECRETS, writeAbout } from "./workspace-archive.ts";

export interface ExportRequest {
  readonly workspaceId: WorkspaceId;
  /** Must not exist yet. */
  readonly file: string;
  /** Of this product. */
  readonly version: string;
  /** Null: without the passwords of mailboxes. */
  readonly passphrase: string | null;
}

export interface ExportedWorkspace {
  readonly name: string;
  readonly at: Instant;
  readonly rows: RowCounts;
}

export async function exportWorkspace(agent: Agent, request: ExportRequest): Promise<ExportedWorkspace> {
  const at = agent.clock.now();
  const exported = await inSnapshot(agent.db, async (tx) => {
    await takeTime(tx);
    const workspace = await workspaceById(tx, request.workspaceId);
    if (!workspace) throw new AgentError("not_found", "There is no such workspace.");
    const salt = request.passphrase === null ? null : newSalt();
    const key = request.passphrase !== null && salt !== null ? await passphraseKey(request.passphrase, salt) : null;
    const tables = exportedTables(await tableShapes(tx));
    const migrations = [...(await recordedMigrations(tx))].map(([name, sha256]) => ({ name, sha256 }));
    const about = { version: request.version, at, workspace: { id: workspace.id, name: workspace.name }, migrations, salt };
    const rows = await writeArchive(request.file, key, async (archive) => {
      await archive.add(ABOUT, writeAbout(about));
      if (key) await archive.add(SECRETS, await sealedSecrets(agent, tx, request.workspaceId, key));
      return writeRows(tx, archive, tables, request.workspaceId);
    });
    return { name: workspace.name, at, rows };
  });
  agent.log.info({ event: "workspace.exported", workspace: request.workspaceId });
  return exported;
}

/** With the columns that an export holds of them. */
export function exportedTables(shapes: readonly TableShape[]): TableShape[] {
  return shapes.flatMap(({ name, columns }) => {
    const rule = TABLES[name]?.workspace;
    if (rule === undefined || typeof rule === "string") return [];
    return [{ name, columns: columns.filter((column) => !rule.without?.includes(column)) }];
  });
}

/** Passwords, opened with this installation's key, and sealed with that of the passphrase. */
async function sealedSecrets(agent: Agent, tx: Tx, workspaceId: WorkspaceId, key: Uint8Array): Promise<Buffer> {
  const password = (id: MailboxId, login: StoredLogin | undefined, column: "smtp_secret" | "imap_secret") =>
    login?.kind === "password" ? openSecret(agent.keys.credentials, login.secret, secretBinding(id, column)) : null;
  const secrets: MailboxSecrets = (await listMailboxes(tx, workspaceId)).map(({ id, smtp, imap }) => ({
    mailboxId: id,
    smtp: password(id, smtp.login, "smtp_secret"),
    imap: password(id, imap?.login, "imap_secret"),
  }));
  return sealSecret(key, JSON.stringify(secrets), `workspace:${workspaceId}`);
}

async function writeRows(tx: Tx, archive: ArchiveWriter, tables: readonly TableShape[], id: WorkspaceId): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const rule = TABLES[table.name]?.workspace;
    if (rule === undefined || typeof rule === "string") continue;
    counts[table.name] = await writeTable(tx, archive, table, { column: rule.by, id });
  }
  return counts;
}
