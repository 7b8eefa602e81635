// domain add|list|check|remove: the domains that are sent from, the keys that sign their mail, and what DNS says about them.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { given } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { withApi } from "./api.ts";
import { readableSize } from "./input-file.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type SendingDomain = components["schemas"]["SendingDomain"];
type DomainCheck = components["schemas"]["DomainCheck"];
type DnsRecord = components["schemas"]["DnsRecord"];

interface AddedSendingDomain {
  readonly domain: string;
  readonly selector: string;
  readonly record: DnsRecord;
}

export function addDomainCommands(program: Command): void {
  const domain = program.command("domain").description("domains that are sent from, and the keys that sign their mail");
  domain
    .command("add <domain>")
    .description("signs the mail of all its mailboxes (DKIM), with a key that is made here; a new selector replaces the key")
    .option("--selector <name>", "names the DNS record; default: made from the day")
    .option("--key-file <file>", "your own RSA private key, in PEM")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { selector?: string; keyFile?: string }>();
      const { selector, keyFile } = options;
      const body = {
        domain: name,
        ...(selector === undefined ? {} : { selector }),
        ...(keyFile === undefined ? {} : { privateKey: keyIn(keyFile) }),
      };
      print(await withApi(options, (api) => given(api.POST("/api/v1/domains", { body }))), options.json, writeAdded);
    });
  domain
    .command("list")
    .description("every domain, whether its mail is signed here, and what DNS said last")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { items } = await withApi(options, (api) => given(api.GET("/api/v1/domains")));
      print(items, options.json, writeDomains);
    });
  domain
    .command("check <domain>")
    .description("asks DNS for its SPF, DKIM, DMARC and MX records; says what is wrong, and what to put there")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const checked = await withApi(options, (api) => given(api.POST("/api/v1/domains/check", { body: { domain: name } })));
      print(checked, options.json, ({ checks }) => checks.flatMap(writeCheck).join("\n"));
    });
  domain
    .command("remove <domain>")
    .description("forgets the domain with its key; mail of its mailboxes is no longer signed here")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const own = name.trim().toLowerCase().replace(/\.$/, "");
      await withApi(options, async (api) => {
        const known = (await given(api.GET("/api/v1/domains"))).items.find((one) => one.domain === own);
        if (!known) throw new AgentError("not_found", `There is no domain ${own}; \`domain list\` shows them.`);
        await given(api.DELETE("/api/v1/domains/{domainId}", { params: { path: { domainId: known.id } } }));
      });
      print({ domain: own, removed: true }, options.json, () => `${own} is forgotten, and its key with it.`);
    });
}

function writeDomains(domains: readonly SendingDomain[]): string {
  if (domains.length === 0) return "No domain yet: `domain add DOMAIN` signs the mail of its mailboxes.";
  const result = (checks: readonly DomainCheck[], kind: DomainCheck["check"]) =>
    checks.find(({ check }) => check === kind)?.result ?? "not checked";
  return table(
    ["Domain", "Signed with", "SPF", "DKIM", "DMARC", "MX"],
    domains.map(({ domain, selector, keyIsMissing, checks }) => [
      domain,
      keyIsMissing ? "nothing: the key is missing, add one" : (selector ?? "no key of ours"),
      ...(["spf", "dkim", "dmarc", "mx"] as const).map((kind) => result(checks, kind)),
    ]),
  );
}

function writeCheck({ check, result, sentence, record, failingSince }: DomainCheck): string[] {
  const since = failingSince ? ` Failing since ${failingSince}.` : "";
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
