// A CSV goes in over the API, piece by piece; what was not taken comes out again.
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { UploadedFile } from "../../src/http/api/uploaded-file.ts";
import { Outreach } from "../support/outreach.ts";
import { PATIENCE } from "../support/patience.ts";
import { textRow, workbook } from "../support/workbook.ts";
import { type Answer, type Ask, apiForTests } from "./api-under-test.ts";

const api = await apiForTests();
const ask = await api.key();

const team = async () => (await api.team()).ask;

const CSV = { "content-type": "text/csv" };

function send(of: Ask, csv: string | Readable, query = "", headers: Record<string, string> = {}): Promise<Answer> {
  return of("POST", `/imports${query}`, typeof csv === "string" ? Buffer.from(csv) : csv, { ...CSV, ...headers });
}

/** A file that does not say how long it is. */
function streamed(text: string, size = 50_000): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
    })(),
  );
}

const rowsOf = (count: number, more = "") => Array.from({ length: count }, (_, index) => `n${index}@x.example${more}\n`).join("");

describe("a file", () => {
  test("becomes leads, in a list and with tags, and says what was counted", async () => {
    const of = await team();
    const query = "?fileName=spring.csv&list=Bakeries&tag=Spring&tag=vip&onDuplicate=overwrite";
    const file = "Mail,First Name,Shops\nkim@bakery.example,Kim,3\nKIM@bakery.example,Kim,4\nnobody,X,1\nann@bakery.example,Ann,\n";
    const { status, body } = await send(of, file, query);
    expect(status).toBe(201);
    expect(body).toMatchObject({ fileName: "spring.csv", onDuplicate: "overwrite", state: "completed", errorCode: null });
    expect(body.counts).toMatchObject({ rows: 4, created: 2, updated: 0, duplicates: 1, rejected: 1, listed: 2, tagged: 4 });
    expect((await of("GET", `/leads?list=${body.listId}&sort=email`)).body.items).toMatchObject([
      { email: "ann@bakery.example", tags: ["spring", "vip"], source: "import: spring.csv" },
      { email: "kim@bakery.example", custom: { shops: "3" }, tags: ["spring", "vip"] },
    ]);
    expect((await of("GET", `/imports/${body.id}`)).body).toEqual(body);
    const again = await send(of, file, query);
    expect(again.body.counts).toMatchObject({ rows: 4, created: 0, updated: 0, unchanged: 2, listed: 0, tagged: 0 });
  });

  test("is read as its mapping says, also when it is sent as mere bytes", async () => {
    const of = await team();
    const mapping = encodeURIComponent(JSON.stringify({ Kontakt: "email", Geheim: null }));
    const bytes = { "content-type": "application/octet-stream" };
    const { body } = await send(of, "Kontakt;Geheim\nkim@bakery.example;x\n", `?mapping=${mapping}`, bytes);
    expect(body).toMatchObject({ fileName: "leads.csv", listId: null, counts: { created: 1 } });
    expect((await of("GET", "/leads")).body.items).toMatchObject([{ email: "kim@bakery.example", custom: {} }]);
  });

  test("that is far larger than other requests may be is taken in pieces", async () => {
    const of = await team();
    const { status, body } = await send(of, streamed(`email,note\n${rowsOf(6_000, `,${"x".repeat(100)}`)}`));
    expect(status).toBe(201);
    expect(body.counts).toMatchObject({ rows: 6_000, created: 6_000 });
  });

  test("that is sent twice under one Idempotency-Key is imported once", async () => {
    const of = await team();
    const once = { "idempotency-key": "import-1" };
    const first = await send(of, "email\nkim@bakery.example\n", "", once);
    const second = await send(of, "email\nkim@bakery.example\n", "", once);
    expect(second).toMatchObject({ status: 201, headers: { "idempotent-replayed": "true" } });
    expect(second.body).toEqual(first.body);
    expect(await send(of, "email\nother@bakery.example,,\n", "", once)).toMatchObject({
      status: 422,
      body: { code: "idempotency_conflict" },
    });
    expect((await of("GET", "/imports")).body.items).toHaveLength(1);
  });
});

describe("a spreadsheet", () => {
  const sheets = workbook({ Old: textRow(1, "Email"), New: `${textRow(1, "Email", "Name")}${textRow(2, "kim@bakery.example", "Kim")}` });
  const XLSX = { "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

  test("becomes leads from the sheet that is named; one that is none leaves a failed import behind", async () => {
    const of = await team();
    const taken = await of("POST", "/imports?sheet=New", Buffer.from(sheets), XLSX);
    expect(taken).toMatchObject({ status: 201, body: { counts: { rows: 1, created: 1 } } });
    const refused = await of("POST", "/imports", Buffer.from("PK\u0003\u0004\u0014\u0000"), XLSX);
    expect(refused).toMatchObject({ status: 422, body: { code: "spreadsheet_unreadable", facts: { importId: expect.any(String) } } });
    const { body } = await of("GET", `/imports/${refused.body.facts.importId}`);
    expect(body).toMatchObject({ state: "failed", errorCode: "spreadsheet_unreadable" });
  });
});

describe("the export of another tool", () => {
  test("lets its leads go on in a campaign after the last step that was sent", async () => {
    const team = await Outreach.begin(api.agent.db, new Date("2026-03-04T09:00:00Z"));
    await team.addMailbox("anna@team.example");
    const of = await api.key(undefined, { workspaceId: team.workspaceId });
    const campaign = await team.addCampaign("C", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]");
    const file = "Email,Last step,Last contacted\nkim@x.example,1,03/02/2025\nlee@x.example,1,soon\n";
    const unsaid = await send(of, file, `?continueCampaign=${campaign}`);
    expect(unsaid).toMatchObject({ status: 201, body: { counts: { continued: 0, rejected: 2 } } });
    const taken = await send(of, file, `?continueCampaign=${campaign}&dates=month-first`);
    expect(taken).toMatchObject({ status: 201, body: { counts: { continued: 1, rejected: 1 } } });
    const elsewhere = await api.key(undefined, { workspaceId: (await Outreach.begin(api.agent.db, new Date())).workspaceId });
    expect(await send(elsewhere, file, `?continueCampaign=${campaign}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});

describe("a file that cannot be taken", () => {
  test.each([
    ["without a header", "kim@bakery.example,Kim\n"],
    ["that is empty", ""],
    ["without a column of addresses", "Name\nKim\n"],
  ])("%s leaves a failed import behind, which the refusal names", async (_what, csv) => {
    const of = await team();
    const { status, body } = await send(of, streamed(csv), "?fileName=bad.csv");
    expect({ status, body }).toMatchObject({ status: 422, body: { code: "csv_unreadable", facts: { importId: expect.any(String) } } });
    expect((await of("GET", `/imports/${body.facts.importId}`)).body).toMatchObject({
      state: "failed",
      errorCode: "csv_unreadable",
      fileName: "bad.csv",
      counts: { rows: 0 },
    });
  });

  test("because it is too large is refused at once when it says so, and otherwise when it is; what was counted stays", async () => {
    const of = await team();
    const { http } = api.agent.settings;
    Object.assign(http, { max_upload_megabytes: 1 });
    const file = `email,note\n${rowsOf(6_000, `,${"x".repeat(200)}`)}`;
    expect(await send(of, file)).toMatchObject({ status: 413, body: { code: "file_too_large" } });
    expect((await of("GET", "/imports")).body.items).toEqual([]);
    const unsaid = await send(of, streamed(file));
    Object.assign(http, { max_upload_megabytes: 500 });
    expect(unsaid).toMatchObject({ status: 413, body: { code: "file_too_large" } });
    const { body } = await of("GET", `/imports/${unsaid.body.facts.importId}`);
    expect(body).toMatchObject({ state: "failed", errorCode: "file_too_large", counts: { created: 4_000 } });
    expect((await of("GET", "/leads/count")).body.leads).toBe(4_000);
  });

  test.each([
    ["JSON", "application/json", "{}"],
    ["a form", "multipart/form-data; boundary=x", "--x--"],
  ])("because it is %s is refused", async (_what, type, body) => {
    expect(await ask("POST", "/imports", Buffer.from(body), { "content-type": type })).toMatchObject({
      status: 415,
      body: { code: "invalid_input" },
    });
  });

  test("because it is not there is refused", async () => {
    expect(await ask("POST", "/imports")).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  });

  test.each(["onDuplicate=merge", "mapping=%7B", "mapping=7", "mapping=%7B%22a%22%3A7%7D", "list=", "fileName=%00", "tag=", "state=x"])(
    "with ?%s is refused before anything is read",
    async (query) => {
      const of = await team();
      expect(await send(of, "email\na@x.example\n", `?${query}`)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
      expect((await of("GET", "/imports")).body.items).toEqual([]);
    },
  );

  test("because its mapping names no column says so", async () => {
    const mapping = encodeURIComponent(JSON.stringify({ Maill: "email" }));
    const { status, body } = await send(await team(), "Mail\na@x.example\n", `?mapping=${mapping}`);
    expect(status).toBe(400);
    expect(body.detail).toContain("Did you mean Mail?");
  });
});

test("an upload that breaks off leaves the import as failed, with what came in until then", async () => {
  const owner = await api.person("owner");
  const { body } = await owner.ask("POST", "/api-keys", { name: "upload", scopes: ["leads:write"] });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const upload = httpRequest({
    host: "127.0.0.1",
    port,
    method: "POST",
    path: "/api/v1/imports?fileName=broken.csv",
    headers: { ...CSV, authorization: `Bearer ${body.key}` },
  });
  const gone = new Promise((resolve) => upload.on("error", resolve));
  upload.write(`email\n${rowsOf(10_000)}`);
  const broken = async () =>
    (await ask("GET", "/imports")).body.items.find((one: { fileName: string }) => one.fileName === "broken.csv")?.counts.created;
  await expect.poll(broken, PATIENCE).toBeGreaterThanOrEqual(2_000);
  upload.destroy();
  await gone;
  const failed = async () => (await ask("GET", "/imports?state=failed")).body.items[0];
  await expect.poll(failed, PATIENCE).toMatchObject({ fileName: "broken.csv", errorCode: "upload_broken" });
  expect((await failed()).counts.created).toBe((await ask("GET", "/leads/count")).body.leads);
});

test("whoever sends too much over a real connection comes to read the refusal", async () => {
  const owner = await api.person("owner");
  const { body } = await owner.ask("POST", "/api-keys", { name: "upload", scopes: ["leads:write"] });
  const { port } = api.app.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/imports`, {
    method: "POST",
    headers: { ...CSV, authorization: `Bearer ${body.key}` },
    body: Readable.toWeb(streamed(`no header at all\n${rowsOf(100_000)}`)),
    duplex: "half",
  });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: "csv_unreadable" });
});

test("a sender that falls silent is not waited for", async () => {
  const content = new Readable({ read: () => undefined });
  content.push("email\n");
  const file = new UploadedFile(content, { bytes: 100, declaredBytes: null, silence: 20 });
  const pieces: string[] = [];
  const read = async () => {
    for await (const piece of file) pieces.push(Buffer.from(piece).toString());
  };
  await expect(read()).rejects.toMatchObject({ code: "upload_broken" });
  expect(pieces).toEqual(["email\n"]);
  content.destroy();
});

test("no more files are taken at once than leave connections for everybody else", async () => {
  const of = await team();
  const { database_connections } = api.agent.settings;
  Object.assign(api.agent.settings, { database_connections: 4 });
  const open = new Readable({ read: () => undefined });
  open.push("email\n");
  const first = send(of, open);
  await expect.poll(async () => (await of("GET", "/imports?state=running")).body.items.length, PATIENCE).toBe(1);
  expect(await send(of, "email\na@x.example\n")).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
  open.push("b@x.example\n");
  open.push(null);
  expect(await first).toMatchObject({ status: 201, body: { counts: { created: 1 } } });
  expect(await send(of, "email\na@x.example\n")).toMatchObject({ status: 201 });
  Object.assign(api.agent.settings, { database_connections });
});

test("rejected rows come as a CSV that runs no formula, and can be corrected and sent again", async () => {
  const of = await team();
  const { body } = await send(of, 'email,note\n=cmd|,"=1+1"\n@x,"a ""b"""\nkim@bakery.example,\n');
  const rejected = await of("GET", `/imports/${body.id}/rejected.csv`);
  expect(rejected).toMatchObject({
    status: 200,
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="rejected.csv"' },
  });
  const lines = String(rejected.body).replace("\uFEFF", "").split("\r\n");
  expect(lines[0]).toBe("import_row,import_reason,email,note");
  expect(lines[1]).toMatch(/,'=cmd\|,'=1\+1$/);
  expect(lines[2]).toMatch(/,'@x,"a ""b"""$/);
  const corrected = String(rejected.body).replace("'=cmd|", "ann@bakery.example");
  expect((await send(of, corrected)).body.counts).toMatchObject({ rows: 2, created: 1, rejected: 1 });
  expect((await of("GET", "/leads?search=ann")).body.items).toMatchObject([{ custom: { note: "=1+1" } }]);
});

test("imports are listed newest first, page by page, by state, and only one's own", async () => {
  const of = await team();
  for (const name of ["1", "2", "3"]) await send(of, name === "2" ? "no header" : "email\n", `?fileName=${name}`);
  const names = (answer: Answer) => answer.body.items.map((one: { fileName: string }) => one.fileName);
  const first = await of("GET", "/imports?limit=2");
  const rest = await of("GET", `/imports?limit=2&cursor=${first.body.nextCursor}`);
  expect([...names(first), ...names(rest)]).toEqual(["3", "2", "1"]);
  expect(rest.body.nextCursor).toBeNull();
  expect(names(await of("GET", "/imports?state=failed"))).toEqual(["2"]);
  const [{ id }] = first.body.items;
  for (const path of [`/imports/${id}`, `/imports/${id}/rejected.csv`]) {
    expect(await ask("GET", path), `GET ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
});

test("the document says that an import takes a CSV or a spreadsheet, and that rejected rows are one", async () => {
  const document = (await api.app.inject("/api/v1/openapi.json")).json();
  const { post } = document.paths["/api/v1/imports"];
  expect(post.requestBody.content).toEqual({
    "text/csv": { schema: { type: "string", format: "binary" } },
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { schema: { type: "string", format: "binary" } },
    "application/octet-stream": { schema: { type: "string", format: "binary" } },
  });
  expect(post.responses["201"].content["application/json"].schema).toEqual({ $ref: "#/components/schemas/Import" });
  const { get } = document.paths["/api/v1/imports/{importId}/rejected.csv"];
  expect(get.responses["200"].content).toEqual({ "text/csv": { schema: { type: "string", format: "binary" } } });
});
