// A lease is renewed while a claim holds its row, or the database is slow: renewals that waited piled up until they had every connection of the process,
// and nothing else could be done.
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepLease } from "../../src/automations/lease-keeper.ts";
import { only } from "../../src/store/database.ts";
import { acquireLease } from "../../src/store/lease.ts";
import { LiveOutreach } from "../support/live-outreach.ts";

const LEASE_SECONDS = 0.3;

let team: LiveOutreach;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { sending: { lease_seconds: LEASE_SECONDS } } });
});
afterEach(() => team.end());

test("one renewal waits at a time, however long", async () => {
  const { id: mailboxId } = await team.addMailbox("anna@team.example");
  const wanted = { workspaceId: team.workspaceId, mailboxId, purpose: "send", holder: "test", seconds: 60 } as const;
  const lease = await acquireLease(team.db, wanted);
  if (!lease) throw new Error("The mailbox is busy.");
  const waiting = await team.db.transaction(async (tx) => {
    await tx.query("select from mailbox_lease where mailbox_id = $1 for update", [mailboxId]);
    const keeper = keepLease(team.agent, lease);
    await sleep(5 * LEASE_SECONDS * 1_000);
    keeper.stop();
    const { rows } = await tx.query<{ count: number }>(
      "select count(*)::integer from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return only(rows).count;
  });
  expect(waiting).toBe(1);
});
