// What DNS says about a domain: a warning at first, a stop when neither SPF nor DKIM has passed for three days, and never because nobody answers.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkDomainNamed } from "../../src/automations/check-domains.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { addSendingDomain } from "../../src/automations/sending-domains.ts";
import { campaignReadiness } from "../../src/automations/start-and-finish-campaigns.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { whyLead, whyMailbox } from "../../src/automations/why.ts";
import type { DnsRecord } from "../../src/core/dns-answer.ts";
import { HOUR } from "../../src/core/instant.ts";
import { checksByDomain } from "../../src/store/domain-check.ts";
import { pauseMailboxesOf } from "../../src/store/domain-mailboxes.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

let team: LiveOutreach;
let anna: LiveMailbox;
let dns: DnsServer;

beforeEach(async () => {
  dns = await startDnsServer();
  team = await LiveOutreach.begin();
  Object.assign(team.agent, { dns: dns.resolver });
  anna = await team.addMailbox("anna@team.example");
});
afterEach(async () => {
  await team.end();
  await dns.stop();
});

const check = () => checkDomainNamed(team.agent, team.workspaceId, "team.example");
const results = async () => Object.fromEntries((await check()).checks.map(({ check: kind, result }) => [kind, result]));
const addKey = async (): Promise<DnsRecord> =>
  (await addSendingDomain(team.agent, { workspaceId: team.workspaceId, domain: "team.example", selector: "ma1" })).record;
const publish = ({ host, value }: DnsRecord) => {
  dns.zone[host] = { txt: [value] };
};
/** Time passes, and the schedule does what it does every few hours. */
const hoursLater = async (hours: number) => {
  team.now = new Date(team.now.getTime() + hours * HOUR);
  await runJob(team.agent, "check-domains", {});
  await team.runJobs(team.agent);
};
const pauseReason = async () => (await team.stored(anna)).pauseReason;

test("the records that are handed out, pasted into DNS, make every check pass", async () => {
  publish(await addKey());
  dns.zone["team.example"] = { mx: [[10, "mx.team.example"]] };
  for (const { record } of (await check()).checks)
    if (record) dns.zone[record.host] = { ...(dns.zone[record.host] as object), txt: [record.value] };
  expect(await results()).toEqual({ spf: "pass", dkim: "pass", dmarc: "pass", mx: "pass" });
});

test("a real server's answers: includes are followed, long keys come in pieces, a null MX is seen", async () => {
  publish(await addKey());
  dns.zone["team.example"] = { txt: ["v=spf1 include:a.example -all"], mx: [[0, ""]] };
  dns.zone["a.example"] = { txt: ["v=spf1 include:b.example -all"] };
  dns.zone["b.example"] = { txt: ["v=spf1 ip4:192.0.2.1 -all"] };
  expect(await results()).toEqual({ spf: "pass", dkim: "pass", dmarc: "warning", mx: "fail" });
  expect(dns.asked).toContain("TXT b.example");
});

test.each(["servfail", "silent"] as const)("a server that is %s makes everything unknown, and clears no failure", async (trouble) => {
  expect((await results())["spf"]).toBe("fail");
  dns.zone["team.example"] = trouble;
  const { checks } = await check();
  const spf = checks.find((one) => one.check === "spf");
  expect([spf?.result, spf?.failingSince]).toEqual(["unknown", team.now]);
});

test("domains of mailboxes are checked by themselves, those of big providers are left alone", async () => {
  await team.addMailbox("anna@gmail.com");
  await hoursLater(0);
  expect([...new Set((await checksByDomain(team.db, team.workspaceId)).map(({ domain }) => domain))]).toEqual(["team.example"]);
});

test("a key is checked as soon as it is added", async () => {
  await addKey();
  await team.runJobs(team.agent);
  expect(dns.asked).toContain("TXT ma1._domainkey.team.example");
});

describe("a domain of whose mail neither SPF nor DKIM passes", () => {
  let record: DnsRecord;
  beforeEach(async () => {
    record = await addKey();
    await team.addLead({ email: "kim@bakery.example" });
    await hoursLater(0);
    await hoursLater(71);
  });

  test("is a warning before a start, and stops nobody", async () => {
    expect(await pauseReason()).toBeNull();
    const campaignId = await team.apply(team.campaign({ steps: { question: "0 minutes" } }));
    const readiness = await campaignReadiness(team.agent, { workspaceId: team.workspaceId, campaignId });
    expect(readiness).toMatchObject({ ready: true, warnings: expect.arrayContaining([expect.objectContaining({ code: "domain" })]) });
  });

  const start = async () => {
    await team.start(team.campaign({ steps: { question: "0 minutes" } }));
    await team.pass();
  };

  test("sends for three days, and then stops", async () => {
    await start();
    expect(team.accepted()).toHaveLength(1);
    await hoursLater(1);
    expect(await pauseReason()).toBe("domain");
  });

  test("says why it stopped, and goes on by itself once the record is there", async () => {
    await start();
    await team.addLead({ email: "lee@bakery.example" });
    await hoursLater(2);
    await team.pass();
    expect(team.accepted()).toHaveLength(1);
    const [lead, mailbox] = [
      await whyLead(team.agent, team.workspaceId, "lee@bakery.example"),
      await whyMailbox(team.agent, team.workspaceId, "anna@team.example"),
    ];
    for (const { sentences } of [lead, mailbox])
      expect(sentences.join(" ")).toContain("passed neither SPF nor DKIM since 2026-03-04 09:00");
    publish(record);
    await hoursLater(6);
    await team.pass();
    expect(team.accepted()).toHaveLength(2);
  });

  test("is not stopped because nobody answers, nor started again", async () => {
    const [zone, key] = ["team.example", record.host];
    dns.zone[zone] = dns.zone[key] = "silent";
    await hoursLater(100);
    expect(await pauseReason()).toBeNull();
    delete dns.zone[zone];
    delete dns.zone[key];
    await hoursLater(1);
    expect(await pauseReason()).toBe("domain");
    dns.zone[zone] = dns.zone[key] = "servfail";
    await hoursLater(1);
    expect(await pauseReason()).toBe("domain");
  });

  test("is not started again by a login that works, and leaves a person's pause alone", async () => {
    await hoursLater(1);
    await testMailbox(team.agent, await team.stored(anna));
    expect(await pauseReason()).toBe("domain");
    await team.db.query("update mailbox set pause_reason = 'person'");
    publish(record);
    await hoursLater(1);
    expect(await pauseReason()).toBe("person");
  });
});

test("a domain that is stopped while its mailbox sends claims nothing more", async () => {
  await team.addLeads(3);
  team.onSendPhase("before_mark", () =>
    pauseMailboxesOf(team.db, team.workspaceId, "team.example", { reason: "domain", detail: "stopped" }, team.now),
  );
  await team.start(team.campaign({ steps: { question: "0 minutes" } }));
  await team.pass();
  expect(team.accepted()).toEqual([]);
  expect(await team.states()).toEqual(["question queued", "question queued", "question queued"]);
});

test("hostile records are kept as text, and do no harm", async () => {
  dns.zone["team.example"] = { txt: [`v=spf1 \u001b[2J\u202e${"a".repeat(900)}`, "v=DMARC1;"], mx: [[1, "mx.team.example"]] };
  dns.zone["_dmarc.team.example"] = { txt: [`v=DMARC1; p=${"'; drop table mailbox; --".repeat(3)}`] };
  expect(await results()).toEqual({ spf: "fail", dkim: "unknown", dmarc: "warning", mx: "pass" });
});
