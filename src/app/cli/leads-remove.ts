// leads remove: takes people out of every campaign, one by one or by a file of addresses.
import { createReadStream } from "node:fs";
import type { Command } from "commander";
import { type ApiClient, given } from "../../client/client.ts";
import { parseEmailAddress } from "../../core/email-address.ts";
import { AgentError } from "../../core/errors.ts";
import { withApi } from "./api.ts";
import { readableSize } from "./input-file.ts";
import { leadOf } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { counted, print } from "./output.ts";

interface RemovedLead {
  readonly email: string;
  /** Enrollments that ended. */
  readonly stopped: number;
  readonly cancelled: number;
}

interface Removal {
  readonly removed: readonly RemovedLead[];
  /** Addresses that belong to no lead, as they were given. */
  readonly unknown: readonly string[];
}

export function addRemoveCommand(leads: Command): void {
  leads
    .command("remove [address...]")
    .description("ends what runs for these leads and cancels what was not sent; an import may bring them back for other campaigns")
    .option("--file <file>", "also every address in this file: one a line, or a CSV; - reads standard input")
    .action(async (addresses: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { file?: string }>();
      const named = [...addresses, ...(options.file === undefined ? [] : await addressesIn(options.file))];
      if (named.length === 0) throw new AgentError("invalid_input", "Name the leads to remove by their addresses, or with --file.");
      const removal = await withApi(options, (api) => removeAll(api, named));
      if (removal.removed.length === 0) throw new AgentError("not_found", `None of them is a lead: ${shortened(removal.unknown)}.`);
      print(removal, options.json, writeRemoval);
      if (removal.unknown.length > 0) process.exitCode = 2;
    });
}

/** The first address of every row; a row without one, such as a header, is passed over. */
async function addressesIn(file: string): Promise<string[]> {
  if (file !== "-") readableSize(file);
  const { readCsv } = await import("../../automations/read-csv.ts");
  const found: string[] = [];
  for await (const { records } of readCsv(file === "-" ? process.stdin : createReadStream(file))) {
    for (const { cells } of records) {
      const address = cells.find((cell) => parseEmailAddress(cell));
      if (address !== undefined) found.push(address.trim());
    }
  }
  if (found.length === 0) throw new AgentError("invalid_input", `There is no address in ${file}.`);
  return found;
}

/** One request a lead: what was removed stays removed, though a later one fails. */
async function removeAll(api: ApiClient, addresses: readonly string[]): Promise<Removal> {
  const removed: RemovedLead[] = [];
  const unknown: string[] = [];
  for (const address of new Set(addresses)) {
    const lead = await leadOf(api, address);
    if (!lead) {
      unknown.push(address);
      continue;
    }
    const params = { path: { leadId: lead.id } };
    removed.push({ email: lead.email, ...(await given(api.POST("/api/v1/leads/{leadId}/remove", { params, body: {} }))) });
  }
  return { removed, unknown };
}

function writeRemoval({ removed, unknown }: Removal): string {
  const sum = (of: (lead: RemovedLead) => number) => removed.reduce((total, lead) => total + of(lead), 0);
  const number = removed.length === 1 ? `${removed[0]?.email} was` : `${removed.length} leads were`;
  const stopped = counted(
    sum((lead) => lead.stopped),
    "sequence",
  );
  const cancelled = counted(
    sum((lead) => lead.cancelled),
    "mail",
  );
  const done = `${number} removed: ${stopped} ended, ${cancelled} cancelled.`;
  return unknown.length === 0 ? done : `${done}\nNo lead: ${shortened(unknown)}.`;
}

function shortened(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 10).join(", ");
  return addresses.length > 10 ? `${shown} and ${addresses.length - 10} more` : shown;
}
