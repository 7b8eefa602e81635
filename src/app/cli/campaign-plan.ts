// campaign list|plan|export|archive: what there is, what a file would change, and the file of what there is.
import type { Command } from "commander";
import { archiveByPerson } from "../../automations/archive-campaign.ts";
import { campaignYaml, exportCampaign } from "../../automations/export-campaign.ts";
import { type CampaignChangePlan, planCampaign } from "../../automations/plan-campaign.ts";
import { readCampaignFile } from "../../automations/read-campaign-file.ts";
import { AgentError } from "../../core/errors.ts";
import { type Campaign, type CampaignSummary, campaignByName, listCampaigns } from "../../store/campaign.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

/** `read` gives the text of a file that a person named. */
export function addCampaignPlanCommands(campaign: Command, read: (path: string) => string): void {
  campaign
    .command("list")
    .description("all campaigns with their numbers, newest first")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      print(await withSession(options, ({ agent, workspaceId }) => listCampaigns(agent.db, workspaceId)), options.json, writeCampaigns);
    });
  campaign
    .command("plan <file>")
    .description("says what applying it would change, and for how many leads; changes nothing and imports nothing")
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const file = readCampaignFile(read(path));
      const plan = await withSession(options, ({ agent, workspaceId }) => planCampaign(agent, { workspaceId, file }));
      print(plan, options.json, writePlan);
    });
  campaign
    .command("export <name>")
    .description("prints it as a file, which changes nothing when it is applied")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { written } = await withSession(options, async (session) =>
        exportCampaign(session.agent.db, session.workspaceId, (await named(session, name)).id),
      );
      print(written, options.json, (file) => campaignYaml(file).trimEnd());
    });
  campaign
    .command("archive <name>")
    .description("puts it away for good; what was sent and answered stays")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const archived = await withSession(options, async (session) => {
        const { workspaceId, id: campaignId, name: own } = await named(session, name);
        await archiveByPerson(session.agent, { workspaceId, campaignId });
        return { campaign: own, state: "archived" };
      });
      print(archived, options.json, ({ campaign: own }) => `${own} is archived.`);
    });
}

async function named({ agent, workspaceId }: Session, name: string): Promise<Campaign> {
  const campaign = await campaignByName(agent.db, workspaceId, name);
  if (!campaign) throw new AgentError("not_found", `There is no campaign "${name}".`);
  return campaign;
}

function writeCampaigns(campaigns: readonly CampaignSummary[]): string {
  if (campaigns.length === 0) return "There is no campaign.";
  return table(
    ["Campaign", "State", "Leads", "Sent", "Active", "Waiting", "Replied", "Stopped"],
    campaigns.map((one) => [one.name, one.state, one.enrolled, one.sent, one.active, one.awaitingReply, one.replied, one.stopped]),
  );
}

function writePlan({ created, name, changes, standings }: CampaignChangePlan): string {
  if (created) return `It would add "${name}" as a draft.`;
  if (changes.length === 0) return "It would change nothing.";
  const rows = standings.map((one) => [one.sequence, one.nextStep, one.state, one.before, one.after]);
  const leads = rows.length === 0 ? [] : ["", table(["Sequence", "Next step", "State", "Leads now", "Then"], rows)];
  return ["It would change:", ...changes.map((change) => `- ${change}`), ...leads].join("\n");
}
