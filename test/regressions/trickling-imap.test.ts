// A server that always says something and never answers kept its mailbox's reader busy for ever: silence alone was measured.
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { listening } from "../support/listening.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";

const AGAIN_MS = 20;

let team: LiveOutreach;
let anna: LiveMailbox;
let trickle: Awaited<ReturnType<typeof startTrickle>>;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { receiving: { timeout_seconds: 2, command_timeout_seconds: 0.5 } } });
  anna = await team.addMailbox("anna@team.example");
  trickle = await startTrickle(anna.imap.port);
  await team.db.query("update mailbox set imap_port = $2 where id = $1", [anna.id, trickle.port]);
});
afterEach(async () => {
  await team.end();
  await trickle.stop();
});

/** Stands before an IMAP server. From the first line that matches, the client hears small talk instead of the server. */
async function startTrickle(behindPort: number) {
  const endsOnError = (socket: Socket) => void socket.on("error", () => socket.destroy());
  const state = { from: null as RegExp | null };
  const server = createServer((client) => {
    const behind = connect(behindPort, "127.0.0.1");
    let timer: NodeJS.Timeout | undefined;
    for (const socket of [client, behind]) endsOnError(socket);
    client.on("data", (chunk) => {
      if (state.from?.test(chunk.toString("latin1"))) timer ??= setInterval(() => client.write("* OK still here\r\n"), AGAIN_MS);
      if (!timer) behind.write(chunk);
    });
    behind.on("data", (chunk) => timer ?? client.write(chunk));
    behind.on("close", () => client.destroy());
    client.on("close", () => {
      clearInterval(timer);
      behind.destroy();
    });
  });
  return Object.assign(state, await listening(server));
}

const sync = () => runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });

test.each([
  ["the folders", / LIST /],
  ["how far a folder goes", / STATUS /],
  ["a mail", / UID FETCH /],
])("asked for %s it is given up, and read again later, nothing lost", async (_what, from) => {
  await sync();
  team.deliver("From: kim@bakery.example\r\nTo: anna@team.example\r\nMessage-ID: <1@bakery.example>\r\n\r\nHello.\r\n");
  trickle.from = from;
  expect(await sync()).toMatchObject({ failed: 1, stored: 0 });
  trickle.from = null;
  let seen = 0;
  await expect.poll(async () => (seen += Number((await sync())["seen"])), { ...PATIENCE, interval: 200 }).toBe(1);
});
