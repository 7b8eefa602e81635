// A mailbox that is added again keeps what was not said anew; and what can go wrong on the way is told rightly.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox, type MailboxRequest } from "../../src/automations/add-mailbox.ts";
import { imapAccess, smtpAccess } from "../../src/automations/mailbox-access.ts";
import type { AgentError } from "../../src/core/errors.ts";
import { mailboxByAddress, pauseMailbox, resumeMailbox } from "../../src/store/mailbox.ts";
import type { MailboxPause } from "../../src/store/mailbox-pause.ts";
import { type LiveMailbox, LiveOutreach, PASSWORD } from "../support/live-outreach.ts";

const ANNA = "anna@team.example";

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox(ANNA, { cap: 7, gap: 11, zone: "Europe/Berlin" });
});
afterEach(() => team.end());

const add = (request: Partial<MailboxRequest> = {}) => addMailbox(team.agent, { workspaceId: team.workspaceId, email: ANNA, ...request });
const refusal = (adding: Promise<unknown>) =>
  adding.then(
    () => expect.unreachable("it was added"),
    (error: AgentError) => error,
  );
/** An address of the public internet that was never given out: nobody is called should the refusal fail. */
const NOWHERE = "3000::1";
const atServer = (host: string) => ({ host, port: 2525, security: "none" as const });

describe("a mailbox that is added again", () => {
  test("keeps its servers, password, limits and zone when only its name is said", async () => {
    await add({ rampUp: { from: "2026-03-02", start: 5, step: 2 }, extraFolders: ["Customers"] });
    const before = await team.stored(anna);
    expect(await add({ fromName: "Anna of the team" })).toMatchObject({
      created: false,
      tests: { smtp: { ok: true }, imap: { ok: true } },
    });
    const { smtp, imap, ...after } = await team.stored(anna);
    const login = { kind: "password", username: ANNA };
    expect({ ...after, smtp, imap }).toMatchObject({
      ...before,
      fromName: "Anna of the team",
      version: before.version + 1,
      smtp: { ...before.smtp, login },
      imap: { ...before.imap, login },
    });
    expect(after).toMatchObject({ limits: { dailyCap: 7, minGapSeconds: 11, zone: "Europe/Berlin", rampUp: { start: 5 } } });
    expect((await smtpAccess(team.agent, await team.stored(anna))).login).toMatchObject({ password: PASSWORD });
    expect((await imapAccess(team.agent, await team.stored(anna))).login).toMatchObject({ password: PASSWORD });
  });

  test("takes a new password for sending and reading", async () => {
    anna.imap.setPassword("another one");
    await add({ password: "another one" });
    const { smtp, imap } = await team.stored(anna);
    expect([smtp.login, imap?.login]).toMatchObject([{ username: ANNA }, { username: ANNA }]);
    expect((await imapAccess(team.agent, await team.stored(anna))).login).toMatchObject({ password: "another one" });
  });

  test("is not sent with its stored password to another server", async () => {
    for (const servers of [{ smtp: atServer("localhost") }, { imap: atServer("localhost") }]) {
      expect(await refusal(add({ ...servers, skipTest: true }))).toMatchObject({ code: "invalid_input" });
    }
    await add({ smtp: { ...atServer("localhost"), port: anna.smtp.port }, password: PASSWORD });
    expect(await team.stored(anna)).toMatchObject({ smtp: { host: "localhost" } });
  });

  test("needs a password the first time", async () => {
    const error = await refusal(add({ email: "ben@team.example", smtp: atServer("127.0.0.1") }));
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toContain("password");
  });
});

describe("without a test", () => {
  test("a mailbox is stored as untested, and its servers hear nothing", async () => {
    const before = anna.smtp.connections;
    expect(await add({ skipTest: true, dailyCap: 9 })).toMatchObject({ created: false, tests: null });
    expect(anna.smtp.connections).toBe(before);
    expect(await team.stored(anna)).toMatchObject({ smtpTestedAt: null, imapTestedAt: null, limits: { dailyCap: 9, minGapSeconds: 11 } });
  });

  test("a campaign does not start with it", async () => {
    await add({ skipTest: true });
    await team.addLeads(1);
    const error = await refusal(team.start(team.campaign({ steps: { a: "0 minutes" } })));
    expect(error).toMatchObject({ code: "campaign_not_ready" });
  });

  test("a server that nobody knows yet may be named", async () => {
    await add({ skipTest: true, password: PASSWORD, smtp: { host: "mail.invalid", port: 465 } });
    expect(await team.stored(anna)).toMatchObject({ smtp: { host: "mail.invalid", security: "tls" } });
  });
});

describe("a password", () => {
  test.each([
    ["sending", { smtp: atServer(NOWHERE) }, "smtp_tls"],
    ["reading", { imap: atServer(NOWHERE) }, "imap_tls"],
  ])("is not sent over the internet in the clear, for %s", async (_what, servers, code) => {
    for (const skipTest of [true, false]) {
      const error = await refusal(add({ ...servers, password: PASSWORD, skipTest }));
      expect(error).toMatchObject({ code, retryable: false });
      expect(error.message).toContain("unencrypted");
    }
    expect(await team.stored(anna)).toMatchObject({ smtp: { host: "127.0.0.1" }, imap: { host: "127.0.0.1" } });
  });

  test("may be none at all for a relay that takes mail in the clear", async () => {
    await add({ email: "bulk@team.example", password: null, smtp: atServer(NOWHERE), skipTest: true });
    expect(await mailboxByAddress(team.db, team.workspaceId, "bulk@team.example")).toMatchObject({ smtp: { login: { kind: "none" } } });
  });
});

describe("the error says whether trying again can help", () => {
  test("a server that is busy", async () => {
    anna.smtp.faults.refuseConnections = true;
    expect(await refusal(add())).toMatchObject({ code: "smtp_rejected", retryable: true });
  });

  test("not where one of two servers refuses for good", async () => {
    anna.smtp.faults.refuseConnections = true;
    anna.imap.setPassword("changed");
    expect(await refusal(add())).toMatchObject({ code: "smtp_rejected", retryable: false });
  });
});

describe("a mailbox that is paused", () => {
  const pause = (reason: MailboxPause) => pauseMailbox(team.db, team.workspaceId, anna.id, reason, `because of ${reason}`, team.now);

  test("shows the newest cause, and since when it rests", async () => {
    expect(await pause("daily_limit")).toBe(true);
    expect(await pause("smtp_auth")).toBe(true);
    expect(await team.stored(anna)).toMatchObject({ state: "paused", pauseReason: "smtp_auth", pauseDetail: "because of smtp_auth" });
  });

  test("by a person stays so, whatever its servers say", async () => {
    await pause("imap_auth");
    expect(await pause("person")).toBe(true);
    expect(await pause("smtp_auth")).toBe(false);
    expect(await team.stored(anna)).toMatchObject({ pauseReason: "person" });
    await resumeMailbox(team.db, team.workspaceId, anna.id, team.now);
    expect(await team.stored(anna)).toMatchObject({ state: "active", pauseReason: null });
  });
});
