// A mailbox without a gap sends over several connections, and makes its next claim while the last is on the wire: nothing is doubled, nothing is left,
// and nobody's turn is taken.
import { afterEach, expect, test } from "vitest";
import { LiveOutreach } from "../support/live-outreach.ts";

const EVERY_CONNECTION = 6;

let team: LiveOutreach;
afterEach(() => team.end());

async function begin(sending: object, leads: number, steps: Readonly<Record<string, string>>) {
  team = await LiveOutreach.begin({ settings: { sending } });
  const mailbox = await team.addMailbox("anna@team.example", { cap: 200, gap: 0 });
  await team.addLeads(leads);
  return { mailbox, start: () => team.start(team.campaign({ steps })) };
}

test("two lanes over claims that follow each other send every mail once, over connections that are kept", async () => {
  const { mailbox, start } = await begin({ connections_per_mailbox: EVERY_CONNECTION, batch: 8 }, 43, { a: "0 minutes" });
  const before = mailbox.smtp.connections;
  await start();
  await team.pass();
  expect(mailbox.smtp.accepted).toHaveLength(43);
  expect(mailbox.smtp.connections - before).toBe(EVERY_CONNECTION);
  expect(await team.discrepancies()).toEqual([]);
});

test("a server that allows fewer connections gets the mail over those, and is not asked for more with every group", async () => {
  const { mailbox, start } = await begin({ connections_per_mailbox: EVERY_CONNECTION, batch: 50 }, 40, { a: "0 minutes" });
  const { smtp } = mailbox;
  const before = smtp.connections;
  Object.defineProperty(smtp.faults, "refuseConnections", { get: () => smtp.connections > before + 1 });
  await start();
  await team.pass();
  expect(smtp.accepted).toHaveLength(40);
  expect(smtp.connections - before).toBeLessThanOrEqual(EVERY_CONNECTION);
  expect(await team.discrepancies()).toEqual([]);
});

test("a follow-up that a mail on the wire makes due keeps its turn before the next lead", async () => {
  const { mailbox, start } = await begin({ connections_per_mailbox: 1, batch: 1 }, 4, { a: "0 minutes", b: "0 minutes" });
  await start();
  await team.pass();
  const recipients = mailbox.smtp.accepted.map(({ to }) => to[0]);
  expect(recipients).toHaveLength(8);
  for (let lead = 0; lead < 8; lead += 2) expect(recipients[lead + 1]).toBe(recipients[lead]);
});
