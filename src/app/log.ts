// One logger: JSON lines on stderr, secrets and people's words redacted. `event` names what happened (automations/events.ts).
import { type Logger, pino } from "pino";
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
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination,
  );
}
