// The sandbox: a database of its own that is thrown away, the example campaign, and a mail world with simulated people, all on one scaled clock.
// The product sees ordinary SMTP and IMAP servers.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addMailbox } from "../../automations/add-mailbox.ts";
import type { MailWorld } from "../../sandbox/mail-world.ts";
import { startMailWorld } from "../../sandbox/mail-world.ts";
import { scaledClock } from "../../sandbox/scaled-clock.ts";
import { makeSandboxDirectory, removeAbandonedSandboxes } from "../sandbox-directory.ts";
import { announceSandbox } from "../sandbox-time.ts";
import { applyFile, startNamed } from "./campaign.ts";
import type { Closing } from "./closing.ts";
import { localApi } from "./local-api.ts";
import type { GlobalOptions } from "./options.ts";
import { openSession, type Session, settingsFor } from "./session.ts";

const CAMPAIGN_FILE = fileURLToPath(new URL("../../../examples/first-campaign/campaign.yaml", import.meta.url));
const CAMPAIGN = "Repair log for bakeries";
const MAILBOXES = [
  { address: "anna@team.example", name: "Anna Berger", password: "sandbox" },
  { address: "sales@team.example", name: "Team Sales", password: "sandbox" },
];
/** A Tuesday at 09:00 in Berlin. */
const START = new Date("2026-03-03T08:00:00Z");
/** A day passes in six seconds. */
const FACTOR = 86_400 / 6;
/** Settings that are meant in domain time, of which much passes between two ticks. */
const SETTINGS = {
  "engine.tick_ms": 250,
  "sending.catch_up_seconds": 6 * 3_600,
  "receiving.stale_after_seconds": 12 * 3_600,
  "http.host": "127.0.0.1",
};

export interface Sandbox {
  readonly session: Session;
  /** Adds the mailboxes, applies the example campaign and starts it. */
  begin(): Promise<void>;
}

export async function openSandbox(
  options: GlobalOptions,
  { overrides, seed, closers }: { readonly overrides: Readonly<Record<string, string>>; readonly seed: number; readonly closers: Closing },
): Promise<Sandbox> {
  const dataDir = makeSandboxDirectory();
  await removeAbandonedSandboxes(dataDir);
  const clock = scaledClock(START, FACTOR);
  const settings = settingsFor(options, { ...SETTINGS, ...overrides, data_dir: dataDir });
  // Days pass in seconds, and so would hundreds of lines a minute.
  const log = settings.log.level === "info" ? { level: "warn" as const } : settings.log;
  const { database_url: _, ...embedded } = { ...settings, log };
  closers.add(async () => rmSync(dataDir, { recursive: true, force: true }));
  const world = await startMailWorld({ seed, clock, wait: clock.wait, mailboxes: MAILBOXES });
  closers.add(() => world.stop());
  const session = await openSession(embedded, { join: false, clock, closers });
  const startTime = () => {
    clock.begin();
    announceSandbox(dataDir, START, FACTOR, SETTINGS);
    process.stdout.write(`Look around: npm run -s agent -- --data-dir ${dataDir} status\n`);
  };
  return { session, begin: () => begin(session, world, startTime) };
}

async function begin(session: Session, world: MailWorld, startTime: () => void): Promise<void> {
  const { agent, workspaceId } = session;
  for (const { address, name, password } of MAILBOXES) {
    await addMailbox(agent, {
      workspaceId,
      email: address,
      fromName: name,
      provider: "custom",
      password,
      smtp: { ...world.smtp, security: "none" },
      imap: { ...world.imap(address), security: "none" },
      timeZone: "Europe/Berlin",
    });
  }
  const api = localApi(session);
  await applyFile(api, CAMPAIGN_FILE, { bar: false });
  startTime();
  await startNamed(api, CAMPAIGN);
}
