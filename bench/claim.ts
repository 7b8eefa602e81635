// How fast is due work found, planned and written into the ledger, and does it matter how many enrollments there are? Beside the least that a claim
// can be: rows that nobody else holds, copied into another table, a transaction for each batch.
import type { MailboxRef } from "../src/automations/send-batch.ts";
import type { Database } from "../src/store/database.ts";
import { type Bench, type Figure, wholeNumber } from "./bench.ts";
import { startChild } from "./child.ts";
import type { ClaimResult, ClaimTask } from "./claim-process.ts";
import { timed } from "./machine.ts";
import { openStage, START, type Stage } from "./stage.ts";

const BATCH = 100;
/** Enrollments among which the same claims are made first. */
const FEW = 20_000;
/** As many as one process sends from at the same time without waiting for itself. */
const MAILBOXES = 4;
const NOWHERE = { host: "127.0.0.1", port: 9 };

export const claim: Bench = {
  title: "Claims in batches of 100, fsync on, nothing written or sent",
  options: { enrollments: { type: "string" }, claims: { type: "string" } },
  run: async (options) => {
    const enrollments = wholeNumber(options, "enrollments", 1_000_000);
    const claims = wholeNumber(options, "claims", 4_000);
    const stage = await openStage();
    try {
      return await measured(stage, enrollments, claims);
    } finally {
      await stage.close();
    }
  },
};

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const ROUNDS = 3;

async function measured(stage: Stage, enrollments: number, claims: number): Promise<Figure[]> {
  const first = await stage.addMailbox(FEW, NOWHERE);
  await claimed(stage, [first], BATCH); // the caches of PostgreSQL and the disk
  const amongFew = [await claimed(stage, [first], claims)];
  const mailboxes: MailboxRef[] = [];
  for (let nth = 0; nth < MAILBOXES; nth += 1) mailboxes.push(await stage.addMailbox(Math.ceil((enrollments - FEW) / MAILBOXES), NOWHERE));
  await makeBareTables(stage.db, enrollments);
  const [bare, one, all]: Measured[][] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare?.push(await bareClaims(stage.db, claims));
    one?.push(await claimed(stage, mailboxes.slice(0, 1), claims));
    all?.push(await claimed(stage, mailboxes, claims));
  }
  const reference = figure(`bare SQL among ${enrollments} rows`, bare ?? []);
  return [
    reference,
    figure(`one mailbox among ${FEW} enrollments`, amongFew),
    figure(`one mailbox among ${enrollments} enrollments`, one ?? [], reference),
    figure(`${MAILBOXES} mailboxes at once among ${enrollments} enrollments`, all ?? [], reference),
  ];
}

function figure(what: string, rounds: readonly Measured[], beside?: Figure): Figure {
  const more = { "its CPU µs/claim": rounds.map((round) => Math.round(round.cpuMicros)).join(" ") };
  return { what, rounds: rounds.map((round) => round.perSecond), ...(beside ? { beside } : {}), more };
}

/** `claims` from each mailbox, by one process. */
async function claimed({ connectionString, db }: Stage, mailboxes: readonly MailboxRef[], claims: number): Promise<Measured> {
  const child = await startChild<ClaimResult>("claim-process.ts", { connectionString, mailboxes, claims } satisfies ClaimTask);
  const result = await child.go();
  await child.stop();
  await db.query("update mailbox_lease set expires_at = '-infinity'");
  return { perSecond: result.claimed / result.seconds, cpuMicros: (result.cpuSeconds / result.claimed) * 1e6 };
}

async function makeBareTables(db: Database, rows: number): Promise<void> {
  await db.query("create table bare_due (id bigint primary key, next_at timestamptz not null)");
  await db.query("create table bare_sent (id bigint primary key, at timestamptz not null)");
  await db.query("insert into bare_due select id, $1 from generate_series(1, $2) as id", [START, rows]);
  await db.query("create index on bare_due (next_at, id)");
  await db.query("vacuum analyze bare_due");
}

async function bareClaims(db: Database, claims: number): Promise<Measured> {
  const { seconds, cpuSeconds } = await timed(async () => {
    for (let done = 0; done < claims; done += BATCH) await db.transaction((tx) => tx.query(BARE_CLAIM, [START, BATCH]));
  });
  return { perSecond: claims / seconds, cpuMicros: (cpuSeconds / claims) * 1e6 };
}

const BARE_CLAIM = `
  with due as (select id from bare_due where next_at <= $1 order by next_at, id limit $2 for update skip locked),
  taken as (update bare_due set next_at = 'infinity' from due where bare_due.id = due.id returning bare_due.id)
  insert into bare_sent select id, $1 from taken`;
