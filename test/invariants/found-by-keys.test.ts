// Sending must not become slow because PostgreSQL does not know its tables yet: whatever its statistics say, rows are found by keys of their own, and
// never by going through a whole workspace. Read from its plans on an empty database, where it expects no row anywhere.
import { describe, expect, test } from "vitest";
import { only, type Tx } from "../../src/store/database.ts";
import { databaseForTests } from "../support/database.ts";
import { type Statement, statementsIn } from "./sql-statements.ts";

const STORE = new URL("../../src/store/", import.meta.url);
/** What sending asks for. */
const FILES = [
  "enrollment-claim.ts",
  "enrollment-time.ts",
  "message-claim.ts",
  "message-outcome.ts",
  "message-recall.ts",
  "message-text.ts",
  "enrollment.ts",
  "lead.ts",
];
const GROWING = new Set(["lead", "enrollment", "message", "message_body"]);

/** What is not found by keys, and why that is right. */
const ELSE: Readonly<Record<string, string>> = {
  "enrollment-claim.ts mailboxesWithDueWork": "asks every mailbox, by the index of what waits",
  "message-recall.ts mailboxesWithInterrupted": "asks every lease, by the fences since it was settled",
  "enrollment.ts enrollmentsOfLead": "all of a lead",
  "enrollment.ts enrollmentsAtDomain": "all of a mail domain",
  "lead.ts leadByAddress": "by its address",
};

const { db } = await databaseForTests();

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

async function planOf(tx: Tx, { text }: Statement): Promise<PlanNode> {
  await tx.client.query(`prepare looked_at as ${text}`);
  const known = await tx.client.query<{ count: number }>(
    "select cardinality(parameter_types) as count from pg_prepared_statements where name = 'looked_at'",
  );
  const values = Array.from({ length: only(known.rows).count }, () => "null").join(", ");
  const explained = await tx.client.query<{ "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }>(
    `explain (format json) execute looked_at${values === "" ? "" : `(${values})`}`,
  );
  await tx.client.query("deallocate looked_at");
  return only(only(explained.rows)["QUERY PLAN"]).Plan;
}

function allNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

/** Tables that a plan reads by their workspace alone, or from end to end. */
function readWhole(plan: PlanNode): string[] {
  return allNodes(plan).flatMap((node) => {
    const table = node["Relation Name"] ?? "";
    if (!GROWING.has(table) || node["Node Type"] === "ModifyTable" || node["Node Type"] === "Bitmap Heap Scan") return [];
    const columns = [...(node["Index Cond"] ?? "").matchAll(/\(?(\w+) (?:=|<|>)/g)].map(([, column]) => column);
    return columns.some((column) => column !== "workspace_id") ? [] : [table];
  });
}

describe.each(FILES)("the statements of store/%s", (file) => {
  test("find rows by their keys", async () => {
    const statements = statementsIn(new URL(file, STORE), file);
    const found: string[] = [];
    for (const statement of statements) {
      const name = `${file} ${statement.by}`;
      if (name in ELSE) continue;
      const plan = await db.hot.transaction((tx) => planOf(tx, statement));
      found.push(...readWhole(plan).map((table) => `${name} reads ${table}`));
    }
    expect(statements.length).toBeGreaterThan(3);
    expect(found).toEqual([]);
  });
});

test("what is listed as found otherwise is there", () => {
  const known = new Set(FILES.flatMap((file) => statementsIn(new URL(file, STORE), file).map(({ by }) => `${file} ${by}`)));
  expect(Object.keys(ELSE).filter((name) => !known.has(name))).toEqual([]);
});
