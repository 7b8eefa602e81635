// What every command works with: settings, a database that is up and migrated (joined where the product runs already), an agent.
import { resolve } from "node:path";
import type { Agent } from "../../automations/agent.ts";
import { AgentError } from "../../core/errors.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Clock } from "../../core/instant.ts";
import type { Settings } from "../../core/settings.ts";
import type { Queryable } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { ensureWorkspace, workspaceNames } from "../../store/workspace.ts";
import { loadSettings, processSources } from "../config.ts";
import { checkServer } from "../database-server.ts";
import { openPostgres } from "../embedded-postgres.ts";
import { createLog } from "../log.ts";
import { sandboxOn } from "../sandbox-time.ts";
import { type Wired, wallClock, wire } from "../wire.ts";
import { type Closing, closing } from "./closing.ts";
import type { GlobalOptions } from "./options.ts";

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

interface OpenOptions {
  readonly join: boolean;
  readonly mustExist?: boolean;
  readonly clock?: Clock;
  readonly closers?: Closing;
}

/**
 * Whatever step fails, what was opened before it is closed again.
 *
 * @param mustExist the workspace is not made when it is missing, unless it would be the first: a misspelt one must not look empty
 * @param join use the database of a running `start` on the same data directory, instead of refusing
 * @param closers where the caller keeps what to close, when it may be told to stop while this still opens
 */
export async function openSession(
  settings: Settings,
  { join, mustExist = false, clock = wallClock, closers = closing() }: OpenOptions,
): Promise<Session> {
  try {
    return await open(settings, { join, mustExist, clock, closers });
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

async function open(settings: Settings, { join, mustExist, clock, closers }: Required<OpenOptions>): Promise<Session> {
  const log = createLog(settings.log);
  const dataDir = resolve(settings.data_dir);
  const opening = settings.database_url ? null : openPostgres({ dataDir, log, join });
  closers.add(async () => (await opening?.catch(() => null))?.stop());
  const connectionString = settings.database_url ?? (await opening)?.connectionString ?? "";
  const wired = wire({ settings, connectionString, dataDir, clock, log });
  closers.add(() => wired.close());
  await checkServer(wired.db);
  await migrate(wired.db);
  closers.add(() => wired.engine.stop(5_000));
  await wired.engine.start();
  const workspaceId = await workspaceFor(wired.db, settings.workspace, mustExist);
  return { wired, agent: wired.agent, settings, workspaceId, close: () => closers.closeAll() };
}

async function workspaceFor(q: Queryable, name: string, mustExist: boolean): Promise<WorkspaceId> {
  const names = mustExist ? await workspaceNames(q) : [];
  if (names.length === 0 || names.some((one) => one.toLowerCase() === name.trim().toLowerCase())) return ensureWorkspace(q, name);
  throw new AgentError("not_found", `There is no workspace "${name}"; there is ${names.join(", ")}. \`start --workspace NAME\` makes one.`);
}

/** Opens a session for one command and closes it whatever happens. What fails is said once, by the command; its log is only for who asks for one. */
export async function withSession<Result>(options: GlobalOptions, work: (session: Session) => Promise<Result>): Promise<Result> {
  const asked = settingsFor(options);
  const sandbox = sandboxOn(resolve(asked.data_dir));
  const settings = sandbox ? settingsFor(options, sandbox.settings) : asked;
  const quiet = settings.log.level === "info" ? { ...settings, log: { level: "fatal" as const } } : settings;
  const session = await openSession(quiet, { join: true, mustExist: true, ...(sandbox ? { clock: sandbox.clock } : {}) });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
