// The composition root: from settings and a database URL to an agent that automations can run on.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { ruleAnalyst } from "../ai/rule-analyst.ts";
import type { Agent, SendPhase } from "../automations/agent.ts";
import { type Clock, SECOND } from "../core/instant.ts";
import { deriveKeys } from "../core/keys.ts";
import { dnsServers, type Settings } from "../core/settings.ts";
import { createDnsResolver } from "../mail/dns.ts";
import { createInboxPool } from "../mail/inbox-pool.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { createJobEngine, type JobEngine } from "./job-queue.ts";
import { masterKey } from "./secret-key.ts";

export interface WireOptions {
  readonly settings: Settings;
  readonly connectionString: string;
  /** Absolute path: where the key is. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onSendPhase?: (phase: SendPhase) => Promise<void>;
}

export interface Wired {
  readonly agent: Agent;
  readonly engine: JobEngine;
  readonly db: Database;
  /** From now on nothing new is begun. */
  stopBeginning(): void;
  close(): Promise<void>;
}

export const wallClock: Clock = { now: () => new Date() };

export function wire({ settings, connectionString, dataDir, clock, log, onSendPhase }: WireOptions): Wired {
  const onError = (error: Error) => log.error({ event: "database.error", err: error });
  const db = openDatabase({ connectionString, maxConnections: settings.database_connections, onIdleError: onError });
  const engine = createJobEngine({ connectionString, onError });
  const inboxes = createInboxPool({ log });
  let stopping = false;
  const agent: Agent = {
    db,
    clock,
    settings,
    log,
    keys: deriveKeys(masterKey(settings.secret_key, dataDir)),
    jobs: engine,
    inboxes,
    dns: createDnsResolver({
      servers: dnsServers(settings.domains.dns_servers),
      timeoutMs: settings.domains.dns_timeout_seconds * SECOND,
    }),
    analyst: ruleAnalyst(),
    processId: `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`,
    startedAt: clock.now(),
    stopping: () => stopping,
    onSendPhase: onSendPhase ?? (() => Promise.resolve()),
  };
  return {
    agent,
    engine,
    db,
    stopBeginning: () => {
      stopping = true;
    },
    close: async () => {
      await inboxes.close().catch((error: unknown) => log.warn({ event: "inboxes.not_closed", err: error }));
      await db.close();
    },
  };
}
