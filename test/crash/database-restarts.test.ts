// The database ends while mails go out, in good order, at once, or killed: it is started again, the sender lives, nothing is lost or doubled, and
// what the server took is known.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { joinRunning } from "../../src/app/embedded-postgres.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { allDone, compare } from "./campaign-under-fire.ts";
import { onDatabase, postmasterOf, prepareEmbedded } from "./embedded-campaign.ts";
import { seeded } from "./random-moments.ts";
import { Children } from "./sending-child.ts";

/** Fast shutdown, immediate shutdown, and the kill of the first process: PostgreSQL's documentation, "Shutting Down the Server". */
const SIGNALS = ["SIGINT", "SIGQUIT", "SIGKILL"] as const;
const { ROUNDS, LEADS } = process.env["CRASH_FORM"] === "short" ? { ROUNDS: 1, LEADS: 150 } : { ROUNDS: 3, LEADS: 600 };

let server: AcceptingServer;
let children: Children;

beforeEach(async () => {
  server = await startAcceptingServer(60);
  children = new Children();
});
afterEach(async () => {
  await children.end();
  await server.stop();
});

test("a sender outlives its database, and forgets nothing", { timeout: 300_000 }, async () => {
  const dataDir = join(children.directory, "data");
  const random = seeded();
  await prepareEmbedded(dataDir, { leads: LEADS, smtpPort: server.port });
  const child = children.start({}, dataDir);
  const untilMoreAccepted = async () => {
    const before = server.accepted.length;
    await child.until(() => server.accepted.length > before + 3);
  };
  let ends = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const signal of SIGNALS) {
      await untilMoreAccepted();
      await sleep(random() * 300);
      const pid = postmasterOf(dataDir);
      process.kill(pid, signal);
      await child.until(async () => (await joinRunning(dataDir)) !== null && postmasterOf(dataDir) !== pid);
      ends += 1;
    }
  }
  await untilMoreAccepted();
  const found = await onDatabase((await joinRunning(dataDir)) ?? "", async (db) => {
    await child.until(() => allDone(db));
    return compare(db, server);
  });
  console.log("database ended", { ends, ...found });
  expect(found).toMatchObject({ messages: LEADS, vanished: 0, doubled: 0, lost: 0, unknown: 0, neitherSentNorUncertain: 0 });
  // Whether a mark was committed is not known where the database ended in it: such a mail never left, and nobody says that it did.
  expect(found.uncertainButAccepted).toBe(0);
  expect(await child.stop()).toBe(0);
  expect(child.log).toContain("database.restarted");
  expect(child.log).toContain("database_unavailable");
});
