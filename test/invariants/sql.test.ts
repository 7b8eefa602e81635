// What the design asks of every SQL text: time is an argument, and no index without a query that it serves.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

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
