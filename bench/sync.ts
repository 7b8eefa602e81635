// How fast is a mailbox read? All mails of a long outage, and one look that finds none or some, beside imapflow that fetches the same bytes and does
// nothing with them. The server is a real Dovecot.
import { readFileSync } from "node:fs";
import { secretBinding } from "../src/automations/mailbox-access.ts";
import type { MailboxRef } from "../src/automations/send-batch.ts";
import { sealSecret } from "../src/core/encrypted-secret.ts";
import { deriveKeys } from "../src/core/keys.ts";
import { only, type Queryable } from "../src/store/database.ts";
import { type Bench, type Figure, wholeNumber } from "./bench.ts";
import { type Child, startChild } from "./child.ts";
import type { FetchTask } from "./fetch-process.ts";
import { mailThatComes, type SentMail } from "./inbox-mails.ts";
import { ADDRESS, type MailStore, openMailStore, PASSWORD } from "./mail-store.ts";
import { openStage, START, type Stage } from "./stage.ts";
import type { ReadResult, SyncTask } from "./sync-process.ts";

export const sync: Bench = {
  title: "A mailbox read over IMAP, beside bare imapflow",
  options: { mails: { type: "string" }, looks: { type: "string" }, rounds: { type: "string" }, news: { type: "string" } },
  run: async (options) => {
    const store = await openMailStore();
    try {
      // Node reads it when a process starts
      process.env["NODE_EXTRA_CA_CERTS"] = store.authority;
      return await measured(store, {
        mails: wholeNumber(options, "mails", 20_000),
        rounds: wholeNumber(options, "rounds", 2),
        looks: wholeNumber(options, "looks", 30),
        news: wholeNumber(options, "news", 20),
      });
    } finally {
      await store.stop();
    }
  },
};

interface Sizes {
  readonly mails: number;
  readonly rounds: number;
  readonly looks: number;
  readonly news: number;
}

/** How many leads were written to: some of them answer. */
const LEADS = 4_000;

interface Measured extends ReadResult {
  readonly commands: number;
  readonly databaseCpuSeconds: number;
}

async function measured(store: MailStore, sizes: Sizes): Promise<Figure[]> {
  const sent = sentMails();
  store.deliver(mailsFrom(0, sizes.mails, sent));
  const bare: Measured[][] = [];
  const ours: Measured[][] = [];
  let delivered = sizes.mails;
  const deliverNews = () => {
    store.deliver(mailsFrom(delivered, sizes.news, sent));
    delivered += sizes.news;
  };
  const reference = () =>
    startChild<ReadResult>("fetch-process.ts", { port: store.port, user: ADDRESS, password: PASSWORD } satisfies FetchTask);
  await withChild(await reference(), (child) => child.go()); // Dovecot's index, and the files in memory
  for (let round = 0; round < sizes.rounds; round += 1) {
    bare.push(await withChild(await reference(), (child) => series(child, store, sizes, deliverNews)));
    ours.push(await withStage(sent, store.port, (child, stage) => series(child, store, sizes, deliverNews, stage)));
  }
  return figuresOf(bare, ours, sizes);
}

function sentMails(): SentMail[] {
  return Array.from({ length: LEADS }, (_, nth) => ({
    messageId: `<sent-${nth + 1}@team.example>`,
    recipient: `lead${nth + 1}@bakery1-${(nth + 1) % 997}.example`,
  }));
}

function* mailsFrom(first: number, count: number, sent: readonly SentMail[]): Generator<Buffer> {
  for (let nth = first; nth < first + count; nth += 1) yield mailThatComes(nth, { to: ADDRESS, sent });
}

async function withChild<Result>(child: Child<ReadResult>, work: (child: Child<ReadResult>) => Promise<Result>): Promise<Result> {
  try {
    return await work(child);
  } finally {
    await child.stop();
  }
}

/** A reader with a ledger of its own, whose mailbox was connected, and then not read while all the mails came. */
async function withStage<Result>(
  sent: readonly SentMail[],
  port: number,
  work: (child: Child<ReadResult>, stage: Stage) => Promise<Result>,
): Promise<Result> {
  const stage = await openStage();
  try {
    const mailbox = await stage.addMailbox(LEADS, { host: "127.0.0.1", port: 25 });
    await letItBeRead(stage.db, mailbox, port);
    await recordSent(stage.db, mailbox, sent);
    const child = await startChild<ReadResult>("sync-process.ts", { connectionString: stage.connectionString, mailbox } satisfies SyncTask);
    return await withChild(child, (reader) => work(reader, stage));
  } finally {
    await stage.close();
  }
}

async function letItBeRead(db: Queryable, { workspaceId, mailboxId }: MailboxRef, port: number): Promise<void> {
  const secret = sealSecret(deriveKeys(new Uint8Array(32)).credentials, PASSWORD, secretBinding(mailboxId, "imap_secret"));
  await db.query(
    `update mailbox set imap_host = 'localhost', imap_port = $3, imap_security = 'tls', imap_username = email, imap_secret = $4
     where workspace_id = $1 and id = $2`,
    [workspaceId, mailboxId, port, secret],
  );
}

/** What sending would write: the first mail of every enrollment is out. */
async function recordSent(db: Queryable, { workspaceId }: MailboxRef, sent: readonly SentMail[]): Promise<void> {
  await db.query(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, visit, step_lineage, step_id, sequence_version, enrollment_version, lead_id,
       mailbox_id, message_id, recipient, recipient_key, subject, state, slot_at, sent_at, created_at, updated_at)
     select e.workspace_id, 'step', e.campaign_id, e.id, 1, step.lineage, step.id, 1, e.version, lead.id, e.mailbox_id, mail.id, lead.email,
       lead.identity_key, 'Oven repairs', 'sent', $2, $2, $2, $2
     from unnest($3::text[], $4::text[]) as mail (id, recipient)
     join lead on lead.workspace_id = $1 and lead.identity_key = mail.recipient
     join enrollment e on e.workspace_id = lead.workspace_id and e.lead_id = lead.id
     join step on step.workspace_id = e.workspace_id and step.id = e.next_step_id`,
    [workspaceId, START, sent.map((mail) => mail.messageId), sent.map((mail) => mail.recipient)],
  );
  await db.query("vacuum analyze");
  await db.query("checkpoint");
}

/** All mails at once, then looks that find nothing, then looks that find news. */
async function series(
  child: Child<ReadResult>,
  store: MailStore,
  { mails, looks, news }: Sizes,
  deliverNews: () => void,
  stage?: Stage,
): Promise<Measured[]> {
  const results: Measured[] = [];
  for (let nth = 0; nth <= 2 * looks; nth += 1) {
    const expected = nth === 0 ? mails : nth > looks ? news : 0;
    if (nth > looks) deliverNews();
    const [commands, cpu] = [store.commands(), await databaseCpu(stage)];
    const result = await child.go();
    // later rounds also take in the news of earlier ones
    if (nth === 0 ? result.mails < expected : result.mails !== expected)
      throw new Error(`A look found ${result.mails} mails instead of ${expected}.`);
    results.push({ ...result, commands: store.commands() - commands, databaseCpuSeconds: (await databaseCpu(stage)) - cpu });
  }
  return results;
}

/** Processor time of PostgreSQL so far, its ended processes among them, where Linux tells. */
async function databaseCpu(stage: Stage | undefined): Promise<number> {
  if (!stage || process.platform !== "linux") return Number.NaN;
  const { rows } = await stage.db.query<{ own: number; pid: number[] }>(
    "select pg_backend_pid() as own, array_agg(pid) as pid from pg_stat_activity",
  );
  const { own, pid } = only(rows);
  const parent = Number(statOf(own)[1]);
  const ticks = [...statOf(parent).slice(11, 15), ...pid.flatMap((one) => statOf(one).slice(11, 13))];
  return ticks.reduce((sum, one) => sum + Number(one), 0) / 100;
}

/** Fields of /proc/PID/stat behind the name, from the state on; none for a process that is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function figuresOf(bare: readonly Measured[][], ours: readonly Measured[][], { looks }: Sizes): Figure[] {
  const taken = (rounds: readonly Measured[][]) => rounds.flatMap((round) => round.slice(0, 1));
  const looked = (rounds: readonly Measured[][], first: number) => rounds.map((round) => round.slice(first, first + looks));
  const figures: Figure[] = [];
  const beside = (name: string, one: (rounds: readonly Measured[][], what: string, to?: Figure) => Figure) => {
    const reference = one(bare, `imapflow: ${name}`);
    figures.push(reference, one(ours, `agent: ${name}`, reference));
  };
  beside("all mails", (rounds, what, to) => allFigure(what, taken(rounds), to));
  beside("a look, no news", (rounds, what, to) => lookFigure(what, looked(rounds, 1), to));
  beside("a look, news", (rounds, what, to) => lookFigure(what, looked(rounds, 1 + looks), to));
  return figures;
}

function allFigure(what: string, rounds: readonly Measured[], beside?: Figure): Figure {
  const perMail = (seconds: (one: Measured) => number) => rounds.map((one) => Math.round((seconds(one) / one.mails) * 1e6)).join(" ");
  return {
    what,
    rounds: rounds.map((one) => one.mails / one.seconds),
    unit: "mails/s",
    ...(beside ? { beside } : {}),
    more: {
      mails: rounds[0]?.mails ?? 0,
      MB: Math.round((rounds[0]?.bytes ?? 0) / 2 ** 20),
      "its CPU µs/mail": perMail((one) => one.cpuSeconds),
      ...(beside ? { "PostgreSQL's": perMail((one) => one.databaseCpuSeconds) } : {}),
      "peak RSS MB": rounds.map((one) => one.peakMb).join(" "),
      commands: rounds.map((one) => one.commands).join(" "),
      ...(beside ? { "longest stall ms": rounds.map((one) => Math.round(one.stallMs)).join(" ") } : {}),
    },
  };
}

function lookFigure(what: string, rounds: readonly Measured[][], beside?: Figure): Figure {
  const middle = (round: readonly Measured[], of: (one: Measured) => number) =>
    round.map(of).toSorted((a, b) => a - b)[Math.floor(round.length / 2)] ?? 0;
  return {
    what,
    rounds: rounds.map((round) => middle(round, (one) => one.seconds * 1e3)),
    unit: "ms",
    ...(beside ? { beside } : {}),
    more: {
      mails: rounds[0]?.[0]?.mails ?? 0,
      "CPU ms": rounds.map((round) => middle(round, (one) => one.cpuSeconds * 1e3).toFixed(1)).join(" "),
      commands: rounds.map((round) => middle(round, (one) => one.commands)).join(" "),
    },
  };
}
