// How fast does mail go out, ledger included? The product's way from claim to record beside nodemailer's own pool, which writes nothing down, with
// the same messages, to a server that takes everything at once.
import { addSendingDomain } from "../src/automations/sending-domains.ts";
import { makeSigningKey, pemOf } from "../src/mail/dkim-key.ts";
import { parseMail } from "../src/mail/parse.ts";
import { only } from "../src/store/database.ts";
import { testAgent } from "../test/support/agent.ts";
import type { AgentResult, AgentTask } from "./agent-process.ts";
import { type Bench, type Figure, wholeNumber } from "./bench.ts";
import { type Child, startChild } from "./child.ts";
import type { PoolMail, PoolResult, PoolTask } from "./pool-process.ts";
import type { SinkResult } from "./sink-process.ts";
import { DAILY_CAP, DOMAIN, openStage, START, type Stage } from "./stage.ts";

export const send: Bench = {
  title: "Mails sent and recorded, plain and with DKIM, beside nodemailer's pool without a record",
  options: { messages: { type: "string" }, rounds: { type: "string" }, connections: { type: "string" } },
  run: async (options) => {
    const messages = wholeNumber(options, "messages", 6_000);
    const rounds = wholeNumber(options, "rounds", messages > 50_000 ? 1 : 3);
    const sink = await startChild<SinkResult>("sink-process.ts", {});
    const { port } = await sink.go();
    const stage = await openStage();
    try {
      return await measured({
        stage,
        sink: { host: "127.0.0.1", port },
        connections: wholeNumber(options, "connections", 40),
        messages,
        rounds,
      });
    } finally {
      await stage.close();
      await sink.stop();
    }
  },
};

interface Trial {
  readonly stage: Stage;
  readonly sink: { readonly host: string; readonly port: number };
  readonly connections: number;
  readonly messages: number;
  readonly rounds: number;
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly memory: readonly number[];
}

async function measured(trial: Trial): Promise<Figure[]> {
  const one: Measured[] = [];
  const two: Measured[] = [];
  const pool: Measured[] = [];
  await oursWith(1, { ...trial, messages: 500 }); // the caches of PostgreSQL and the disk
  const mail = await sentMail(trial.stage);
  for (let round = 0; round < trial.rounds; round += 1) {
    pool.push(await poolAlone(trial, mail));
    one.push(await oursWith(1, trial));
    two.push(await oursWith(2, trial));
  }
  const alone = figure("nodemailer's pool alone, no record", pool);
  const single = figure("agent, with ledger", one, alone);
  return [alone, single, figure("agent, with ledger, 2 processes", two, single), ...(await signedToo(trial, mail))];
}

/** From here on the mailboxes' domain has a key. */
async function signedToo(trial: Trial, mail: PoolMail): Promise<Figure[]> {
  const dkim = { domainName: DOMAIN, keySelector: "bench", privateKey: await signFromNow(trial.stage) };
  const ours: Measured[] = [];
  const pool: Measured[] = [];
  for (let round = 0; round < trial.rounds; round += 1) {
    pool.push(await poolAlone(trial, { ...mail, dkim }));
    ours.push(await oursWith(1, trial));
  }
  const alone = figure("nodemailer's pool alone, signing with DKIM", pool);
  return [alone, figure("agent, with ledger, signing with DKIM", ours, alone)];
}

async function signFromNow({ db, workspaceId }: Stage): Promise<string> {
  const privateKeyPem = pemOf(await makeSigningKey());
  const agent = testAgent({ db, clock: { now: () => START } });
  await addSendingDomain(agent, { workspaceId, domain: DOMAIN, selector: "bench", privateKeyPem });
  return privateKeyPem;
}

function figure(what: string, rounds: readonly Measured[], beside?: Figure): Figure {
  const cpu = rounds.map((round) => Math.round(round.cpuMicros)).join(" ");
  const memory = rounds.flatMap((round) => round.memory);
  return {
    what,
    rounds: rounds.map((round) => round.perSecond),
    ...(beside ? { beside } : {}),
    more: { "its CPU µs/mail": cpu, ...(memory.length > 0 ? memoryOf(memory) : {}) },
  };
}

/** Flat means that the last quarter of the samples is no higher than the second one: the first still fills caches. */
function memoryOf(samples: readonly number[]): Record<string, number> {
  const quarter = Math.ceil(samples.length / 4);
  return {
    "RSS MB, second quarter": Math.max(...samples.slice(quarter, 2 * quarter)),
    "RSS MB, last quarter": Math.max(...samples.slice(-quarter)),
  };
}

/** `messages` each. */
async function oursWith(processes: number, { stage, sink, connections, messages }: Trial): Promise<Measured> {
  const children: Child<AgentResult>[] = [];
  for (let nth = 0; nth < processes; nth += 1) {
    const mailboxes = [];
    for (let left = messages; left > 0; left -= DAILY_CAP) mailboxes.push(await stage.addMailbox(Math.min(left, DAILY_CAP), sink));
    const { connectionString } = stage;
    children.push(await startChild<AgentResult>("agent-process.ts", { connectionString, mailboxes, connections } satisfies AgentTask));
  }
  const began = performance.now();
  const results = await Promise.all(children.map((child) => child.go()));
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(children.map((child) => child.stop()));
  const sent = results.reduce((sum, result) => sum + result.sent, 0);
  if (sent !== processes * messages) throw new Error(`${sent} of ${processes * messages} mails were sent.`);
  const cpuSeconds = results.reduce((sum, result) => sum + result.cpuSeconds, 0);
  return { perSecond: sent / seconds, cpuMicros: (cpuSeconds / sent) * 1e6, memory: results.flatMap((result) => result.memory) };
}

async function poolAlone({ sink, connections, messages }: Trial, mail: PoolMail): Promise<Measured> {
  const task: PoolTask = { ...sink, connections, mail, mails: Math.min(messages, 20_000) };
  const child = await startChild<PoolResult>("pool-process.ts", task);
  const { sent, seconds, cpuSeconds } = await child.go();
  await child.stop();
  return { perSecond: sent / seconds, cpuMicros: (cpuSeconds / sent) * 1e6, memory: [] };
}

/** One of the mails that went out, read back: so both sides say the same. */
async function sentMail({ db }: Stage): Promise<PoolMail> {
  const { rows } = await db.query<{ raw: Buffer }>(
    "select raw from message_body b join message m on m.id = b.message_id where m.recipient like 'lead1@%' limit 1",
  );
  const mail = await parseMail(only(rows).raw);
  const headers = ["list-unsubscribe", "list-unsubscribe-post", "feedback-id", "x-marketing-agent-message"];
  return {
    from: { name: mail.from?.name ?? "", address: mail.from?.address ?? "" },
    to: "",
    subject: mail.subject,
    text: mail.text,
    html: mail.html ?? "",
    messageId: mail.messageId ?? "",
    headers: Object.fromEntries(headers.flatMap((name) => (mail.headers.get(name) ?? []).map((value) => [name, value]))),
  };
}
