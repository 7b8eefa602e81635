// leads check: are the addresses any good, as far as that can be known without writing to them?
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given } from "../../client/client.ts";
import { withApi } from "./api.ts";
import { campaignNamed, listNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { counted, print } from "./output.ts";

type Checked = components["schemas"]["CheckedAddresses"];

interface CheckOptions extends GlobalOptions {
  readonly list?: string;
  readonly campaign?: string;
}

export function addCheckCommand(leads: Command): void {
  leads
    .command("check")
    .description("looks at addresses again: their form, their domain, what DNS says of it; campaigns leave invalid ones out")
    .option("--list <name>", "only those of this list")
    .option("--campaign <name>", "only the audience of this campaign")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CheckOptions>();
      print(await withApi(options, (api) => check(api, options)), options.json, writeChecked);
    });
}

async function check(api: ApiClient, { list, campaign }: CheckOptions): Promise<Checked> {
  const filter = list === undefined ? {} : { list: (await listNamed(api, list)).id };
  const ofCampaign = campaign === undefined ? {} : { campaign: (await campaignNamed(api, campaign)).id };
  return given(api.POST("/api/v1/leads/check", { body: { filter, ...ofCampaign } }));
}

function writeChecked({ leads, invalid, doubtful, good, unrated, changed, unansweredDomains }: Checked): string {
  if (leads === 0) return "There are no leads to check.";
  const found = `${counted(leads, "lead")}: ${invalid} invalid, ${doubtful} doubtful, ${good} good, ${unrated} unknown; ${changed} changed.`;
  const open = unansweredDomains === 0 ? "" : `\nDNS said nothing about ${counted(unansweredDomains, "domain")}; check again later.`;
  return invalid === 0 ? found + open : `${found}\n\`leads list --quality invalid\` names them.${open}`;
}
