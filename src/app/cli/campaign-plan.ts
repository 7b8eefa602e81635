// campaign list|plan|export|archive: what there is, what a file would change, and the file of what there is.
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { given, upTo } from "../../client/client.ts";
import type { EnrollmentState } from "../../core/words.ts";
import { withApi } from "./api.ts";
import { campaignNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type Campaign = components["schemas"]["CampaignSummary"];
type CampaignPlan = components["schemas"]["CampaignPlan"];

/** More than a team can have. */
const MOST = 10_000;

/** `read` gives the text of a file that a person named. */
export function addCampaignPlanCommands(campaign: Command, read: (path: string) => string): void {
  campaign
    .command("list")
    .description("all campaigns with their numbers, newest first")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const found = await withApi(options, (api) => upTo(MOST, (page) => given(api.GET("/api/v1/campaigns", { params: { query: page } }))));
      print(found, options.json, writeCampaigns);
    });
  campaign
    .command("plan <file>")
    .description("says what applying it would change, and for how many leads; changes nothing and imports nothing")
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const file = read(path);
      const plan = await withApi(options, (api) => given(api.POST("/api/v1/campaigns/plan", { body: { file } })));
      print(plan, options.json, writePlan);
    });
  campaign
    .command("export <name>")
    .description("prints it as a file, which changes nothing when it is applied")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { file } = await withApi(options, async (api) => {
        const params = { path: { campaignId: (await campaignNamed(api, name)).id } };
        return given(api.GET("/api/v1/campaigns/{campaignId}/file", { params }));
      });
      const { parse } = await import("yaml");
      print(options.json ? (parse(file) as object) : {}, options.json, () => file.trimEnd());
    });
  campaign
    .command("archive <name>")
    .description("puts it away for good; what was sent and answered stays")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const archived = await withApi(options, async (api) => {
        const found = await campaignNamed(api, name);
        await given(api.POST("/api/v1/campaigns/{campaignId}/archive", { params: { path: { campaignId: found.id } }, body: {} }));
        return { campaign: found.name, state: "archived" };
      });
      print(archived, options.json, ({ campaign: own }) => `${own} is archived.`);
    });
}

function writeCampaigns(campaigns: readonly Campaign[]): string {
  if (campaigns.length === 0) return "There is no campaign.";
  return table(
    ["Campaign", "State", "Leads", "Sent", "Active", "Waiting", "Replied", "Stopped"],
    campaigns.map(({ name, state, sent, enrollments }) => {
      const sum = (...states: readonly EnrollmentState[]) => states.reduce((total, one) => total + (enrollments[one] ?? 0), 0);
      const stopped = sum("unsubscribed", "bounced", "complained", "failed", "removed");
      const all = Object.values(enrollments).reduce((total, leads) => total + leads, 0);
      return [name, state, all, sent, sum("active", "held"), sum("awaiting_reply"), sum("replied"), stopped];
    }),
  );
}

function writePlan({ created, name, changes, standings }: CampaignPlan): string {
  if (created) return `It would add "${name}" as a draft.`;
  if (changes.length === 0) return "It would change nothing.";
  const rows = standings.map((one) => [one.sequence, one.nextStep, one.state, one.before, one.after]);
  const leads = rows.length === 0 ? [] : ["", table(["Sequence", "Next step", "State", "Leads now", "Then"], rows)];
  return ["It would change:", ...changes.map((change) => `- ${change}`), ...leads].join("\n");
}
