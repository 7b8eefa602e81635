// domain add|list|check|remove: the domains that are sent from, the keys that sign their mail, and what DNS says about them.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { checkDomainNamed } from "../../automations/check-domains.ts";
import { type AddedSendingDomain, addSendingDomain, ownDomain, removeDomain } from "../../automations/sending-domains.ts";
import type { DnsRecord } from "../../core/dns-answer.ts";
import type { DomainCheck } from "../../core/domain-check.ts";
import { AgentError } from "../../core/errors.ts";
import { checksByDomain } from "../../store/domain-check.ts";
import { listSendingDomains } from "../../store/sending-domain.ts";
import { readableSize } from "./input-file.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

export function addDomainCommands(program: Command): void {
  const domain = program.command("domain").description("domains that are sent from, and the keys that sign their mail");
  domain
    .command("add <domain>")
    .description("signs the mail of all its mailboxes (DKIM), with a key that is made here; a new selector replaces the key")
    .option("--selector <name>", "names the DNS record; default: made from the day")
    .option("--key-file <file>", "your own RSA private key, in PEM")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { selector?: string; keyFile?: string }>();
      const privateKeyPem = options.keyFile === undefined ? undefined : keyIn(options.keyFile);
      const added = await withSession(options, ({ agent, workspaceId }) =>
        addSendingDomain(agent, { workspaceId, domain: name, selector: options.selector, privateKeyPem }),
      );
      print(added, options.json, writeAdded);
    });
  domain
    .command("list")
    .description("every domain, whether its mail is signed here, and what DNS said last")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      print(await withSession(options, domainsWithChecks), options.json, writeDomains);
    });
  domain
    .command("check <domain>")
    .description("asks DNS for its SPF, DKIM, DMARC and MX records; says what is wrong, and what to put there")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { domain: own, checks } = await withSession(options, ({ agent, workspaceId }) => checkDomainNamed(agent, workspaceId, name));
      print({ domain: own, checks }, options.json, () => checks.flatMap(writeCheck).join("\n"));
    });
  domain
    .command("remove <domain>")
    .description("forgets the domain with its key; mail of its mailboxes is no longer signed here")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const own = ownDomain(name);
      const removed = await withSession(options, ({ agent, workspaceId }) => removeDomain(agent, workspaceId, own));
      if (!removed) throw new AgentError("not_found", `There is no domain ${own}; \`domain list\` shows them.`);
      print({ domain: own, removed }, options.json, () => `${own} is forgotten, and its key with it.`);
    });
}

async function domainsWithChecks({ agent, workspaceId }: Session) {
  const checks = await checksByDomain(agent.db, workspaceId);
  return (await listSendingDomains(agent.db, workspaceId)).map(({ domain, selector, createdAt }) => ({
    domain,
    selector,
    createdAt,
    checks: checks.filter((one) => one.domain === domain),
  }));
}

function writeDomains(domains: Awaited<ReturnType<typeof domainsWithChecks>>): string {
  if (domains.length === 0) return "No domain yet: `domain add DOMAIN` signs the mail of its mailboxes.";
  const result = (checks: readonly DomainCheck[], kind: DomainCheck["check"]) =>
    checks.find(({ check }) => check === kind)?.result ?? "not checked";
  return table(
    ["Domain", "Signed with", "SPF", "DKIM", "DMARC", "MX"],
    domains.map(({ domain, selector, checks }) => [
      domain,
      selector ?? "no key of ours",
      ...(["spf", "dkim", "dmarc", "mx"] as const).map((kind) => result(checks, kind)),
    ]),
  );
}

function writeCheck({ check, result, sentence, record, failingSince }: DomainCheck): string[] {
  const since = failingSince ? ` Failing since ${failingSince.toISOString()}.` : "";
  return [
    `${check.toUpperCase()} ${result}: ${sentence}${since}`,
    ...(record ? ["  Put this into DNS, in place of what is there:", ...writeRecord(record)] : []),
  ];
}

function keyIn(file: string): string {
  readableSize(file);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AgentError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

function writeAdded({ domain, selector, record }: AddedSendingDomain): string {
  return [
    `Mail of ${domain} is signed from now on (selector ${selector}). Put this record into its DNS before you send:`,
    ...writeRecord(record),
  ].join("\n");
}

function writeRecord({ host, type, value }: DnsRecord): string[] {
  return [`  host:  ${host}`, `  type:  ${type}`, `  value: ${value}`];
}
