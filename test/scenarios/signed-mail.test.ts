// Mail of a domain with a key is signed, or it is not sent.
import { dkimVerify } from "mailauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { sendTest } from "../../src/automations/send-test.ts";
import { addSendingDomain, removeDomain } from "../../src/automations/sending-domains.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { whyLead } from "../../src/automations/why.ts";
import { parseEmailAddress } from "../../src/core/email-address.ts";
import { MINUTE } from "../../src/core/instant.ts";
import { makeSigningKey, pemOf } from "../../src/mail/dkim-key.ts";
import { listSendingDomains } from "../../src/store/sending-domain.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
});
afterEach(() => team.end());

const addDomain = (more: { selector?: string; privateKeyPem?: string } = {}) =>
  addSendingDomain(team.agent, { workspaceId: team.workspaceId, domain: "team.example", ...more });
const sendOne = async () => {
  await team.addLead({ email: "kim@bakery.example" });
  await team.start(team.campaign({ steps: { question: "0 minutes" } }));
  await team.pass();
};
const spoil = () => team.db.query("update sending_domain set private_key = set_byte(private_key, 40, 255 - get_byte(private_key, 40))");

test("every mail of a domain with a key is signed, and verifies against the record that was handed out", async () => {
  const { record } = await addDomain({ selector: "mail2026" });
  expect(record).toMatchObject({ host: "mail2026._domainkey.team.example", type: "TXT" });
  await sendOne();
  const [mail] = team.accepted();
  const { results } = await dkimVerify(Buffer.from(mail?.raw ?? "", "utf8"), { resolver: () => Promise.resolve([[record.value]]) });
  expect(results.map(({ status, signingDomain }) => [status.result, signingDomain])).toEqual([["pass", "team.example"]]);
});

test("another attempt has the same bytes, signature included", async () => {
  await addDomain();
  const tried: string[] = [];
  anna.smtp.faults.onData = ({ raw }) => {
    tried.push(raw);
    return tried.length === 1 ? { code: 451, text: "4.3.0 Try later" } : null;
  };
  await sendOne();
  await team.pass(30 * MINUTE);
  expect(tried).toHaveLength(2);
  expect(tried[0]).toContain("DKIM-Signature:");
  expect(tried[1]).toBe(tried[0]);
});

test("a test that a person has sent is signed, too, or is not sent", async () => {
  const leadId = await team.addLead({ email: "kim@bakery.example" });
  const campaignId = await team.apply(team.campaign({ steps: { question: "0 minutes" } }));
  const to = parseEmailAddress("me@team.example");
  if (!to) throw new Error("That is an address.");
  const request = { workspaceId: team.workspaceId, campaignId, leadId, step: "question", sequence: null, to };
  await addDomain();
  await sendTest(team.agent, request);
  expect(team.accepted()[0]?.raw).toMatch(/^DKIM-Signature:/);
  await spoil();
  await expect(sendTest(team.agent, request)).rejects.toMatchObject({ code: "dkim_signing_failed" });
  expect(team.accepted()).toHaveLength(1);
});

test("mail of a domain without a key goes out as before, and so does that of another domain", async () => {
  await addSendingDomain(team.agent, { workspaceId: team.workspaceId, domain: "other.example" });
  await sendOne();
  expect(team.accepted().map(({ raw }) => raw.includes("DKIM-Signature"))).toEqual([false]);
});

describe("when signing fails", () => {
  beforeEach(async () => {
    await addDomain({ selector: "old" });
    await spoil();
    await sendOne();
  });

  test("nothing is sent, the mail waits, and the mailbox says why it stopped", async () => {
    expect(team.accepted()).toEqual([]);
    expect(await team.states()).toEqual(["question queued"]);
    const { state, pauseReason, pauseDetail } = await team.stored(anna);
    expect([state, pauseReason]).toEqual(["paused", "unsigned"]);
    expect(pauseDetail).toContain("team.example cannot be signed");
    expect((await whyLead(team.agent, team.workspaceId, "kim@bakery.example")).sentences.join(" ")).toContain("unsigned");
    expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 0, counted: 0 });
  });

  test("a login that works does not make it send unsigned mail", async () => {
    await testMailbox(team.agent, await team.stored(anna));
    await team.pass(10 * MINUTE);
    expect((await team.stored(anna)).pauseReason).toBe("unsigned");
    expect(team.accepted()).toEqual([]);
  });

  test("a new key lets it send again, signed", async () => {
    await addDomain({ selector: "new" });
    await team.pass(MINUTE);
    expect(team.accepted().map(({ raw }) => /s=(\w+);/.exec(raw)?.[1])).toEqual(["new"]);
    expect(await team.discrepancies()).toEqual([]);
  });

  test("so does removing the domain, unsigned: a person wants it so", async () => {
    await removeDomain(team.agent, team.workspaceId, "team.example");
    await team.pass(MINUTE);
    expect(team.accepted()).toHaveLength(1);
  });
});

describe("a key", () => {
  test("of one's own is used", async () => {
    const key = await makeSigningKey();
    const first = await addDomain({ privateKeyPem: pemOf(key), selector: "own" });
    // the same key again changes nothing
    expect((await addDomain({ privateKeyPem: pemOf(key), selector: "own" })).record).toEqual(first.record);
  });

  test("that is no RSA key stores nothing", async () => {
    await expect(addDomain({ privateKeyPem: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" })).rejects.toMatchObject({
      code: "dkim_key_invalid",
    });
    expect(await listSendingDomains(team.db, team.workspaceId)).toEqual([]);
  });

  test("does not take the selector of another one", async () => {
    await addDomain({ selector: "mail" });
    await expect(addDomain({ selector: "mail" })).rejects.toMatchObject({ code: "already_exists" });
    await expect(addDomain({ selector: "mail2" })).resolves.toMatchObject({ selector: "mail2" });
  });

  test("copied into the row of another domain does not sign", async () => {
    await addDomain();
    await addSendingDomain(team.agent, { workspaceId: team.workspaceId, domain: "other.example" });
    await team.db.query("update sending_domain set private_key = (select private_key from sending_domain where domain = 'other.example')");
    await sendOne();
    expect(team.accepted()).toEqual([]);
  });

  test.each(["gmail.com", "localhost", "two words"])("is not made for %s", async (domain) => {
    await expect(addSendingDomain(team.agent, { workspaceId: team.workspaceId, domain })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("the private key stands nowhere in the clear", async () => {
  await addDomain();
  const { rows } = await team.db.query<{ key: Buffer }>("select private_key as key from sending_domain");
  expect(rows[0]?.key.toString("latin1")).not.toContain("PRIVATE KEY");
  expect(rows[0]?.key.length).toBeGreaterThan(1_000);
});

test("a mailbox that is added later under the domain signs from its first mail", async () => {
  await addDomain();
  await addMailbox(team.agent, { workspaceId: team.workspaceId, email: "anna@team.example", fromName: "Anna K" });
  await sendOne();
  expect(team.accepted()[0]?.raw).toMatch(/^DKIM-Signature:/);
});
