// campaign list|plan|export|archive: what there is, what a file would change, and the file of what there is.
import { type Command, Option } from "commander";
import type { components } from "../../client/api-types.ts";
import { given, upTo } from "../../client/client.ts";
import type { EnrollmentState } from "../../core/words.ts";
import { withApi } from "./api.ts";
import { writePlan } from "./campaign-difference.ts";
import { campaignNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type Campaign = components["schemas"]["CampaignSummary"];
/** What becomes of the leads in a sequence that is edited. */
export type LeadsInside = "move" | "stay";

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
    .description("says what applying it would change, and for whom; changes nothing and imports nothing")
    .addOption(leadsInsideOption())
    .option("--exit-code", `ends with ${DIFFERS} when it would change something`)
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { leadsInside?: LeadsInside; exitCode?: boolean }>();
      const { leadsInside } = options;
      const body = { file: read(path), ...(leadsInside ? { leadsInside } : {}) };
      const plan = await withApi(options, (api) => given(api.POST("/api/v1/campaigns/plan", { body })));
      print(plan, options.json, writePlan);
      if (options.exitCode && plan.changes.length > 0) process.exitCode = DIFFERS;
    });
  campaign
    .command("export <name>")
    .description("prints it as a file, which changes nothing when it is applied; comments of the file that it came from are not kept")
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

/** The code with which `campaign plan --exit-code` ends when there is a difference; the errors' own are smaller (output.ts). */
const DIFFERS = 5;

/** For commands that apply a file, or say what would happen if. */
export function leadsInsideOption(): Option {
  return new Option(
    "--leads-inside <what>",
    "leads in a sequence that is edited go over to its new version, or stay in theirs (default: on_edit in the file); move also takes along who stayed before",
  ).choices(["move", "stay"]);
}

function writeCampaigns(campaigns: readonly Campaign[]): string {
  if (campaigns.length === 0) return "There is no campaign.";
  return table(
    ["Campaign", "State", "Leads", "Sent", "Active", "Awaiting reply", "Replied", "Stopped"],
    campaigns.map(({ name, state, sent, enrollments }) => {
      const sum = (...states: readonly EnrollmentState[]) => states.reduce((total, one) => total + (enrollments[one] ?? 0), 0);
      const stopped = sum("unsubscribed", "bounced", "complained", "failed", "removed");
      const all = Object.values(enrollments).reduce((total, leads) => total + leads, 0);
      return [name, state, all, sent, sum("active", "held"), sum("awaiting_reply"), sum("replied"), stopped];
    }),
  );
}
