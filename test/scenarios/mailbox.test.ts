// A mailbox is added: it must be able to send and be read first, and its passwords are nobody's to read afterwards.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox, type MailboxRequest } from "../../src/automations/add-mailbox.ts";
import { imapAccess, smtpAccess } from "../../src/automations/mailbox-access.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import type { AgentError } from "../../src/core/errors.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { openSmtp } from "../../src/mail/smtp.ts";
import { type Mailbox, mailboxByAddress, mailboxById, pauseMailbox } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { type ImapServer, startImapServer } from "../support/mail-servers.ts";
import { Outreach } from "../support/outreach.ts";

const START = new Date("2026-03-02T08:00:00Z");
const ANNA = "anna@team.example";
const PASSWORD = "correct horse battery";

const database = await databaseForTests();
let team: Outreach;
let smtp: { port: number; accepts: string; logins: string[]; stop(): Promise<void> };
let imap: ImapServer;

beforeEach(async () => {
  team = await Outreach.begin(database.db, START);
  smtp = await startSmtp();
  imap = await startImapServer({ address: ANNA, password: PASSWORD });
});
afterEach(() => Promise.all([smtp.stop(), imap.stop()]));

/** Takes one password, and remembers who tried to log in. */
async function startSmtp() {
  const state = { accepts: PASSWORD, logins: [] as string[] };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth({ username = "", password }, _session, reply) {
      state.logins.push(username);
      if (password === state.accepts) reply(null, { user: username });
      else reply(Object.assign(new Error("5.7.8 Who are you?"), { responseCode: 535 }));
    },
  });
  server.on("error", () => undefined);
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const stop = () => new Promise<void>((stopped) => server.close(() => stopped()));
  return Object.assign(state, { port: (listener.address() as AddressInfo).port, stop });
}

function request(more: Partial<MailboxRequest> = {}) {
  return {
    workspaceId: team.workspaceId,
    email: ANNA,
    password: PASSWORD,
    smtp: { host: "localhost", port: smtp.port, security: "none" as const },
    imap: { host: "localhost", port: imap.port, security: "none" as const },
    ...more,
  };
}

function relay(email: string, more: Partial<MailboxRequest> = {}) {
  const { imap: _imap, ...rest } = request({ email, ...more });
  return rest;
}

async function stored(id: MailboxId): Promise<Mailbox> {
  const mailbox = await mailboxById(database.db, team.workspaceId, id);
  if (!mailbox) throw new Error("There is no such mailbox.");
  return mailbox;
}

async function refusal(adding: Promise<unknown>): Promise<AgentError> {
  return adding.then(
    () => expect.unreachable("it was added"),
    (error: AgentError) => error,
  );
}

const isStored = async (address: string) => (await mailboxByAddress(database.db, team.workspaceId, address)) !== null;

describe("with the right password a mailbox", () => {
  test("is tested by the code that sends and reads, and stored as tested", async () => {
    const { mailboxId, created, tests } = await addMailbox(team.agent, request({ dailyCap: 25, timeZone: "Europe/Berlin" }));
    expect({ created, tests }).toEqual({ created: true, tests: { smtp: { ok: true }, imap: { ok: true } } });
    expect(smtp.logins).toEqual([ANNA]);
    expect(await stored(mailboxId)).toMatchObject({
      email: ANNA,
      smtp: { login: { kind: "password", username: ANNA } },
      imap: { login: { kind: "password", username: ANNA } },
      limits: { dailyCap: 25, zone: "Europe/Berlin", minGapSeconds: 90, rampUp: null },
      smtpTestedAt: START,
      imapTestedAt: START,
    });
  });

  test("sends afterwards with the stored password", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    const session = await openSmtp(await smtpAccess(team.agent, await stored(mailboxId)));
    expect(session.usable).toBe(true);
    await session.close();
    expect(smtp.logins).toEqual([ANNA, ANNA]);
  });

  test("added again is changed, not doubled", async () => {
    const first = await addMailbox(team.agent, request());
    const second = await addMailbox(team.agent, request({ email: "ANNA@Team.example", username: ANNA, dailyCap: 7 }));
    expect(second).toMatchObject({ mailboxId: first.mailboxId, created: false });
    expect((await stored(first.mailboxId)).limits.dailyCap).toBe(7);
  });
});

describe("with a wrong password a mailbox", () => {
  test("is not stored, and the error names both servers' answers and what to do", async () => {
    const error = await refusal(addMailbox(team.agent, request({ password: "wrong guess" })));
    expect(error.code).toBe("smtp_auth");
    expect(error.message).toContain(`The SMTP server localhost:${smtp.port} refused the user name or password of ${ANNA}`);
    expect(error.message).toContain("5.7.8 Who are you?");
    expect(error.message).toContain(`The IMAP server localhost:${imap.port} refused`);
    expect(JSON.stringify([error.message, error.detail])).not.toContain("wrong guess");
    expect(await isStored(ANNA)).toBe(false);
  });

  test("for reading alone is not stored either", async () => {
    const error = await refusal(addMailbox(team.agent, request({ imapPassword: "wrong guess" })));
    expect(error.code).toBe("imap_auth");
    expect(error.message).not.toContain("SMTP");
    expect(await isStored(ANNA)).toBe(false);
  });

  test("keeps what it had when it was there before", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    await refusal(addMailbox(team.agent, request({ password: "wrong guess", dailyCap: 1 })));
    const mailbox = await stored(mailboxId);
    expect(mailbox.limits.dailyCap).toBe(40);
    expect((await smtpAccess(team.agent, mailbox)).login).toMatchObject({ password: PASSWORD });
  });
});

describe("a relay", () => {
  test("is stored without an inbox, and its answers arrive in another mailbox", async () => {
    const anna = await addMailbox(team.agent, request());
    const { mailboxId, tests } = await addMailbox(team.agent, relay("bulk@team.example", { replyMailbox: ANNA }));
    expect(tests).toEqual({ smtp: { ok: true }, imap: null });
    expect(await stored(mailboxId)).toMatchObject({ imap: null, imapTestedAt: null, smtpTestedAt: START, replyMailboxId: anna.mailboxId });
    await expect(testMailbox(team.agent, await stored(mailboxId))).resolves.toEqual(tests);
  });

  test("may need no login at all", async () => {
    const { mailboxId } = await addMailbox(team.agent, relay("bulk@team.example", { password: null }));
    expect(smtp.logins).toEqual([]);
    expect((await stored(mailboxId)).smtp.login).toEqual({ kind: "none" });
  });

  test("cannot have its answers arrive where nobody reads", async () => {
    await addMailbox(team.agent, relay("bulk@team.example"));
    const error = await refusal(addMailbox(team.agent, relay("more@team.example", { replyMailbox: "bulk@team.example" })));
    expect(error.code).toBe("not_found");
    expect(await isStored("more@team.example")).toBe(false);
  });
});

describe("a request that makes no sense", () => {
  test.each<[string, Partial<MailboxRequest>, RegExp]>([
    ["an address that is none", { email: "anna" }, /anna is not an email address/],
    ["a time zone that is none", { timeZone: "Mars/Olympus" }, /timeZone/],
    ["a port that is none", { smtp: { host: "localhost", port: 0 } }, /smtp\.port/],
    ["a negative cap", { dailyCap: -1 }, /dailyCap/],
  ])("for %s, is refused before anybody logs in", async (_what, wrong, message) => {
    const error = await refusal(addMailbox(team.agent, request(wrong)));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toMatch(message);
    expect(smtp.logins).toEqual([]);
  });
});

describe("a stored password", () => {
  test("stands in no column in plain text", async () => {
    await addMailbox(team.agent, request());
    const { rows } = await database.db.query<{ text: string; smtp_secret: Buffer; imap_secret: Buffer }>(
      "select mailbox::text as text, smtp_secret, imap_secret from mailbox where workspace_id = $1",
      [team.workspaceId],
    );
    const [row] = rows;
    for (const form of [PASSWORD, Buffer.from(PASSWORD).toString("base64"), Buffer.from(PASSWORD).toString("hex")]) {
      expect(row?.text).not.toContain(form);
    }
    expect(row?.smtp_secret.includes(PASSWORD)).toBe(false);
    expect(row?.smtp_secret.equals(row.imap_secret)).toBe(false);
  });

  test("cannot be opened in another mailbox's row", async () => {
    const anna = await addMailbox(team.agent, request());
    const bulk = await addMailbox(team.agent, relay("bulk@team.example"));
    await database.db.query(
      "update mailbox set smtp_secret = other.smtp_secret from mailbox other where mailbox.id = $1 and other.id = $2",
      [bulk.mailboxId, anna.mailboxId],
    );
    const swapped = await stored(bulk.mailboxId);
    await expect(smtpAccess(team.agent, swapped)).rejects.toMatchObject({ code: "secret_key_missing" });
    expect((await smtpAccess(team.agent, await stored(anna.mailboxId))).login).toMatchObject({ password: PASSWORD });
  });

  test("cannot be opened in the other column", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    await database.db.query("update mailbox set smtp_secret = imap_secret, imap_secret = smtp_secret where id = $1", [mailboxId]);
    const swapped = await stored(mailboxId);
    await expect(smtpAccess(team.agent, swapped)).rejects.toMatchObject({ code: "secret_key_missing" });
    await expect(imapAccess(team.agent, swapped)).rejects.toMatchObject({ code: "secret_key_missing" });
  });

  test("cannot be opened with another key", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    const keys = { ...team.agent.keys, credentials: new Uint8Array(32).fill(7) };
    const mailbox = await stored(mailboxId);
    await expect(smtpAccess({ ...team.agent, keys }, mailbox)).rejects.toMatchObject({ code: "secret_key_missing" });
  });
});

describe("a test of a stored mailbox", () => {
  test("that succeeds ends the pause which a failed login caused", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    await pauseMailbox(database.db, team.workspaceId, mailboxId, "smtp_auth", "535", START);
    await testMailbox(team.agent, await stored(mailboxId));
    expect(await stored(mailboxId)).toMatchObject({ state: "active", pauseReason: null });
  });

  test("that fails leaves it paused, and says why", async () => {
    const { mailboxId } = await addMailbox(team.agent, request());
    await pauseMailbox(database.db, team.workspaceId, mailboxId, "smtp_auth", "535", START);
    smtp.accepts = "changed since";
    const tests = await testMailbox(team.agent, await stored(mailboxId));
    expect(tests).toMatchObject({ smtp: { ok: false, code: "smtp_auth" }, imap: { ok: true } });
    expect(await stored(mailboxId)).toMatchObject({ state: "paused", pauseReason: "smtp_auth" });
  });
});
