// What a check of the installation is, and what it finds. The checks stand in one file a group; doctor.ts runs them all.
import type { Instant } from "../../core/instant.ts";
import type { PurposeKeys } from "../../core/keys.ts";
import type { Settings } from "../../core/settings.ts";
import type { Database } from "../../store/database.ts";

/** The installation, as far as it could be opened. */
export interface Patient {
  readonly settings: Settings;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: it does not answer, and `databaseProblem` says why. */
  readonly db: Database | null;
  readonly databaseProblem: string | null;
  /** Null: there is none, or it cannot be read; `keyProblem` says why. */
  readonly keys: PurposeKeys | null;
  readonly keyProblem: string | null;
  /** By the installation's clock: a sandbox has its own. */
  readonly now: Instant;
}

export interface Finding {
  readonly status: "ok" | "warning" | "failure" | "unknown";
  /** One sentence: what was found. */
  readonly says: string;
  /** Which one of several it is about: a mailbox's address. */
  readonly of?: string;
}

export interface Check {
  /** Never changes its meaning; also its heading in docs/reference/doctor.md. */
  readonly id: string;
  /** What is looked at, for the reference. */
  readonly looksAt: string;
  /** What to do when it does not pass. */
  readonly fix: string;
  run(patient: Patient): Promise<Finding | readonly Finding[]> | Finding | readonly Finding[];
}

export const ok = (says: string): Finding => ({ status: "ok", says });
export const warning = (says: string): Finding => ({ status: "warning", says });
export const failure = (says: string): Finding => ({ status: "failure", says });
export const unknown = (says: string): Finding => ({ status: "unknown", says });

/** A check that asks the database, and cannot be answered without. */
export function withDatabase(ask: (db: Database, patient: Patient) => ReturnType<Check["run"]>): Check["run"] {
  return (patient) => (patient.db ? ask(patient.db, patient) : unknown("The database does not answer."));
}
