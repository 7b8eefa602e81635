// leads list: who is there, and whether they may be written to.
import type { Command } from "commander";
import { AgentError } from "../../core/errors.ts";
import { listIdByName } from "../../store/campaign.ts";
import { countLeads } from "../../store/lead.ts";
import { type ListedLead, newestLeads } from "../../store/lead-search.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

interface ListOptions extends GlobalOptions {
  readonly search?: string;
  readonly list?: string;
  readonly limit: string;
}

interface Listing {
  readonly leads: readonly ListedLead[];
  /** In the list, or in the workspace; without regard to the search. */
  readonly total: number;
}

export function addListCommand(leads: Command): void {
  leads
    .command("list")
    .description("the newest leads, and whether they may be written to")
    .option("--search <text>", "only those whose address, name or company holds it")
    .option("--list <name>", "only those of this list")
    .option("--limit <n>", "how many", "50")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const limit = limitOf(options.limit);
      print(await withSession(options, (session) => listing(session, options, limit)), options.json, writeListing);
    });
}

/** @throws AgentError invalid_input */
export function limitOf(written: string): number {
  const limit = Number(written);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) return limit;
  throw new AgentError("invalid_input", "--limit must be a whole number from 1 to 100000.");
}

async function listing({ agent: { db }, workspaceId }: Session, { list, search }: ListOptions, limit: number): Promise<Listing> {
  const listId = list === undefined ? null : await listIdByName(db, workspaceId, list);
  if (list !== undefined && listId === null) throw new AgentError("not_found", `There is no list "${list}".`);
  const filter = { search: search?.trim() || undefined, list: listId ?? undefined };
  return {
    leads: (await newestLeads(db, workspaceId, filter, { cursor: null, limit })).items,
    total: await countLeads(db, workspaceId, listId),
  };
}

function writeListing({ leads, total }: Listing): string {
  if (leads.length === 0) return total === 0 ? "There are no leads; `leads import FILE` brings some." : `None of ${total} leads.`;
  const rows = leads.map((lead) => [
    lead.email,
    [lead.firstName, lead.lastName].filter(Boolean).join(" "),
    lead.company,
    lead.status,
    standing(lead),
    lead.createdAt.toISOString().slice(0, 10),
  ]);
  return `${table(["Address", "Name", "Company", "Status", "May be written to", "Since"], rows)}\n${leads.length} of ${total} leads.`;
}

function standing({ reachability, suppressed, removedAt }: ListedLead): string {
  if (reachability !== "ok") return `no: ${reachability}`;
  if (suppressed) return `no: suppressed (${suppressed})`;
  return removedAt ? "no: removed" : "yes";
}
