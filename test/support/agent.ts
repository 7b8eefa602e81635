// What automations work with in a test: everything real, but silent, without a job engine, and with a clock that moves when told.
import { pino } from "pino";
import { ruleAnalyst } from "../../src/ai/rule-analyst.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";

const UNKNOWN = { kind: "unknown", why: "there is no DNS in this test" } as const;
/** No test depends on the network. */
export const NO_DNS: Agent["dns"] = {
  txt: () => Promise.resolve(UNKNOWN),
  mx: () => Promise.resolve(UNKNOWN),
  addresses: () => Promise.resolve(UNKNOWN),
};

/** Jobs are lost unless `jobs` says otherwise. */
export function testAgent(parts: Pick<Agent, "db" | "clock"> & Partial<Agent>): Agent {
  const log = parts.log ?? pino({ level: "silent" });
  return {
    settings: settingsSchema.parse({}),
    log,
    keys: deriveKeys(new Uint8Array(32)),
    jobs: { enqueue: () => Promise.resolve() },
    inboxes: createInboxPool({ log, idle: false, reconnect: { firstMs: 20, factor: 2, maxMs: 200 } }),
    dns: NO_DNS,
    analyst: ruleAnalyst(),
    processId: "test",
    startedAt: new Date(0),
    stopping: () => false,
    onSendPhase: () => Promise.resolve(),
    ...parts,
  };
}
