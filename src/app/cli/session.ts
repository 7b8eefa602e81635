// What every command works with: settings, a database that is up and migrated (joined where the product runs already), an agent.
import { resolve } from "node:path";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Clock } from "../../core/instant.ts";
import type { Settings } from "../../core/settings.ts";
import { migrate } from "../../store/migrate.ts";
import { ensureWorkspace } from "../../store/workspace.ts";
import { loadSettings, processSources } from "../config.ts";
import { openPostgres } from "../embedded-postgres.ts";
import { createLog } from "../log.ts";
import { type Wired, wallClock, wire } from "../wire.ts";

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

/** @param join use the database of a running `start` on the same data directory, instead of refusing */
export async function openSession(
  settings: Settings,
  { join, clock = wallClock }: { readonly join: boolean; readonly clock?: Clock },
): Promise<Session> {
  const log = createLog(settings.log);
  const dataDir = resolve(settings.data_dir);
  const postgres = settings.database_url
    ? { connectionString: settings.database_url, stop: () => Promise.resolve() }
    : await openPostgres({ dataDir, log, join, onExit: () => process.kill(process.pid, "SIGTERM") });
  try {
    const wired = wire({ settings, connectionString: postgres.connectionString, dataDir, clock, log });
    await migrate(wired.db);
    await wired.engine.start();
    const workspaceId = await ensureWorkspace(wired.db, settings.workspace);
    const close = async () => {
      await wired.engine.stop(5_000);
      await wired.close();
      await postgres.stop();
    };
    return { wired, agent: wired.agent, settings, workspaceId, close };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Opens a session for one command and closes it whatever happens. Logs of a command are warnings only, unless asked for more. */
export async function withSession<Result>(options: GlobalOptions, work: (session: Session) => Promise<Result>): Promise<Result> {
  const settings = settingsFor(options);
  const quiet = settings.log.level === "info" ? { ...settings, log: { level: "warn" as const } } : settings;
  const session = await openSession(quiet, { join: true });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
