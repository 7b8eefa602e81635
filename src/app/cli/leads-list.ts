// leads list: who is there, and whether they may be written to.
import { type Command, Option } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { withApi } from "./api.ts";
import { listNamed } from "./named.ts";
import { type GlobalOptions, limitOf } from "./options.ts";
import { print, table } from "./output.ts";

type Quality = "good" | "doubtful" | "invalid" | "unrated";
type ListedLead = components["schemas"]["ListedLead"];

interface ListOptions extends GlobalOptions {
  readonly search?: string;
  readonly list?: string;
  readonly quality?: Quality;
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
    .addOption(
      new Option("--quality <quality>", "only those of whose address this is known").choices(["good", "doubtful", "invalid", "unrated"]),
    )
    .option("--limit <n>", "how many", "50")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const limit = limitOf(options.limit);
      print(await withApi(options, (api) => listing(api, options, limit)), options.json, writeListing);
    });
}

async function listing(api: ApiClient, { list, search, quality }: ListOptions, limit: number): Promise<Listing> {
  const ofList = list === undefined ? {} : { list: (await listNamed(api, list)).id };
  const words = search?.trim();
  const filter = { ...ofList, ...(words ? { search: words } : {}), ...(quality ? { addressQuality: [quality] } : {}) };
  return {
    leads: await upTo(limit, (page) => given(api.GET("/api/v1/leads", { params: { query: { ...filter, ...page } } }))),
    total: (await given(api.GET("/api/v1/leads/count", { params: { query: ofList } }))).leads,
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
    lead.createdAt.slice(0, 10),
  ]);
  return `${table(["Address", "Name", "Company", "Status", "May be written to", "Since"], rows)}\n${leads.length} of ${total} leads.`;
}

function standing({ reachability, suppressed, removedAt, addressQuality }: ListedLead): string {
  if (reachability !== "ok") return `no: ${reachability}`;
  if (suppressed) return `no: suppressed (${suppressed})`;
  if (removedAt) return "no: removed";
  return addressQuality === "invalid" ? "no: invalid address" : "yes";
}
