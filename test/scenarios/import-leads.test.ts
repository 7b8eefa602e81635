// A CSV of leads comes in: from any spreadsheet, with any faults, once or twice.
import fc from "fast-check";
import iconv from "iconv-lite";
import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import { type ImportRequest, type ImportResult, importLeads, rejectionsAsCsv } from "../../src/automations/import-leads.ts";
import type { CampaignId, EnrollmentId, ImportId, LeadId, MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { after, DAY } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { mergeValues } from "../../src/core/merge-values.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { only, type Tx } from "../../src/store/database.ts";
import { deleteLead, findLead, type Lead, leadById, markReachability, raiseStatus } from "../../src/store/lead.ts";
import { importById } from "../../src/store/lead-import.ts";
import { createList, ensureList } from "../../src/store/lead-list.ts";
import { countLeadsThatFit } from "../../src/store/lead-search.ts";
import { listSuppressions, removeSuppression, suppress, suppressionFor } from "../../src/store/suppression.ts";
import { ensureWorkspace, setPostalAddress, workspaceById } from "../../src/store/workspace.ts";
import { NO_DNS } from "../support/agent.ts";
import { databaseForTests } from "../support/database.ts";

const START = new Date("2026-03-02T08:00:00Z");
const ANY = { reason: null, kind: null, search: null };

const { db } = await databaseForTests();
let workspaceId: WorkspaceId;
let now = START;
let teams = 0;

beforeEach(async () => {
  now = START;
  teams += 1;
  workspaceId = await ensureWorkspace(db, `team ${teams}`);
});

const agent = {
  clock: { now: () => now },
  log: pino({ level: "silent" }),
  jobs: { enqueue: () => Promise.resolve() },
  settings: settingsSchema.parse({}),
  keys: deriveKeys(new Uint8Array(32)),
  dns: NO_DNS,
  get db() {
    return db;
  },
};
const inTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.transaction(work);

type File = string | Uint8Array;

/** The file in pieces of 7 bytes, so that no character, line or mark is safe from being cut. */
async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  const bytes = typeof file === "string" ? Buffer.from(file) : file;
  const size = bytes.length > 10_000 ? 65_536 : 7;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function importFile(file: File, options: Partial<ImportRequest> = {}): Promise<ImportResult> {
  return importLeads(agent, { workspaceId, fileName: "leads.csv", content: pieces(file), list: null, onDuplicate: "fill", ...options });
}

/** What was counted, zeros left out. */
async function counted(file: File, options: Partial<ImportRequest> = {}): Promise<Record<string, number>> {
  const { counts } = await importFile(file, options);
  const { rows, created, updated, unchanged, duplicates, suppressed, rejected } = counts;
  expect(rows).toBe(created + updated + unchanged + duplicates + suppressed + rejected);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

async function lead(address: string): Promise<Lead> {
  const found = await findLead(db, workspaceId, address);
  if (!found) throw new Error(`There is no lead ${address}.`);
  return found;
}

async function rejections(importId: ImportId): Promise<string> {
  let text = "";
  for await (const piece of rejectionsAsCsv(db, workspaceId, importId)) text += piece;
  return text;
}

async function id<Id extends string>(sql: string, values: readonly unknown[]): Promise<Id> {
  return only((await db.query<{ id: Id }>(sql, values)).rows).id;
}

function addCampaign(): Promise<CampaignId> {
  return id(
    "insert into campaign (workspace_id, name, time_zone, sending_window, created_at, updated_at) values ($1, 'C', 'UTC', '{}', $2, $2) returning id",
    [workspaceId, now],
  );
}

async function everything(): Promise<unknown[]> {
  const tables = ["lead", "lead_list", "lead_list_member", "suppression"];
  return Promise.all(
    tables.map(async (table) => (await db.query(`select * from ${table} where workspace_id = $1 order by 1, 2, 3`, [workspaceId])).rows),
  );
}

const FILE = `E-mail,First Name,Surname,Company,Job title,Shops,Time zone
M.Hoffmann@Backhaus.example,Martin,Hoffmann,Backhaus,Managing Director,12,Europe/Berlin
sabine@kornblume.example,Sabine,Krüger,Kornblume,,8,
`;

describe("a file of leads", () => {
  test("becomes leads: known columns as fields, the others as custom fields, addresses as typed", async () => {
    expect(await counted(FILE, { list: "Bakeries" })).toEqual({ rows: 2, created: 2, listed: 2 });
    expect(await lead("m.hoffmann@backhaus.example")).toMatchObject({
      email: "M.Hoffmann@Backhaus.example",
      firstName: "Martin",
      lastName: "Hoffmann",
      company: "Backhaus",
      title: "Managing Director",
      phone: null,
      timeZone: "Europe/Berlin",
      custom: { shops: "12" },
      status: "new",
      reachability: "ok",
      source: "import: leads.csv",
      createdAt: START,
    });
    expect(await countLeadsThatFit(db, workspaceId, {})).toBe(2);
  });

  test.each([
    ["UTF-8", Buffer.from(FILE)],
    ["UTF-8 with its mark", Buffer.from(`\uFEFF${FILE}`)],
    ["Windows-1252", iconv.encode(FILE, "windows-1252")],
    ["UTF-16 LE with its mark", iconv.encode(FILE, "utf16-le", { addBOM: true })],
    ["UTF-16 BE with its mark", iconv.encode(FILE, "utf16-be", { addBOM: true })],
    ["UTF-16 LE", iconv.encode(FILE, "utf16-le", { addBOM: false })],
    ["UTF-16 BE", iconv.encode(FILE, "utf16-be", { addBOM: false })],
    ["old Mac line ends", Buffer.from(FILE.replaceAll("\n", "\r"))],
    ["Windows line ends", Buffer.from(FILE.replaceAll("\n", "\r\n"))],
    ["semicolons", Buffer.from(FILE.replaceAll(",", ";"))],
    ["tabs", Buffer.from(FILE.replaceAll(",", "\t"))],
    ["a line that says its delimiter", Buffer.from(`sep=;\r\n${FILE.replaceAll(",", ";")}`)],
    ["quotes everywhere", Buffer.from(FILE.replace(/[^,\n]+/g, '"$&"'))],
  ])("may be written as: %s", async (_what, file) => {
    expect(await counted(file)).toEqual({ rows: 2, created: 2 });
    expect(await lead("sabine@kornblume.example")).toMatchObject({ firstName: "Sabine", lastName: "Krüger", custom: { shops: "8" } });
  });

  test.each(["utf8", "windows-1252"])(
    "is told from others by its first character beyond ASCII, however late it comes: %s",
    async (encoding) => {
      const ascii = Array.from({ length: 3_000 }, (_, row) => `lead${row}@x.example,Ann\n`).join("");
      expect(await counted(iconv.encode(`email,first name\n${ascii}late@x.example,José`, encoding))).toEqual({
        rows: 3_001,
        created: 3_001,
      });
      expect((await lead("late@x.example")).firstName).toBe("José");
    },
  );

  test("of one damaged byte is not mistaken for another encoding: the value is left out and counted", async () => {
    const file = Buffer.concat([
      Buffer.from("email,first name,company\na@x.example,Jörg,Käse\nb@x.example,M"),
      Buffer.from([0xfc]),
      Buffer.from("ller,Öl\n"),
    ]);
    expect(await counted(file)).toEqual({ rows: 2, created: 2, garbled_cells: 1 });
    expect(await lead("b@x.example")).toMatchObject({ firstName: null, company: "Öl" });
  });

  test("needs no column but the address, and no row but the header", async () => {
    expect(await counted("Mail\na@x.example\n\nb@x.example")).toEqual({ rows: 2, created: 2 });
    expect(await counted("Mail\n")).toEqual({});
  });

  test("may say what its columns are", async () => {
    const mapping = { Kontakt: "email", Ort: "city", Notes: null };
    expect(await counted("Kontakt;Ort;Notes\na@x.example;Köln;secret\n", { mapping })).toEqual({ rows: 1, created: 1 });
    expect((await lead("a@x.example")).custom).toEqual({ city: "Köln" });
  });

  test("leaves a time zone out that nobody knows", async () => {
    expect(await counted("email,timezone\na@x.example,Berlin\nb@x.example,europe/berlin\n")).toEqual({
      rows: 2,
      created: 2,
      unknown_time_zones: 1,
    });
    expect((await lead("a@x.example")).timeZone).toBeNull();
  });

  test("belongs to its workspace alone", async () => {
    await importFile(FILE);
    const other = await ensureWorkspace(db, "another team");
    expect(await findLead(db, other, "sabine@kornblume.example")).toBeNull();
    expect(await counted(FILE, { workspaceId: other })).toEqual({ rows: 2, created: 2 });
  });
});

describe("the same lead again", () => {
  const first = "email,first name,company,Shops\nAnn@x.example,Ann,,3\n";
  const second = "email,first name,company,Shops,Town\nann@X.example,Anna,Acme,,Bonn\n";

  test.each([
    ["skip", { email: "Ann@x.example", firstName: "Ann", company: null, custom: { shops: "3" } }, { rows: 1, unchanged: 1, listed: 1 }],
    [
      "fill",
      { email: "Ann@x.example", firstName: "Ann", company: "Acme", custom: { shops: "3", town: "Bonn" } },
      { rows: 1, updated: 1, listed: 1 },
    ],
    [
      "overwrite",
      { email: "ann@X.example", firstName: "Anna", company: "Acme", custom: { shops: "3", town: "Bonn" } },
      { rows: 1, updated: 1, listed: 1 },
    ],
  ] as const)("%s", async (onDuplicate, expected, counts) => {
    await importFile(first);
    now = after(START, DAY);
    expect(await counted(second, { onDuplicate, list: "L" })).toEqual(counts);
    expect(await lead("ann@x.example")).toMatchObject({ ...expected, updatedAt: onDuplicate === "skip" ? START : now });
  });

  test.each(["skip", "fill", "overwrite"] as const)("the same file twice changes nothing: %s", async (onDuplicate) => {
    const file = `email,first name,subscribed,notes\nb@x.example,Bob,,x\na@x.example,Ann,yes,\na@x.example,Anna,,other\nc@x.example,Cem,no,\nnobody,,,\nA@X.example,A,no,\n`;
    const options = { onDuplicate, list: "Everybody" };
    expect(await counted(file, options)).toEqual({ rows: 6, created: 2, duplicates: 1, suppressed: 2, rejected: 1, listed: 2 });
    const before = await everything();
    now = after(START, DAY);
    expect(await counted(file, options)).toEqual({ rows: 6, unchanged: 2, duplicates: 1, suppressed: 2, rejected: 1 });
    expect(await everything()).toEqual(before);
  });

  test("within a file the first row is taken, in whatever case the address stands, and over batches", async () => {
    const many = Array.from({ length: 3_000 }, (_, row) => `lead${row}@x.example,Ann\n`).join("");
    const { counts, importId } = await importFile(`email,first name\n${many}LEAD0@X.example,Other\n`, { onDuplicate: "overwrite" });
    expect(counts).toMatchObject({ rows: 3_001, created: 3_000, duplicates: 1 });
    expect(await lead("lead0@x.example")).toMatchObject({ email: "lead0@x.example", firstName: "Ann" });
    expect(await rejections(importId)).toContain("3002,The same address stands in row 2.,LEAD0@X.example,Other");
  });

  test("two imports of it at once make it once", async () => {
    const file = `email,first name\n${Array.from({ length: 2_000 }, (_, row) => `lead${(row * 7) % 2_000}@x.example,A${row}\n`).join("")}`;
    const both = await Promise.all([importFile(file, { onDuplicate: "overwrite" }), importFile(file, { onDuplicate: "overwrite" })]);
    expect(both.reduce((sum, one) => sum + one.counts.created, 0)).toBe(2_000);
    expect(await countLeadsThatFit(db, workspaceId, {})).toBe(2_000);
  });
});

describe("rows that are not taken", () => {
  test("never stop the rest, and are given back with their row and reason", async () => {
    const file = `email,first name,company\r\na@x.example,Ann,Acme\r\nnot an address,Bob,\r\n,Cem,\r\nb@x.example,"Bob,Acme\r\nc@x.example,"Cem ""C"" Kaya",Acme\r\nd@x.example,Dee\r\ne@x.example,Eve,Acme,more\r\nf@x.example,F\0,\r\ng@x.example,Gus,Acme`;
    const { counts, importId } = await importFile(file);
    expect(counts).toMatchObject({ rows: 9, created: 3, rejected: 6 });
    expect((await lead("c@x.example")).firstName).toBe('Cem "C" Kaya');
    expect(await rejections(importId)).toBe(
      [
        "\uFEFFimport_row,import_reason,email,first name,company",
        "3,The address is none that can be written to.,not an address,Bob,",
        "4,Has no address.,,Cem,",
        '5,A quote does not close.,b@x.example,"""Bob",Acme',
        '7,"Has 2 columns; the header has 3.",d@x.example,Dee',
        '8,"Has 4 columns; the header has 3.",e@x.example,Eve,Acme,more',
        "9,Holds a NUL character.,f@x.example,F\uFFFD,",
        "",
      ].join("\r\n"),
    );
  });

  test("run no formula in a spreadsheet", async () => {
    const { importId } = await importFile(`email,notes,=cmd\n=1+1,+49,@x\n-2,"\t=HYPERLINK(""http://x.example"")",=cmd|' /C calc'!A0\n`);
    const [header, ...lines] = (await rejections(importId)).trim().split("\r\n");
    expect(header).toBe("import_row,import_reason,email,notes,'=cmd");
    expect(lines).toEqual([
      "2,The address is none that can be written to.,'=1+1,'+49,'@x",
      `3,The address is none that can be written to.,'-2,"'\t=HYPERLINK(""http://x.example"")",'=cmd|' /C calc'!A0`,
    ]);
  });

  test("come in once they are corrected, as they would have at first", async () => {
    const { importId } = await importFile("email,phone,Größe\na@x,+49 30 1,5\n");
    const corrected = (await rejections(importId)).replace("a@x", "a@x.example");
    expect(await counted(corrected)).toEqual({ rows: 1, created: 1 });
    expect(await lead("a@x.example")).toMatchObject({ phone: "+49 30 1", custom: { grosse: "5" } });
  });

  test("of another workspace are not given back", async () => {
    const { importId } = await importFile("email\nx\n");
    const other = await ensureWorkspace(db, "strangers");
    let text = "";
    for await (const piece of rejectionsAsCsv(db, other, importId)) text += piece;
    expect(text).toBe("\uFEFF");
  });

  test("by thousands come in pages", async () => {
    const { importId } = await importFile(`email\n${"nobody\n".repeat(2_500)}`);
    const lines = (await rejections(importId)).trim().split("\r\n");
    expect(lines).toHaveLength(2_501);
    expect(lines.at(-1)).toMatch(/^2501,/);
  });
});

describe("a file that cannot be read", () => {
  async function failure(file: File, options: Partial<ImportRequest> = {}): Promise<unknown> {
    const error = await importFile(file, { list: "New", ...options }).then(
      () => null,
      (reason: unknown) => reason,
    );
    const { rows } = await db.query<{ id: ImportId }>("select id from lead_import where workspace_id = $1 order by id desc limit 1", [
      workspaceId,
    ]);
    const stored = await importById(db, workspaceId, only(rows).id);
    expect(stored).toMatchObject({ state: "failed", endedAt: now });
    expect(await db.query("select from lead_list where workspace_id = $1", [workspaceId])).toMatchObject({ rowCount: 0 });
    return error;
  }

  test("says what it found instead, and leaves nothing behind", async () => {
    expect(await failure("Name,Town\nAnn,Bonn\n")).toMatchObject({
      code: "csv_unreadable",
      message: expect.stringContaining("Name, Town"),
      detail: { headers: ["Name", "Town"] },
    });
    expect(await failure("ann@x.example,Ann\nbob@x.example,Bob\n")).toMatchObject({
      code: "csv_unreadable",
      message: expect.stringContaining("no header"),
    });
    expect(await failure("")).toMatchObject({ code: "csv_unreadable", message: "The file is empty." });
    expect(await failure("\n \n")).toMatchObject({ code: "csv_unreadable" });
    expect(await failure('"email,name\nAnn,Bonn\n')).toMatchObject({ code: "csv_unreadable" });
    expect(await failure(Buffer.from("PK\u0003\u0004\u0014\0\u0006\u0008!", "latin1"))).toMatchObject({
      code: "spreadsheet_unreadable",
      message: expect.stringContaining("no Excel workbook"),
    });
    expect(await failure("email,Notes\na@x.example,\n", { mapping: { Note: "x" } })).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("Did you mean Notes?"),
    });
  });

  test("to its end keeps what came before, counted, and goes on when it is sent again", async () => {
    const file = `email\n${Array.from({ length: 5_000 }, (_, row) => `lead${row}@x.example\n`).join("")}`;
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(file);
      throw new Error("The connection was lost.");
    }
    await expect(importFile(file, { content: torn() })).rejects.toThrow("The connection was lost.");
    const { rows } = await db.query("select state, error_code, counts from lead_import where workspace_id = $1", [workspaceId]);
    expect(rows).toMatchObject([{ state: "failed", error_code: "internal", counts: { rows: 4_000, created: 4_000 } }]);
    expect(await counted(file)).toEqual({ rows: 5_000, created: 1_000, unchanged: 4_000 });
  });
});

describe("somebody who is not to be written to", () => {
  const file = "email,first name,subscribed\nstays@x.example,Ann,true\ngone@x.example,Gus,false\n";

  test("is suppressed and becomes no lead", async () => {
    const { importId } = await importFile(file);
    expect(await findLead(db, workspaceId, "gone@x.example")).toBeNull();
    expect(await suppressionFor(db, workspaceId, "gone@x.example", null)).toMatchObject({
      kind: "address",
      campaignId: null,
      reason: "import",
      evidence: { import: importId, row: 3 },
      createdAt: START,
    });
    expect(await suppressionFor(db, workspaceId, "stays@x.example", null)).toBeNull();
  });

  test("stays so, though the lead is deleted and imported again", async () => {
    await importFile(file);
    await importFile("email\ngone@x.example\n");
    const { id } = await lead("gone@x.example");
    expect(await inTransaction((tx) => deleteLead(tx, workspaceId, id))).toBe(true);
    await importFile("email,subscribed\ngone@x.example,true\n");
    expect(await suppressionFor(db, workspaceId, "gone@x.example", null)).toMatchObject({ reason: "import", createdAt: START });
  });

  test("ends what runs, wherever in the file it stands", async () => {
    await importFile("email\ngone@x.example\n");
    const { id } = await lead("gone@x.example");
    const enrollmentId = await enroll(id);
    expect(await counted("email,opt-out\ngone@x.example,\ngone@x.example,yes\n")).toEqual({ rows: 2, unchanged: 1, suppressed: 1 });
    expect(await leadById(db, workspaceId, id)).toMatchObject({ reachability: "unsubscribed" });
    const { rows } = await db.query("select state, reason from enrollment where workspace_id = $1 and id = $2", [
      workspaceId,
      enrollmentId,
    ]);
    expect(rows).toEqual([{ state: "unsubscribed", reason: "unsubscribed_by_import" }]);
  });

  test("may be written to again only when a person takes it back", async () => {
    await importFile("email\ngone@x.example\n");
    await importFile(file);
    const [one] = (await listSuppressions(db, workspaceId, ANY, { cursor: null, limit: 10 })).items;
    if (!one) throw new Error("Nothing is suppressed.");
    const other = await ensureWorkspace(db, "strangers");
    expect(await inTransaction((tx) => removeSuppression(tx, other, one.id, now))).toBeNull();
    expect(await inTransaction((tx) => removeSuppression(tx, workspaceId, one.id, now))).toMatchObject({ key: "gone@x.example" });
    expect(await suppressionFor(db, workspaceId, "gone@x.example", null)).toBeNull();
    expect((await lead("gone@x.example")).reachability).toBe("ok");
  });

  async function enroll(leadId: LeadId): Promise<EnrollmentId> {
    const mailboxId = await id<MailboxId>(
      `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds, created_at, updated_at)
       values ($1, 'us@team.example', 'us@team.example', 'custom', 'mail.team.example', 465, 'tls', 40, 90, $2, $2) returning id`,
      [workspaceId, now],
    );
    const campaignId = await addCampaign();
    const sequenceId = await id(
      "insert into sequence (workspace_id, campaign_id, kind, name) values ($1, $2, 'main', 'main') returning id",
      [workspaceId, campaignId],
    );
    return id<EnrollmentId>(
      `insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, state, reason, sequence_id, anchor_at, priority, pause_epoch, created_at, updated_at)
       values ($1, $2, $3, $4, 'held', 'answered_by_person', $5, $6, 1, 0, $6, $6) returning id`,
      [workspaceId, campaignId, leadId, mailboxId, sequenceId, now],
    );
  }
});

describe("values are text and nothing else", () => {
  test("of templates, spintax and HTML they stay what they are", async () => {
    const value = "{{ sender_email }} {% raw %} {a|b} <script> & &amp; 'x' \\n $1";
    await importFile(`email,first name,notes\na@x.example,${value},${value}\n`);
    const { firstName, custom, ...rest } = await lead("a@x.example");
    expect([firstName, custom]).toEqual([value, { notes: value }]);
    expect(mergeValues({ ...rest, firstName, custom }, {}, { name: "Us", email: "us@team.example" })).toMatchObject({
      first_name: value,
      notes: value,
    });
  });

  test("no custom field is named like what every lead or sender has", async () => {
    await importFile("email,sender_email,__proto__,constructor,email 2\na@x.example,evil@x.example,p,c,b@x.example\n");
    expect((await lead("a@x.example")).custom).toEqual({
      constructor: "c",
      email_2: "b@x.example",
      proto: "p",
      sender_email_2: "evil@x.example",
    });
  });

  test("whatever bytes the file holds, every row is accounted for", { timeout: 120_000 }, async () => {
    const hostile = fc.constantFrom(
      ",",
      '"',
      "\n",
      "\r",
      "\0",
      ";",
      "'",
      "=",
      "\\",
      "\ud800",
      "😀",
      "İ",
      "ß",
      "ﬀ",
      "Σ",
      "{{",
      "\u202e",
      "a@x.example",
      "Ä@x.example",
    );
    const line = fc.array(fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 8 }).map((parts) => parts.join(""));
    const address = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom("a", "B", "İ", "Σ", "ς", "ǅ", "ẞ", "Ω", "K"),
          fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
        ),
        maxLength: 6,
      })
      .map((local) => `${local}@x.example,`);
    const file = fc.array(fc.oneof(line, address), { maxLength: 40 }).map((lines) => Buffer.from(`email,notes\n${lines.join("\n")}`));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          file,
          file,
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from("email,x\n"), bytes])),
        ),
        async (bytes) => {
          const first = await counted(bytes, { onDuplicate: "overwrite" });
          const before = await everything();
          const again = await counted(bytes, { onDuplicate: "overwrite" });
          expect(await everything()).toEqual(before);
          expect(again["rows"]).toBe(first["rows"]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what stands in the store", () => {
  test("a lead is found by its id and by its address in any spelling", async () => {
    await importFile(FILE);
    const found = await lead(" M.HOFFMANN@backhaus.EXAMPLE ");
    expect(await findLead(db, workspaceId, found.id)).toEqual(found);
    expect(await findLead(db, workspaceId, "nobody")).toBeNull();
  });

  test("a status is only raised, and not at all once a person has set it", async () => {
    await importFile(FILE);
    const { id } = await lead("sabine@kornblume.example");
    const raise = (status: "contacted" | "engaged" | "qualified") => inTransaction((tx) => raiseStatus(tx, workspaceId, id, status, now));
    expect([await raise("engaged"), await raise("contacted"), await raise("engaged"), await raise("qualified")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    await db.query("update lead set status = 'new', status_set_by_person = true where workspace_id = $1 and id = $2", [workspaceId, id]);
    expect(await raise("engaged")).toBe(false);
  });

  test("reachability only gets worse by itself", async () => {
    await importFile(FILE);
    const { id } = await lead("sabine@kornblume.example");
    const mark = (what: "bounced" | "unsubscribed" | "complained") =>
      inTransaction((tx) => markReachability(tx, workspaceId, id, what, now));
    expect([await mark("unsubscribed"), await mark("bounced"), await mark("complained"), await mark("complained")]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test("a list is made once, whatever the case of its name", async () => {
    const list = await createList(db, workspaceId, "Bakeries", now);
    expect(await createList(db, workspaceId, "bakeries", now)).toBeNull();
    expect(await ensureList(db, workspaceId, " BAKERIES ", now)).toBe(list);
    await importFile(FILE, { list: "bakeries" });
    expect(list && (await countLeadsThatFit(db, workspaceId, { list }))).toBe(2);
  });

  test("suppressions hold for an address, its domain, a campaign or all, once each, and come in pages", async () => {
    const campaignId = await addCampaign();
    const add = (kind: "address" | "domain", key: string, campaign: CampaignId | null) =>
      inTransaction((tx) => suppress(tx, { workspaceId, kind, key, campaignId: campaign, reason: "person", evidence: { by: "Ann" } }, now));
    expect([await add("address", "a@x.example", campaignId), await add("address", "a@x.example", campaignId)]).toEqual([true, false]);
    expect(await suppressionFor(db, workspaceId, "a@x.example", null)).toBeNull();
    expect(await suppressionFor(db, workspaceId, "a@x.example", campaignId)).toMatchObject({ kind: "address", campaignId });
    expect([await add("domain", "x.example", null), await add("address", "a@x.example", null)]).toEqual([true, true]);
    expect(await suppressionFor(db, workspaceId, "b@x.example", campaignId)).toMatchObject({ kind: "domain", evidence: { by: "Ann" } });
    expect(await suppressionFor(db, workspaceId, "b@sub.x.example", null)).toBeNull();
    const page = await listSuppressions(db, workspaceId, ANY, { cursor: null, limit: 2 });
    const rest = await listSuppressions(db, workspaceId, ANY, { cursor: page.nextCursor, limit: 2 });
    expect([page.items.length, rest.items.length]).toEqual([2, 1]);
    expect([...page.items, ...rest.items].map((one) => one.key).toSorted()).toEqual(["a@x.example", "a@x.example", "x.example"]);
  });

  test("a workspace is made once, and has an address", async () => {
    expect(await ensureWorkspace(db, ` TEAM ${teams} `)).toBe(workspaceId);
    expect(await setPostalAddress(db, workspaceId, "1 Main St, Bonn")).toBe(true);
    expect(await workspaceById(db, workspaceId)).toEqual({
      id: workspaceId,
      name: `team ${teams}`,
      postalAddress: "1 Main St, Bonn",
      version: 1,
    });
  });
});
