// The command line as a shell has it: what it prints, where, and with which code it ends.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inShell, inThisProcess } from "../../../test/support/command-line.ts";
import { createTestDatabase } from "../../../test/support/database.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-commands-"));

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

const environment = () => ({ DATABASE_URL: database.connectionString, MARKETING_AGENT_DATA_DIR: directory });
const inAShell = (...words: readonly string[]) => inShell(words, { cwd: directory, env: environment() });
const agent = (...words: readonly string[]) => inThisProcess(words, environment());

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe("leads", () => {
  test("come in, are listed, removed and suppressed; whoever is unknown is named", { timeout: 120_000 }, async () => {
    const imported = await inAShell(
      "leads",
      "import",
      file("leads.csv", "email;company\nkim@bakery.example;Käsekuchen\nlee@bakery.example;Lee & Co\nno address;x\n"),
    );
    expect(imported).toMatchObject({ code: 0, err: "" });
    expect(imported.out).toContain("3 rows: 2 created, 1 rejected.");
    const removed = await agent("leads", "remove", "KIM@bakery.example", "nobody@bakery.example");
    expect(removed.code).toBe(2);
    expect(removed.out).toBe("kim@bakery.example was removed: 0 sequences ended, 0 mails cancelled.\nNo lead: nobody@bakery.example.\n");
    expect(await agent("leads", "suppress", "lee@bakery.example", "--reason", "a customer")).toMatchObject({ code: 0 });
    const { out } = await agent("--json", "leads", "list", "--search", "käse");
    expect(JSON.parse(out)).toMatchObject({ total: 2, leads: [{ email: "kim@bakery.example", suppressed: null }] });
    const listed = (await agent("leads", "list")).out;
    expect(listed).toMatch(/kim@bakery\.example .* no: removed/);
    expect(listed).toMatch(/lee@bakery\.example .* no: suppressed \(person\)/);
  });

  test("of a file are removed whatever else stands in it", async () => {
    await agent("leads", "import", file("more.csv", "email\nann@shop.example\nbob@shop.example\n"));
    const list = file("leavers.csv", Buffer.from("﻿Name;Mail\r\nAnn;ann@shop.example\r\nBob;BOB@shop.example\r\nNobody;\r\n"));
    expect((await agent("leads", "remove", "--file", list)).out).toContain("2 leads were removed");
  });
});

describe("a mistake", () => {
  test("in the workspace makes none, and names those that are there", async () => {
    await agent("status");
    const misspelt = await inAShell("--workspace", "defualt", "status");
    expect(misspelt).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining('There is no workspace "defualt"; there is default.'),
    });
    expect((await database.db.query("select from workspace where name = 'defualt'")).rowCount).toBe(0);
  });

  test.each([
    ["in the command", ["bogus"], "unknown command 'bogus'"],
    ["in an option", ["leads", "list", "--limit", "none"], "--limit must be a whole number from 1 to 100000. [invalid_input]"],
    ["in a path", ["leads", "import", "missing.csv"], "There is no file missing.csv. [invalid_input]"],
    ["in an id", ["message", "was-sent", `a${"-".repeat(35)}`], "There is no uncertain message"],
    [
      "in a setting",
      ["--config", "missing.yaml", "status"],
      "The configuration file missing.yaml cannot be read: there is no such file. [config_invalid]",
    ],
    ["in a ramp-up", ["mailbox", "add", "a@team.example", "--no-login", "--ramp-up", "5"], "--ramp-up 5 must be written DAY:START:STEP"],
  ])("%s is one sentence on standard error, and exit code 2", async (_, words, sentence) => {
    const { code, out, err } = await inAShell(...words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^ {4}at /m);
  });

  test("is JSON on standard output where JSON was asked for, even if the command was not understood", async () => {
    const { code, out, err } = await inAShell("--json", "leads", "bogus");
    expect({ code, err }).toEqual({ code: 2, err: "" });
    expect(JSON.parse(out)).toMatchObject({ error: { code: "invalid_input" } });
  });
});

test("a plan says what would change; it ends with 5 only where that was asked for", { timeout: 120_000 }, async () => {
  await agent("leads", "list");
  await database.db.query(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds, created_at,
       updated_at)
     select id, 'anna@team.example', 'anna@team.example', 'custom', 'mail.team.example', 465, 'tls', 40, 90, $1, $1 from workspace`,
    [new Date("2026-03-02T08:00:00Z")],
  );
  const text = (body: string) =>
    `name: Repair log\ntime_zone: UTC\nmailboxes: [anna@team.example]\nleads: all\nopt_out: reply\nsequence:\n  - { id: a, subject: Hi, body: ${body} }\n`;
  const [old, edited] = [file("old.yaml", text("Old.")), file("new.yaml", text("New."))];
  expect(await agent("campaign", "apply", old)).toMatchObject({ code: 0, err: "" });
  expect(await agent("campaign", "plan", old, "--exit-code")).toMatchObject({ code: 0, out: "It would change nothing.\n" });
  expect(await agent("campaign", "plan", edited, "--leads-inside", "stay")).toMatchObject({ code: 0 });
  const differs = await agent("campaign", "plan", edited, "--exit-code");
  expect(differs.code).toBe(5);
  expect(differs.out).toContain('  - step "a" words\n     subject: Hi\n    -Old.\n    +New.');
  expect(await agent("campaign", "apply", edited, "--leads-inside", "perhaps")).toMatchObject({ code: 2 });
});

test("a server that does not answer ends with 4, and its password stays unsaid", async () => {
  const { code, err } = await inAShell("--config", file("far.yaml", "database_url: postgres://agent:hush@127.0.0.1:1/mail\n"), "status");
  expect(code).toBe(4);
  expect(err).toContain("does not answer (ECONNREFUSED)");
  expect(err).not.toContain("hush");
});
