// A spreadsheet of leads comes in as a CSV would, and whatever its ZIP or its XML holds, nothing but this import suffers.
import { strToU8, zipSync } from "fflate";
import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import { type ImportRequest, type ImportResult, importLeads, rejectionsAsCsv } from "../../src/automations/import-leads.ts";
import type { WorkspaceId } from "../../src/core/ids.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { type Settings, settingsSchema } from "../../src/core/settings.ts";
import { findLead } from "../../src/store/lead.ts";
import { ensureWorkspace } from "../../src/store/workspace.ts";
import { NO_DNS } from "../support/agent.ts";
import { databaseForTests } from "../support/database.ts";
import { DATE_STYLE, partsOf, TIME_STYLE, textRow, workbook } from "../support/workbook.ts";

const START = new Date("2026-03-02T08:00:00Z");
const { db } = await databaseForTests();
let workspaceId: WorkspaceId;
let teams = 0;
beforeEach(async () => {
  teams += 1;
  workspaceId = await ensureWorkspace(db, `team ${teams}`);
});

function importFile(
  file: Uint8Array,
  options: Partial<ImportRequest> & { limits?: Partial<Settings["imports"]> } = {},
): Promise<ImportResult> {
  const settings = settingsSchema.parse({ imports: options.limits ?? {} });
  const agent = {
    db,
    clock: { now: () => START },
    log: pino({ level: "silent" }),
    jobs: { enqueue: () => Promise.resolve() },
    settings,
    keys: deriveKeys(new Uint8Array(32)),
    dns: NO_DNS,
  };
  async function* twoPieces(): AsyncGenerator<Uint8Array> {
    yield file.subarray(0, 3);
    yield file.subarray(3);
  }
  return importLeads(agent, { workspaceId, fileName: "l.xlsx", content: twoPieces(), list: null, onDuplicate: "fill", ...options });
}

const HEADER = textRow(1, "Email", "First name", "Phone", "Met", "Called", "VIP");

describe("a spreadsheet", () => {
  test("becomes leads, with dates, numbers and formulas as people see them", async () => {
    const rows = `${HEADER}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><f>UPPER("kim")</f><v>KIM</v></c>
      <c r="C2"><v>4.930123456E9</v></c><c r="D2" s="${DATE_STYLE}"><v>46095</v></c><c r="E2" s="${TIME_STYLE}"><v>46095.395833333336</v></c>
      <c r="F2" t="b"><v>1</v></c></row>`;
    const strings = ["<si><r><t>kim@</t></r><r><t>bakery.example</t></r></si>"];
    const { counts } = await importFile(workbook({ Leads: rows }, strings));
    expect(counts).toMatchObject({ rows: 1, created: 1 });
    expect(await findLead(db, workspaceId, "kim@bakery.example")).toMatchObject({
      firstName: "KIM",
      phone: "4930123456",
      custom: { met: "2026-03-14", called: "2026-03-14 09:30", vip: "TRUE" },
    });
  });

  test("gives back rows under the numbers that the spreadsheet shows; a broken cell costs its row at most", async () => {
    const rows = `${HEADER}${textRow(4, "nobody", "X")}<row r="5"><c r="A5" t="e"><v>#N/A</v></c></row>${textRow(7, "ann@bakery.example")}<row r="900000"/>`;
    const { counts, importId } = await importFile(workbook({ Leads: rows }));
    expect(counts).toMatchObject({ rows: 2, created: 1, rejected: 1 });
    let csv = "";
    for await (const piece of rejectionsAsCsv(db, workspaceId, importId)) csv += piece;
    expect(csv).toContain("\r\n4,The address is none that can be written to.,nobody,X");
  });

  test("is read from its first sheet, or from the one that is named", async () => {
    const file = workbook({ Old: `${HEADER}${textRow(2, "old@x.example")}`, "A &amp; B": `${HEADER}${textRow(2, "new@x.example")}` });
    expect((await importFile(file, { sheet: "A & B" })).counts).toMatchObject({ created: 1 });
    expect(await findLead(db, workspaceId, "old@x.example")).toBeNull();
    expect((await importFile(file)).counts).toMatchObject({ created: 1 });
    await expect(importFile(file, { sheet: "C" })).rejects.toMatchObject({ code: "invalid_input", detail: { sheets: ["Old", "A & B"] } });
    await expect(importFile(Buffer.from("email\na@x.example\n"), { sheet: "Old" })).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("of more rows than a message holds comes in whole", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => textRow(at + 2, `lead${at}@x.example`)).join("");
    expect((await importFile(workbook({ Leads: HEADER + many }))).counts).toMatchObject({ rows: 5_000, created: 5_000 });
  });
});

describe("a hostile file", () => {
  const refused = { code: "spreadsheet_unreadable" };
  const big = `${HEADER}${textRow(2, "x".repeat(3_000_000))}`;

  test("that unpacks to too much is refused by what its directory says, and held to it when that lies", async () => {
    const limits = { spreadsheet_unpacked_megabytes: 1 };
    const bomb = workbook({ Leads: big });
    expect(bomb.length).toBeLessThan(100_000);
    await expect(importFile(bomb, { limits })).rejects.toMatchObject(refused);
    await expect(importFile(sayingItIsSmall(bomb), { limits })).rejects.toMatchObject(refused);
    await expect(importFile(workbook({ Leads: big }), { limits: { spreadsheet_megabytes: 1 } })).resolves.toBeDefined();
  });

  test("that is larger than may be read as a whole is refused before it is read", async () => {
    const stored = zipSync(partsOf({ Leads: big }), { level: 0 });
    await expect(importFile(stored, { limits: { spreadsheet_megabytes: 1 } })).rejects.toMatchObject(refused);
  });

  test("that takes more memory or time than it may is given up", async () => {
    const far = `${HEADER}<row r="400000000"><c r="A400000000"><v>1</v></c></row>`;
    await expect(importFile(workbook({ Leads: far }), { limits: { spreadsheet_memory_megabytes: 60 } })).rejects.toMatchObject(refused);
    await expect(importFile(workbook({ Leads: far }), { limits: { spreadsheet_seconds: 0.2 } })).rejects.toMatchObject(refused);
  }, 60_000);

  test("reads no other file through an entity", async () => {
    const prolog = '<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file:///etc/hostname">]>';
    await importFile(workbook({ Leads: `${HEADER}${textRow(2, "kim@x.example", "&secret;")}` }, [], prolog));
    expect(await findLead(db, workspaceId, "kim@x.example")).toMatchObject({ firstName: "&secret;" });
  });

  test.each([
    ["another ZIP", zipSync({ "word/document.xml": strToU8("<w/>") })],
    ["a ZIP that breaks off", workbook({ Leads: HEADER }).subarray(0, 300)],
    ["XML that breaks off", zipSync({ ...partsOf({ Leads: HEADER }), "xl/worksheets/sheet1.xml": strToU8("<worksheet><sheetData><row") })],
    ["an old workbook", Buffer.from("d0cf11e0a1b11ae1", "hex")],
  ])("that is %s is refused", async (_what, file) => {
    await expect(importFile(file)).rejects.toMatchObject({ code: expect.stringMatching(/^(?:spreadsheet|csv)_unreadable$/) });
  });
});

/** The same ZIP, whose directory and headers declare 100 bytes for every part. */
function sayingItIsSmall(zip: Uint8Array): Uint8Array {
  const lying = Buffer.from(zip);
  for (let at = lying.indexOf("PK\u0001\u0002"); at >= 0; at = lying.indexOf("PK\u0001\u0002", at + 4)) lying.writeUInt32LE(100, at + 24);
  return lying;
}
