// What every automation works with. app/wire.ts builds it once; tests build it with a clock they move.
import type { Logger } from "pino";
import type { ReplyAnalyst } from "../ai/reply-analysis.ts";
import type { Clock } from "../core/instant.ts";
import type { Settings } from "../core/settings.ts";
import type { DnsResolver } from "../mail/dns.ts";
import type { InboxPool } from "../mail/inbox-pool.ts";
import type { Database, Queryable } from "../store/database.ts";
import type { JobName, JobPayload } from "./catalog.ts";

export interface Keys {
  /** Derive Message-IDs, sign opt-out links, encrypt credentials, make reply addresses, seal backups: one key each, all from one master key. */
  readonly messageId: Uint8Array;
  readonly optOut: Uint8Array;
  readonly credentials: Uint8Array;
  readonly replyAddress: Uint8Array;
  readonly backup: Uint8Array;
}

/** The job engine, as far as automations know it: jobs are enqueued in the transaction that caused them. */
export interface JobQueue {
  /** A job of the same name and key that still waits swallows this one. */
  enqueue<Name extends JobName>(tx: Queryable, name: Name, payload: JobPayload<Name>, key: string): Promise<void>;
}

/** The moments of sending at which a crash has different consequences; tests kill the process there. */
export type SendPhase = "before_mark" | "marked" | "transmitted" | "recorded";

export interface Agent {
  readonly db: Database;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: Logger;
  readonly keys: Keys;
  readonly jobs: JobQueue;
  readonly inboxes: InboxPool;
  readonly dns: DnsResolver;
  readonly analyst: ReplyAnalyst;
  /** Names this process in leases. */
  readonly processId: string;
  /** When this process started, by its clock: what was read before may hide a reply. */
  readonly startedAt: Date;
  /** True once the process was asked to stop: nothing new is begun. */
  stopping(): boolean;
  onSendPhase(phase: SendPhase): Promise<void>;
}
