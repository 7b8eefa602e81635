// What every command may be told: where the settings and the data are, or which server does the work.
import { AgentError } from "../../core/errors.ts";

export interface GlobalOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly workspace?: string;
  readonly json?: boolean;
  readonly server?: string;
  readonly key?: string;
}

export interface StartOptions extends GlobalOptions {
  readonly role: "all" | "web" | "worker";
  readonly port?: string;
  readonly sandbox?: boolean;
  readonly seed: string;
}

export function serverOf({ server }: GlobalOptions): string | null {
  return server ?? process.env["MARKETING_AGENT_SERVER"] ?? null;
}

/** For what only the machine itself can do. @throws AgentError invalid_input */
export function refuseRemote(options: GlobalOptions, command: string): void {
  if (serverOf(options) === null) return;
  throw new AgentError(
    "invalid_input",
    `\`${command}\` works only on the machine that runs the agent; leave --server (MARKETING_AGENT_SERVER) out.`,
  );
}

/** @throws AgentError invalid_input */
export function limitOf(written: string): number {
  const limit = Number(written);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) return limit;
  throw new AgentError("invalid_input", "--limit must be a whole number from 1 to 100000.");
}
