// leads suppress|unsuppress, suppressions list: who must not be written to, said by a person and taken back by one.
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { readTarget } from "../../core/suppression-target.ts";
import { withApi } from "./api.ts";
import { type GlobalOptions, limitOf } from "./options.ts";
import { counted, print, table } from "./output.ts";

type Suppression = components["schemas"]["Suppression"];

interface Suppressed extends Pick<Suppression, "kind" | "key"> {
  /** False when it stood already. */
  readonly added: boolean;
  readonly stopped: number;
  readonly cancelled: number;
}

export function addSuppressionCommands(program: Command): void {
  const leads = program.commands.find((command) => command.name() === "leads") ?? program.command("leads");
  leads
    .command("suppress <address|@domain...>")
    .description("never writes to them again, whatever is imported later; @DOMAIN means everybody there")
    .option("--reason <text>", "why, for whoever looks later")
    .action(async (targets: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { reason?: string }>();
      targets.forEach(readTarget);
      const done = await withApi(options, async (api) => {
        const results: Suppressed[] = [];
        for (const target of targets) results.push(await suppress(api, target, options.reason));
        return results;
      });
      print(done, options.json, (all) => all.map(writeSuppressed).join("\n"));
    });
  leads
    .command("unsuppress <address|@domain>")
    .description("takes a suppression back; one that the person asked for needs --force and evidence")
    .option("--force", "also after an opt-out or a complaint")
    .option("--evidence <text>", "how you know that they want your mail again")
    .action(async (written: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { force?: boolean; evidence?: string }>();
      const evidence = evidenceOf(options);
      const lifted = await withApi(options, (api) => lift(api, written, evidence));
      print(lifted, options.json, ({ reason }) => `${written.trim()} may be written to again (it was suppressed: ${reason}).`);
    });
  program
    .command("suppressions")
    .description("who must not be written to")
    .command("list")
    .description("the newest suppressions, with their reasons")
    .option("--limit <n>", "how many", "50")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { limit: string }>();
      const limit = limitOf(options.limit);
      const found = await withApi(options, (api) =>
        upTo(limit, (page) => given(api.GET("/api/v1/suppressions", { params: { query: page } }))),
      );
      print(found, options.json, writeSuppressions);
    });
}

async function suppress(api: ApiClient, target: string, note: string | undefined): Promise<Suppressed> {
  const body = { target, ...(note === undefined ? {} : { note }) };
  const { suppression, ...done } = await given(api.POST("/api/v1/suppressions", { body }));
  return { kind: suppression.kind, key: suppression.key, ...done };
}

/** Of the whole workspace. @throws AgentError not_found, or suppression_protected without evidence */
async function lift(api: ApiClient, written: string, evidence: string | null): Promise<Suppression> {
  const { kind, key } = readTarget(written);
  const found = await upTo(10_000, (page) => given(api.GET("/api/v1/suppressions", { params: { query: { kind, search: key, ...page } } })));
  const suppression = found.find((one) => one.key === key && one.campaignId === null);
  if (!suppression) throw new AgentError("not_found", `${written.trim()} is not suppressed.`);
  const params = { path: { suppressionId: suppression.id } };
  if (evidence === null) await given(api.DELETE("/api/v1/suppressions/{suppressionId}", { params }));
  else await given(api.POST("/api/v1/suppressions/{suppressionId}/lift", { params, body: { force: true, evidence } }));
  return suppression;
}

function evidenceOf({ force, evidence }: { force?: boolean; evidence?: string }): string | null {
  const given = evidence?.trim();
  if (force && !given) throw new AgentError("invalid_input", '--force needs --evidence "how you know that they want your mail again".');
  return force && given ? given : null;
}

function writeSuppressed({ kind, key, added, stopped, cancelled }: Suppressed): string {
  const who = kind === "domain" ? `Everybody @${key}` : key;
  return `${who} ${added ? "is suppressed" : "was suppressed before"}: ${counted(stopped, "sequence")} ended, ${counted(cancelled, "mail")} cancelled.`;
}

function writeSuppressions(found: readonly Suppression[]): string {
  if (found.length === 0) return "Nobody is suppressed.";
  const rows = found.map(({ kind, key, campaignId, reason, evidence, createdAt }) => [
    kind === "domain" ? `@${key}` : key,
    reason,
    campaignId === null ? "everything" : "one campaign",
    createdAt.slice(0, 10),
    noteOf(evidence),
  ]);
  return table(["Who", "Reason", "For", "Since", "Note"], rows);
}

function noteOf(evidence: object): string {
  return "note" in evidence ? String(evidence.note) : "source" in evidence ? String(evidence.source) : "";
}
