// What the design asks of every SQL text: it stands in store/ and fits the schema, time is an argument, and no index without a query that it serves.
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Statement, statementsIn } from "./sql-statements.ts";

const SOURCE = new URL("../../src/", import.meta.url);
const STORE = new URL("../../src/store/", import.meta.url);
const MIGRATIONS = new URL("../../migrations/", import.meta.url);

const CLOCKS =
  /\b(now|transaction_timestamp|statement_timestamp|timeofday)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp)\b/i;
const DATABASE_CLOCK = /\bclock_timestamp\s*\(/i;

interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

function linesOf(directory: URL, wanted: (name: string) => boolean): Line[] {
  return readdirSync(directory)
    .filter(wanted)
    .flatMap((file) =>
      readFileSync(new URL(file, directory), "utf8")
        .split("\n")
        .map((text, index) => ({ file, number: index + 1, text })),
    );
}

const place = ({ file, number }: Line) => `${file}:${number}`;
const isComment = ({ text }: Line) => /^\s*(\/\/|\/?\*)/.test(text);
const store = linesOf(STORE, (name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).filter((line) => !isComment(line));
const migrations = linesOf(MIGRATIONS, (name) => name.endsWith(".sql"));

/** Names of indexes that are no rule (unique) and whose line above does not say what they serve. */
function unexplained(lines: readonly Line[]): string[] {
  return lines
    .filter(({ text }, index) => /^\s*create index/i.test(text) && !/^\s*-- serves: \S/.test(lines[index - 1]?.text ?? ""))
    .map((line) => `${place(line)} ${/index\s+(?:concurrently\s+)?(\w+)/i.exec(line.text)?.[1]}`);
}

test("the store never asks for the time: it is told", () => {
  expect(store.filter(({ text }) => CLOCKS.test(text)).map(place)).toEqual([]);
});

test("the database's own clock measures leases, and dates the record of migrations; nothing else", () => {
  const allowed = ({ file, text }: Line) =>
    file === "lease.ts" || /expires_at/.test(text) || (file === "migrate.ts" && /applied_at/.test(text));
  expect(store.filter((line) => DATABASE_CLOCK.test(line.text) && !allowed(line)).map(place)).toEqual([]);
});

test("every index that is not itself a rule names the query it serves", () => {
  expect(migrations.filter(({ text }) => /^\s*create index/i.test(text)).length).toBeGreaterThan(20);
  expect(unexplained(migrations)).toEqual([]);
});

test("an index without its reason would be found", () => {
  const lines = ["create table t (a int);", "create index t_a on t (a);"].map((text, index) => ({
    file: "x.sql",
    number: index + 1,
    text,
  }));
  expect(unexplained(lines)).toEqual(["x.sql:2 t_a"]);
});

/** What cannot be prepared, and why nothing is missed. */
const NOT_PREPARED: Readonly<Record<string, string>> = {
  "store/database.ts run": "hands on the statements of all others",
  "store/database.ts prepared": "hands on the statements of the send loop",
  "store/database.ts openDatabase": "set: PostgreSQL prepares none; every mail that a test sends goes through such a connection",
  "store/database.ts once": "begin, commit, rollback: PostgreSQL prepares no transaction commands; every test runs them",
  "store/database.ts joined": "hands on the statements of all others",
  "store/database.ts nested": "savepoints: PostgreSQL prepares no transaction commands; every write through the API runs them",
  "store/schedule-input.ts inSnapshot": "set transaction: PostgreSQL prepares no transaction commands; every printed schedule runs it",
  "store/fresh-plans.ts planAnew": "PostgreSQL prepares no DISCARD; every import and change of many leads runs it",
  "store/flush-later.ts flushLater": "set local: PostgreSQL prepares no settings; every import runs it",
  "store/migrate.ts createRecord": "DDL, which PostgreSQL does not prepare; it makes the database of every test",
  "store/migrate.ts apply": "the text of a migration; all of them make the database of every test",
  "store/empty-installation.ts filledTables": "asks every table by its name; backup.test.ts restores into what it finds",
  "store/empty-installation.ts emptyTables": "empties tables by their names; backup.test.ts restores",
  "store/empty-installation.ts dropTables": "DDL, which PostgreSQL does not prepare; backup.test.ts restores",
  "store/table-copy.ts takeTime": "set local: PostgreSQL prepares no settings; every backup runs them",
  "store/table-copy.ts copyOut": "COPY, which PostgreSQL does not prepare; every backup runs it",
  "store/table-copy.ts copyIn": "COPY and DDL, which PostgreSQL does not prepare; every restore runs them",
  "store/table-copy.ts copyOwned": "COPY and DDL, which PostgreSQL does not prepare; workspace-export.test.ts runs them",
  "store/partition.ts giveUpSoon": "set local: PostgreSQL prepares no settings; every keep-house runs it",
  "store/partition.ts makePartition": "DDL, which PostgreSQL does not prepare; database.test.ts makes partitions",
};

/** What a layer beside the store may ask for itself. */
const OUTSIDE_THE_STORE: Readonly<Record<string, string>> = {
  "http/health.ts": "asks only whether the database answers",
  "app/job-queue.ts": "the job engine's own statements, in our transaction",
};

function statementsOf(source: URL): Statement[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("sandbox/"))
    .flatMap((name) => statementsIn(new URL(name, source), name));
}

describe("every statement", () => {
  const all = statementsOf(SOURCE);
  const nameOf = ({ file, by }: Statement) => `${file} ${by}`;
  const prepared = all.filter((one) => one.file.startsWith("store/") && !(nameOf(one) in NOT_PREPARED));
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** What PostgreSQL says against it; null when nothing. */
  async function objection(text: string): Promise<string | null> {
    try {
      await database.db.transaction(async (tx) => {
        await tx.query(`prepare statement_of_store as ${text}`);
        await tx.query("deallocate statement_of_store");
      });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  test("stands in the store", () => {
    const outside = all.filter(({ file }) => !file.startsWith("store/") && !(file in OUTSIDE_THE_STORE));
    expect(outside.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  test("can be told from the source, but for a few that are listed", () => {
    expect(prepared.filter(({ text }) => text === null).map(({ file, line, by }) => `${file}:${line} ${by}`)).toEqual([]);
    expect(Object.keys(NOT_PREPARED).filter((listed) => !all.some((one) => nameOf(one) === listed))).toEqual([]);
  });

  test("is accepted by PostgreSQL, against the migrated schema", async () => {
    expect(prepared.length).toBeGreaterThan(150);
    const objections: string[] = [];
    for (const { file, line, by, text } of prepared) {
      const wrong = await objection(text ?? "");
      if (wrong !== null) objections.push(`${file}:${line} ${by}: ${wrong}`);
    }
    expect(objections).toEqual([]);
  });

  test("would be found if it were wrong", async () => {
    const source = `
      import { MESSAGE_COLUMNS } from "./message.ts";
      const TABLE = "message";
      export async function wrong(q: Queryable, open: boolean) {
        const rest = open ? "m.state = 'sent'" : "m.no_such_column";
        await q.query<Row>(\`select \${MESSAGE_COLUMNS} from \${TABLE} m where \${rest} and m.id = $1\`);
        await q.query(text);
      }`;
    const found = statementsIn(new URL("store/invented.ts", SOURCE), "invented.ts", source);
    expect(found.map(({ by, text }) => [by, text === null])).toEqual([
      ["wrong", false],
      ["wrong", false],
      ["wrong", true],
    ]);
    const [right, wrong] = await Promise.all(found.slice(0, 2).map(({ text }) => objection(text ?? "")));
    expect(right).toBeNull();
    expect(wrong).toContain("no_such_column");
  });
});
