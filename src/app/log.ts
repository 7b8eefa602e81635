// One logger: JSON lines on stderr, secrets and people's words redacted. `event` names what happened (automations/events.ts).
import { type Logger, pino } from "pino";
import { AgentError } from "../core/errors.ts";
import type { Settings } from "../core/settings.ts";

/** Keys whose values never reach a log, wherever they stand. */
const REDACTED = ["password", "secret", "pass", "authorization", "cookie", "secret_key", "database_url", "raw", "text", "visibleText"];

export function createLog(settings: Settings["log"], destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[redacted]" },
      serializers: { err: told },
    },
    destination,
  );
}

/** What an error says, and nothing of what hangs on it: the driver's errors carry their whole connection. */
function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  const detail = error instanceof AgentError ? error.detail : undefined;
  return { type: name, message, code, detail, stack, ...(cause === undefined ? {} : { cause: told(cause) }) };
}
