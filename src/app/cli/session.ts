// What every command works with: settings, a database that is up and migrated (joined where the product runs already), an agent.
import { resolve } from "node:path";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Clock } from "../../core/instant.ts";
import type { Settings } from "../../core/settings.ts";
import { migrate } from "../../store/migrate.ts";
import { ensureWorkspace } from "../../store/workspace.ts";
import { loadSettings, processSources } from "../config.ts";
import { checkServer } from "../database-server.ts";
import { openPostgres } from "../embedded-postgres.ts";
import { createLog } from "../log.ts";
import { type Wired, wallClock, wire } from "../wire.ts";
import { type Closing, closing } from "./closing.ts";

export interface GlobalOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

export interface Session {
  readonly wired: Wired;
  readonly agent: Agent;
  readonly settings: Settings;
  readonly workspaceId: WorkspaceId;
  close(): Promise<void>;
}

export function settingsFor(options: GlobalOptions, overrides: Readonly<Record<string, string | number | boolean>> = {}): Settings {
  const flags = {
    ...(options.dataDir ? { data_dir: options.dataDir } : {}),
    ...(options.workspace ? { workspace: options.workspace } : {}),
  };
  return loadSettings(processSources(options.config ?? null, { ...flags, ...overrides }));
}

/**
 * Whatever step fails, what was opened before it is closed again.
 *
 * @param join use the database of a running `start` on the same data directory, instead of refusing
 * @param closers where the caller keeps what to close, when it may be told to stop while this still opens
 */
export async function openSession(
  settings: Settings,
  { join, clock = wallClock, closers = closing() }: { readonly join: boolean; readonly clock?: Clock; readonly closers?: Closing },
): Promise<Session> {
  try {
    return await open(settings, join, clock, closers);
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

async function open(settings: Settings, join: boolean, clock: Clock, closers: Closing): Promise<Session> {
  const log = createLog(settings.log);
  const dataDir = resolve(settings.data_dir);
  const opening = settings.database_url ? null : openPostgres({ dataDir, log, join, onExit: () => process.kill(process.pid, "SIGTERM") });
  closers.add(async () => (await opening?.catch(() => null))?.stop());
  const connectionString = settings.database_url ?? (await opening)?.connectionString ?? "";
  const wired = wire({ settings, connectionString, dataDir, clock, log });
  closers.add(() => wired.close());
  await checkServer(wired.db);
  await migrate(wired.db);
  closers.add(() => wired.engine.stop(5_000));
  await wired.engine.start();
  const workspaceId = await ensureWorkspace(wired.db, settings.workspace);
  return { wired, agent: wired.agent, settings, workspaceId, close: () => closers.closeAll() };
}

/** Opens a session for one command and closes it whatever happens. What fails is said once, by the command; its log is only for who asks for one. */
export async function withSession<Result>(options: GlobalOptions, work: (session: Session) => Promise<Result>): Promise<Result> {
  const settings = settingsFor(options);
  const quiet = settings.log.level === "info" ? { ...settings, log: { level: "fatal" as const } } : settings;
  const session = await openSession(quiet, { join: true });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
