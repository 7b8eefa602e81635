// campaign apply|schedule|start|pause: a campaign is a file.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type AppliedCampaign, applyCampaign } from "../../automations/apply-campaign.ts";
import { type CampaignSchedule, campaignSchedule } from "../../automations/print-schedule.ts";
import { readCampaignFile } from "../../automations/read-campaign-file.ts";
import { pauseByPerson, startCampaign } from "../../automations/start-and-finish-campaigns.ts";
import { AgentError } from "../../core/errors.ts";
import type { CampaignId, WorkspaceId } from "../../core/ids.ts";
import { campaignByName } from "../../store/campaign.ts";
import { importCsv } from "./leads.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

export function addCampaignCommands(program: Command): void {
  const campaign = program.command("campaign").description("what is sent, to whom, and when");
  campaign
    .command("apply <file>")
    .description("makes the campaign what the file says; its state stays as it is")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      print(await withSession(options, (session) => applyFile(session, file, !options.json)), options.json, writeApplied);
    });
  campaign
    .command("schedule <name>")
    .description("prints when every mail will go out if nobody answers")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const schedule = await withSession(options, async (session) =>
        campaignSchedule(session.agent, session.workspaceId, (await campaignNamed(session, name)).campaignId),
      );
      print(schedule, options.json, writeSchedule);
    });
  campaign
    .command("start <name>")
    .description("starts, schedules or resumes it; says everything that is missing")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const state = await withSession(options, async (session) => startCampaign(session.agent, await campaignNamed(session, name)));
      print({ campaign: name, state }, options.json, () => `${name} is ${state}.`);
    });
  campaign
    .command("pause <name>")
    .description("nothing more goes out until it is started again; delays stand still")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withSession(options, async (session) => pauseByPerson(session.agent, await campaignNamed(session, name)));
      print({ campaign: name, state: "paused" }, options.json, () => `${name} is paused.`);
    });
}

/** Imports the leads that the file names, then applies it. */
export async function applyFile(session: Session, file: string, bar: boolean): Promise<AppliedCampaign> {
  const { agent, workspaceId } = session;
  const campaign = readCampaignFile(textOf(file));
  if (campaign.leads.kind === "file") {
    await importCsv(session, resolve(dirname(file), campaign.leads.file), { list: campaign.leads.list, onDuplicate: "fill", bar });
  }
  return applyCampaign(agent, { workspaceId, file: campaign });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AgentError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

export async function campaignNamed(
  { agent, workspaceId }: Session,
  name: string,
): Promise<{ workspaceId: WorkspaceId; campaignId: CampaignId }> {
  const campaign = await campaignByName(agent.db, workspaceId, name);
  if (!campaign) throw new AgentError("not_found", `There is no campaign "${name}".`);
  return { workspaceId, campaignId: campaign.id };
}

function writeApplied({ created, changes }: AppliedCampaign): string {
  if (created) return "Campaign added.";
  return changes.length === 0 ? "Nothing changed." : changes.map((change) => `- ${change}`).join("\n");
}

function writeSchedule({ mails, days, limits, unreached }: CampaignSchedule): string {
  const rows = mails.map((mail) => [mail.localTime, mail.zone, mail.lead, mail.sequence, mail.step, mail.mailbox]);
  const parts = [
    table(["When", "Zone", "Lead", "Sequence", "Step", "From"], rows),
    `${mails.length} mails on ${new Set(days.map((day) => day.day)).size} days, if nobody answers.`,
    ...limits,
    ...unreached.map((one) => one.sentence),
  ];
  return parts.join("\n");
}
