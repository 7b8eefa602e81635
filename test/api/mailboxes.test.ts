// Mailboxes over the API, on real SMTP and IMAP servers: what is shown, tested, kept and taken away; and no password comes out.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { imapAccess, smtpAccess } from "../../src/automations/mailbox-access.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { only } from "../../src/store/database.ts";
import { cursorsOf, markReadToEnd } from "../../src/store/inbox.ts";
import { backOffMailbox, mailboxById, pauseMailbox } from "../../src/store/mailbox.ts";
import { type ImapServer, type SmtpServer, startImapServer, startSmtpServer } from "../support/mail-servers.ts";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";

const PASSWORD = "correct horse battery";
const NEW_PASSWORD = "staple of another kind";

let api: ApiUnderTest;
let ask: Ask;
let smtp: SmtpServer;
let imap: ImapServer;
let address: string;
let counter = 0;

beforeAll(async () => {
  api = await ApiUnderTest.begin();
  ask = await api.key();
});
afterAll(() => api.end());

beforeEach(async () => {
  counter += 1;
  address = `anna${counter}@team.example`;
  smtp = await startSmtpServer();
  imap = await startImapServer({ address, password: PASSWORD });
});
afterEach(() => Promise.all([smtp.stop(), imap.stop()]));

const atSmtp = () => ({ host: "127.0.0.1", port: smtp.port, security: "none" });
const atImap = () => ({ host: "127.0.0.1", port: imap.port, security: "none" });
const wanted = (more: object = {}) => ({ email: address, password: PASSWORD, smtp: atSmtp(), imap: atImap(), ...more });

async function added(more: object = {}): Promise<{ id: MailboxId; path: string }> {
  const { status, body } = await ask("POST", "/mailboxes", wanted(more));
  if (status !== 201) throw new Error(`The mailbox was refused: ${JSON.stringify(body)}`);
  return { id: body.mailbox.id, path: `/mailboxes/${body.mailbox.id}` };
}

async function stored(id: MailboxId) {
  return only([await mailboxById(api.agent.db, api.workspaceId, id)].filter((one) => one !== null));
}

/** Inserts a row; gives its id. */
async function row(sql: string, values: readonly unknown[]): Promise<string> {
  return only((await api.agent.db.query<{ id: string }>(`${sql} returning id`, values)).rows).id;
}

const addCampaign = (name: string) =>
  row(
    `insert into campaign (workspace_id, name, time_zone, sending_window, created_at, updated_at) values ($1, $2, 'UTC', '{}', now(), now())`,
    [api.workspaceId, name],
  );

describe("a mailbox that is added", () => {
  test("was logged in to at both servers, and is shown without a password", async () => {
    const { status, body, headers } = await ask(
      "POST",
      "/mailboxes",
      wanted({ fromName: " Anna ", dailyCap: 25, extraFolders: ["Clients"] }),
    );
    expect(status).toBe(201);
    expect(body.tests).toEqual({ smtp: { ok: true }, imap: { ok: true } });
    expect(smtp.commands["AUTH"]).toBe(1);
    expect(body.mailbox).toMatchObject({
      email: address,
      fromName: "Anna",
      smtp: { host: "127.0.0.1", port: smtp.port, username: address, hasPassword: true },
      dailyCap: 25,
      extraFolders: ["Clients"],
      state: "active",
      pause: null,
      backoff: null,
      smtpTestedAt: "2026-03-04T09:00:00.000Z",
      lastReadAt: null,
      today: { day: "2026-03-04", used: 0, cap: 25 },
      campaigns: 0,
      version: 1,
    });
    expect(headers["etag"]).toBeUndefined();
    const shown = JSON.stringify([body, (await ask("GET", `/mailboxes/${body.mailbox.id}`)).body, (await ask("GET", "/audit")).body]);
    expect(shown).not.toContain(PASSWORD);
    const { login } = (await stored(body.mailbox.id)).smtp;
    expect(login.kind === "password" && shown.includes(login.secret.toString("base64"))).toBe(false);
  });

  test("with a wrong password is not stored, and the answer names the server that refused", async () => {
    const refused = await ask("POST", "/mailboxes", wanted({ password: "wrong guess" }));
    expect(refused).toMatchObject({ status: 422, body: { code: "imap_auth", facts: { smtp: { ok: true }, imap: { ok: false } } } });
    expect(JSON.stringify(refused.body)).not.toContain("wrong guess");
    expect((await ask("GET", "/mailboxes?limit=200")).body.items.map((one: { email: string }) => one.email)).not.toContain(address);
  });

  test("is refused when there is one of that address, whatever its case, and that one stays as it was", async () => {
    const { path } = await added({ dailyCap: 7 });
    const again = await ask("POST", "/mailboxes", wanted({ email: address.toUpperCase(), dailyCap: 9 }));
    expect(again).toMatchObject({ status: 409, body: { code: "already_exists" } });
    expect((await ask("GET", path)).body.dailyCap).toBe(7);
  });

  test("asked for twice at the same time is stored once", async () => {
    const answers = await Promise.all([ask("POST", "/mailboxes", wanted()), ask("POST", "/mailboxes", wanted())]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  test("under an Idempotency-Key is tested and stored once", async () => {
    const headers = { "idempotency-key": `add-${counter}` };
    const first = await ask("POST", "/mailboxes", wanted(), headers);
    const second = await ask("POST", "/mailboxes", wanted(), headers);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(smtp.connections).toBe(1);
  });

  test("may be stored untested", async () => {
    const { body } = await ask("POST", "/mailboxes", wanted({ skipTest: true, smtp: { host: "mail.invalid", port: 465 } }));
    expect(body).toMatchObject({ tests: null, mailbox: { smtpTestedAt: null, smtp: { security: "tls" } } });
  });

  test.each<[string, object]>([
    ["an address that is none", { email: "anna" }],
    ["a time zone that is none", { timeZone: "Mars/Olympus" }],
    ["a port that is none", { smtp: { host: "localhost", port: 0 } }],
    ["a host with a NUL", { smtp: { host: "mail\0.example", port: 465 }, skipTest: true }],
    ["a host that is none", { smtp: { host: "mail example/../", port: 465 }, skipTest: true }],
    ["half a character", { fromName: "Anna \ud83d" }],
    ["a folder with a NUL", { extraFolders: ["a\0b"] }],
    ["a ramp-up before there were mailboxes", { rampUp: { from: "0000-01-01", start: 1, step: 1 } }],
    ["a ramp-up of more than anybody sends", { rampUp: { from: "2026-01-01", start: 3_000_000_000, step: 1 } }],
    ["an unknown field", { smtpPasswort: "x" }],
    ["no password", { password: undefined }],
  ])("with %s is refused before anybody logs in", async (_what, wrong) => {
    const refused = await ask("POST", "/mailboxes", wanted(wrong));
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    expect(smtp.connections).toBe(0);
  });

  test("of a relay has its answers arrive in another mailbox, which must be read and ours", async () => {
    const anna = await added();
    const relay = { email: `bulk${counter}@team.example`, password: null, smtp: atSmtp(), replyMailboxId: anna.id };
    const { body } = await ask("POST", "/mailboxes", relay);
    expect(body.mailbox).toMatchObject({ imap: null, replyMailboxId: anna.id, smtp: { username: null, hasPassword: false } });
    const others = await api.key(undefined, { workspaceId: await api.otherWorkspace() });
    expect(await others("POST", "/mailboxes", relay)).toMatchObject({ status: 404 });
    expect(await ask("PATCH", anna.path, { imap: null })).toMatchObject({ status: 409, body: { code: "in_use" } });
  });
});

describe("a change", () => {
  test("keeps what is absent, passwords too, and takes away what is null", async () => {
    const { id, path } = await added({ fromName: "Anna", timeZone: "Europe/Berlin", rampUp: { from: "2026-03-01", start: 5, step: 2 } });
    const { body } = await ask("PATCH", path, { fromName: null, rampUp: null, minGapSeconds: 5 });
    expect(body.mailbox).toMatchObject({
      fromName: null,
      rampUp: null,
      minGapSeconds: 5,
      timeZone: "Europe/Berlin",
      dailyCap: 40,
      version: 2,
    });
    const mailbox = await stored(id);
    expect((await smtpAccess(api.agent, mailbox)).login).toMatchObject({ password: PASSWORD });
    expect((await imapAccess(api.agent, mailbox)).login).toMatchObject({ password: PASSWORD });
  });

  test("of limits works while the servers are down, and what their tests said still holds", async () => {
    const { path } = await added();
    smtp.faults.refuseConnections = true;
    const { status, body } = await ask("PATCH", path, { dailyCap: 3 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ tests: null, mailbox: { dailyCap: 3, smtpTestedAt: "2026-03-04T09:00:00.000Z" } });
  });

  test("of the password is tested first, and a wrong one leaves the old", async () => {
    const { id, path } = await added();
    expect(await ask("PATCH", path, { password: NEW_PASSWORD })).toMatchObject({ status: 422, body: { code: "imap_auth" } });
    expect((await smtpAccess(api.agent, await stored(id))).login).toMatchObject({ password: PASSWORD });
    imap.setPassword(NEW_PASSWORD);
    expect((await ask("PATCH", path, { password: NEW_PASSWORD })).body.tests).toEqual({ smtp: { ok: true }, imap: { ok: true } });
    expect((await imapAccess(api.agent, await stored(id))).login).toMatchObject({ password: NEW_PASSWORD });
  });

  test("to another server does not send the stored password there", async () => {
    const { path } = await added();
    const elsewhere = await startSmtpServer();
    try {
      const refused = await ask("PATCH", path, { smtp: { host: "localhost", port: elsewhere.port, security: "none" } });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
      expect(elsewhere.connections).toBe(0);
    } finally {
      await elsewhere.stop();
    }
  });

  test("of what somebody else has changed since is refused", async () => {
    const { path } = await added();
    const { headers } = await ask("GET", path);
    const ifMatch = { "if-match": String(headers["etag"]) };
    expect((await ask("PATCH", path, { dailyCap: 11 }, ifMatch)).status).toBe(200);
    expect(await ask("PATCH", path, { dailyCap: 12 }, ifMatch)).toMatchObject({ status: 412, body: { code: "precondition_failed" } });
    expect((await ask("GET", path)).body.dailyCap).toBe(11);
  });

  test("that takes as long as its servers do does not undo what another did meanwhile", async () => {
    const { path } = await added();
    smtp.faults.delays = { greeting: 300 };
    const slow = ask("PATCH", path, { password: PASSWORD, fromName: "Slow" });
    while (smtp.connections < 2) await new Promise(setImmediate);
    expect((await ask("PATCH", path, { dailyCap: 2 })).status).toBe(200);
    expect(await slow).toMatchObject({ status: 412 });
    expect((await ask("GET", path)).body).toMatchObject({ dailyCap: 2, fromName: null });
  });
});

describe("health", () => {
  test("shows the pause and its cause, the back-off, today's budget in the mailbox's own day, and the last reading", async () => {
    const { id, path } = await added({ timeZone: "Pacific/Auckland" });
    const { db } = api.agent;
    const { workspaceId } = api;
    const at = api.agent.clock.now();
    await pauseMailbox(db, workspaceId, id, "smtp_auth", "535 no", at);
    await backOffMailbox(db, workspaceId, id, new Date("2026-03-04T10:00:00Z"));
    for (const folder of (await cursorsOf(db, workspaceId, id)).keys()) await markReadToEnd(db, workspaceId, id, [folder], at);
    for (const [day, used] of [
      ["2026-03-03", 9],
      ["2026-03-04", 4],
      ["2026-03-05", 1],
    ] as const) {
      await db.query("insert into send_budget (workspace_id, mailbox_id, day, cap, used) values ($1, $2, $3, 40, $4)", [
        workspaceId,
        id,
        day,
        used,
      ]);
    }
    expect((await ask("GET", path)).body).toMatchObject({
      state: "paused",
      pause: { reason: "smtp_auth", detail: "535 no", since: "2026-03-04T09:00:00.000Z" },
      backoff: { until: "2026-03-04T10:00:00.000Z", times: 1 },
      today: { day: "2026-03-04", used: 4, cap: 40 },
      lastReadAt: "2026-03-04T09:00:00.000Z",
    });
  });

  test("a test that succeeds ends the pause which a failed login caused; one that fails says why and leaves it", async () => {
    const { id, path } = await added();
    await pauseMailbox(api.agent.db, api.workspaceId, id, "smtp_auth", "535 no", api.agent.clock.now());
    smtp.faults.failAuth = true;
    const failed = await ask("POST", `${path}/test`);
    expect(failed).toMatchObject({ status: 200, body: { smtp: { ok: false, code: "smtp_auth" }, imap: { ok: true } } });
    expect((await ask("GET", path)).body.state).toBe("paused");
    smtp.faults.failAuth = false;
    expect((await ask("POST", `${path}/test`)).body).toEqual({ smtp: { ok: true }, imap: { ok: true } });
    expect((await ask("GET", path)).body.state).toBe("active");
  });
});

describe("a person's pause", () => {
  test("says who, or why; a good login does not end it; resuming does, once both servers let us in", async () => {
    const { path } = await added();
    expect((await ask("POST", `${path}/pause`, {})).body.pause).toMatchObject({ reason: "person", detail: "paused by program" });
    expect((await ask("POST", `${path}/pause`, { reason: "holidays" })).body.pause.detail).toBe("paused by program");
    await ask("POST", `${path}/test`);
    expect((await ask("GET", path)).body.state).toBe("paused");
    smtp.faults.failAuth = true;
    expect(await ask("POST", `${path}/resume`, {})).toMatchObject({ status: 422, body: { code: "smtp_auth" } });
    expect((await ask("GET", path)).body.state).toBe("paused");
    smtp.faults.failAuth = false;
    expect((await ask("POST", `${path}/resume`, {})).body).toMatchObject({ state: "active", pause: null });
  });

  test("ends without asking the servers when forced, and a second resume changes nothing", async () => {
    const { path } = await added();
    await ask("POST", `${path}/pause`, { reason: "holidays" });
    smtp.faults.failAuth = true;
    const before = smtp.connections;
    expect((await ask("POST", `${path}/resume`, { force: true })).body.state).toBe("active");
    expect((await ask("POST", `${path}/resume`, {})).body.state).toBe("active");
    expect(smtp.connections).toBe(before);
  });
});

describe("removing", () => {
  test("a mailbox that nothing uses takes it away", async () => {
    const { path } = await added();
    expect((await ask("DELETE", path)).status).toBe(204);
    expect((await ask("GET", path)).status).toBe(404);
    expect((await ask("DELETE", path)).status).toBe(404);
  });

  test("one that a campaign sends from is refused, and the answer names it", async () => {
    const { id, path } = await added();
    const campaign = await addCampaign(`Spring ${counter}`);
    await api.agent.db.query("insert into campaign_mailbox values ($1, $2, $3)", [api.workspaceId, campaign, id]);
    const refused = await ask("DELETE", path);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "in_use", facts: { campaigns: [`Spring ${counter}`], hasMessages: false } },
    });
    expect((await ask("GET", path)).body.campaigns).toBe(1);
  });

  test("one that mail was sent from is refused, although its lead is gone", async () => {
    const { id, path } = await added();
    await row(
      `insert into message (workspace_id, kind, idempotency_key, mailbox_id, message_id, recipient, recipient_key, state, slot_at, created_at, updated_at)
       values ($1, 'test', $2, $3, $4, 'x@y.example', 'x@y.example', 'queued', now(), now(), now())`,
      [api.workspaceId, `k${counter}`, id, `<${counter}@x>`],
    );
    expect(await ask("DELETE", path)).toMatchObject({ status: 409, body: { facts: { hasMessages: true } } });
  });

  test("one where the answers to a relay arrive, or that holds answers, is refused; a person's private mail does not keep it", async () => {
    const anna = await added();
    const relay = { email: `bulk${counter}@team.example`, password: null, smtp: atSmtp(), replyMailboxId: anna.id };
    const { body } = await ask("POST", "/mailboxes", relay);
    expect(await ask("DELETE", anna.path)).toMatchObject({ status: 409, body: { facts: { relays: [relay.email] } } });
    expect((await ask("DELETE", `/mailboxes/${body.mailbox.id}`)).status).toBe(204);
    const received = await row(
      `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, uid, fingerprint, received_at, verdict, disposition, disposition_reason)
       values ($1, $2, 'INBOX', 1, 1, '\\x00', now(), 'reply', 'unmatched', 'x')`,
      [api.workspaceId, anna.id],
    );
    expect(await ask("DELETE", anna.path)).toMatchObject({ status: 409, body: { facts: { hasInboundMessages: true } } });
    await api.agent.db.query("update inbound_message set disposition = 'ignored' where id = $1", [received]);
    expect((await ask("DELETE", anna.path)).status).toBe(204);
  });
});

describe("lists", () => {
  test("page by address to the end without loss, and filter by state", async () => {
    const workspaceId = await api.otherWorkspace();
    const others = await api.key(undefined, { workspaceId });
    for (let one = 1; one <= 7; one += 1) {
      const body = { email: `box${one}@others.example`, password: null, smtp: atSmtp(), skipTest: true };
      expect((await others("POST", "/mailboxes", body)).status).toBe(201);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body }: { body: { items: { email: string }[]; nextCursor: string | null } } = await others(
        "GET",
        `/mailboxes?limit=3${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map(({ email }) => email));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7].map((one) => `box${one}@others.example`));
    expect((await others("GET", "/mailboxes?state=paused")).body.items).toEqual([]);
    expect((await others("GET", "/mailboxes?cursor=x")).status).toBe(400);
  });

  test("name the big providers' servers", async () => {
    const { body } = await ask("GET", "/mailbox-presets");
    expect(body.items.map((one: { provider: string }) => one.provider)).toEqual(["gmail", "microsoft365", "hostinger"]);
    expect(body.items[0]).toMatchObject({ smtp: { host: "smtp.gmail.com", port: 465 }, hint: expect.stringContaining("app password") });
  });
});

test("a mailbox of another workspace is not there, whatever is asked of it", async () => {
  const { id, path } = await added();
  const others = await api.key(undefined, { workspaceId: await api.otherWorkspace() });
  const asked = [
    others("GET", path),
    others("PATCH", path, { dailyCap: 1 }),
    others("POST", `${path}/test`),
    others("POST", `${path}/pause`, {}),
    others("POST", `${path}/resume`, { force: true }),
    others("DELETE", path),
    others("GET", `${path}/why`),
  ];
  for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await stored(id)).toMatchObject({ state: "active", version: 1 });
});

test("why says what goes out today and why not more", async () => {
  const { path } = await added();
  await ask("POST", `${path}/pause`, { reason: "holidays" });
  const { status, body } = await ask("GET", `${path}/why`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ mailboxes: [{ mailbox: address, cap: 40, limitedBy: "paused" }], next: null, waits: [] });
  expect(body.sentences.join(" ")).toContain("is paused (person: holidays)");
});
