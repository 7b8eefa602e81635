// leads suppress|unsuppress, suppressions list: who must not be written to, said by a person and taken back by one.
import type { Command } from "commander";
import { liftSuppression, readTarget, type SuppressedByPerson, suppressByPerson } from "../../automations/suppress-by-person.ts";
import { AgentError } from "../../core/errors.ts";
import { listSuppressions, type Suppression } from "../../store/suppression.ts";
import { limitOf } from "./leads-list.ts";
import { counted, print, table } from "./output.ts";
import { type GlobalOptions, withSession } from "./session.ts";

export function addSuppressionCommands(program: Command): void {
  const leads = program.commands.find((command) => command.name() === "leads") ?? program.command("leads");
  leads
    .command("suppress <address|@domain...>")
    .description("never writes to them again, whatever is imported later; @DOMAIN means everybody there")
    .option("--reason <text>", "why, for whoever looks later")
    .action(async (targets: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { reason?: string }>();
      const read = targets.map(readTarget);
      const done = await withSession(options, async ({ agent, workspaceId }) => {
        const results: SuppressedByPerson[] = [];
        for (const target of read) results.push(await suppressByPerson(agent, { workspaceId, target, note: options.reason ?? null }));
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
      const lifted = await withSession(options, ({ agent, workspaceId }) =>
        liftSuppression(agent, { workspaceId, target: readTarget(written), evidence }),
      );
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
      const found = await withSession(options, ({ agent, workspaceId }) =>
        listSuppressions(agent.db, workspaceId, { reason: null, kind: null, search: null }, { cursor: null, limit }),
      );
      print(found.items, options.json, writeSuppressions);
    });
}

function evidenceOf({ force, evidence }: { force?: boolean; evidence?: string }): string | null {
  const given = evidence?.trim();
  if (force && !given) throw new AgentError("invalid_input", '--force needs --evidence "how you know that they want your mail again".');
  return force && given ? given : null;
}

function writeSuppressed({ kind, key, added, stopped, cancelled }: SuppressedByPerson): string {
  const who = kind === "domain" ? `Everybody @${key}` : key;
  return `${who} ${added ? "is suppressed" : "was suppressed before"}: ${counted(stopped, "sequence")} ended, ${counted(cancelled, "mail")} cancelled.`;
}

function writeSuppressions(found: readonly Suppression[]): string {
  if (found.length === 0) return "Nobody is suppressed.";
  const rows = found.map(({ kind, key, campaignId, reason, evidence, createdAt }) => [
    kind === "domain" ? `@${key}` : key,
    reason,
    campaignId === null ? "everything" : "one campaign",
    createdAt.toISOString().slice(0, 10),
    noteOf(evidence),
  ]);
  return table(["Who", "Reason", "For", "Since", "Note"], rows);
}

function noteOf(evidence: object): string {
  return "note" in evidence ? String(evidence.note) : "source" in evidence ? String(evidence.source) : "";
}
