// Domains that are sent from: the keys that sign their mail, and what DNS says about them.
import { z } from "zod";
import { checkDomainNamed } from "../../automations/check-domains.ts";
import { addSendingDomain, removeDomain } from "../../automations/sending-domains.ts";
import { checksByDomain } from "../../store/domain-check.ts";
import { listSendingDomains, sendingDomainById } from "../../store/sending-domain.ts";
import { idOf, instant, words } from "./contract.ts";
import { found } from "./found.ts";
import { operation } from "./operation.ts";

const record = z
  .object({ host: z.string(), type: z.enum(["TXT", "MX"]), value: z.string() })
  .describe("What to put into DNS")
  .meta({ id: "DnsRecord" });
const check = z
  .object({
    check: z.enum(["spf", "dkim", "dmarc", "mx"]),
    result: z.enum(["pass", "warning", "fail", "unknown"]).describe("unknown: DNS did not say, and nothing follows from it"),
    sentence: z.string(),
    record: record.nullable(),
    failingSince: instant.nullable(),
    checkedAt: instant,
  })
  .meta({ id: "DomainCheck" });
const domain = z
  .object({
    id: idOf<"sending_domain">(),
    domain: z.string(),
    selector: z.string().nullable().describe("Null: its mail is not signed here"),
    keyIsMissing: z.boolean().describe("True: its key stayed in another installation; its mail is not sent until it gets another one"),
    createdAt: instant,
    checks: z.array(check).readonly().describe("What DNS said last"),
  })
  .meta({ id: "SendingDomain" });
const name = words(253);

export const domainOperations = [
  operation({
    id: "domains.list",
    method: "GET",
    path: "/domains",
    summary: "The domains that are sent from, whether their mail is signed here, and what DNS said last",
    permission: "mailboxes:read",
    result: z.object({ items: z.array(domain) }),
    handle: async ({ agent, workspaceId }) => {
      const checks = await checksByDomain(agent.db, workspaceId);
      const domains = await listSendingDomains(agent.db, workspaceId);
      return { items: domains.map((one) => ({ ...one, checks: checks.filter((its) => its.domain === one.domain) })) };
    },
  }),
  operation({
    id: "domains.create",
    method: "POST",
    path: "/domains",
    summary: "Signs the mail of a domain's mailboxes (DKIM) from now on; gives the record that its DNS needs first",
    permission: "mailboxes:write",
    body: z.strictObject({
      domain: name,
      selector: words(63).optional().describe("Names the DNS record; default: made from the day. A new key needs a new one"),
      privateKey: z.string().min(1).max(20_000).optional().describe("Your own RSA key, in PEM; made here when it is not given"),
    }),
    result: z.object({ domain: z.string(), selector: z.string(), record }),
    status: 201,
    handle: ({ agent, workspaceId }, { body: { privateKey, ...body } }) =>
      addSendingDomain(agent, { workspaceId, ...body, privateKeyPem: privateKey }),
  }),
  operation({
    id: "domains.check",
    method: "POST",
    path: "/domains/check",
    summary: "Asks DNS for the SPF, DKIM, DMARC and MX records of a domain, which is kept from then on",
    permission: "mailboxes:write",
    body: z.strictObject({ domain: name }),
    result: z.object({ domain: z.string(), checks: z.array(check).readonly() }),
    ownTransactions: true,
    handle: ({ agent, workspaceId }, { body }) => checkDomainNamed(agent, workspaceId, body.domain),
  }),
  operation({
    id: "domains.remove",
    method: "DELETE",
    path: "/domains/:domainId",
    summary: "Forgets a domain with its key; mail of its mailboxes is no longer signed here",
    permission: "mailboxes:write",
    params: z.object({ domainId: idOf<"sending_domain">() }),
    handle: async ({ agent, workspaceId }, { params }) => {
      const { domain: own } = found(await sendingDomainById(agent.db, workspaceId, params.domainId));
      await removeDomain(agent, workspaceId, own);
    },
  }),
];
