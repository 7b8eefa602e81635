// campaign apply|schedule|start|pause: a campaign is a file. Looking at it and putting it away: campaign-plan.ts.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type AppliedCampaign, applyCampaign } from "../../automations/apply-campaign.ts";
import type { ImportResult } from "../../automations/import-leads.ts";
import { type CampaignSchedule, campaignSchedule } from "../../automations/print-schedule.ts";
import { readCampaignFile } from "../../automations/read-campaign-file.ts";
import { campaignReadiness, pauseByPerson, startCampaign } from "../../automations/start-and-finish-campaigns.ts";
import type { Readiness } from "../../core/campaign.ts";
import { AgentError } from "../../core/errors.ts";
import type { CampaignId, WorkspaceId } from "../../core/ids.ts";
import type { CampaignState } from "../../core/words.ts";
import { campaignByName } from "../../store/campaign.ts";
import { addCampaignPlanCommands } from "./campaign-plan.ts";
import { readableSize } from "./input-file.ts";
import { importCsv, writeCounts } from "./leads.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

export function addCampaignCommands(program: Command): void {
  const campaign = program.command("campaign").description("what is sent, to whom, and when");
  addCampaignPlanCommands(campaign, textOf);
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
        campaignSchedule(session.agent, session.workspaceId, (await campaignNamed(session, name)).ref.campaignId),
      );
      print(schedule, options.json, writeSchedule);
    });
  campaign
    .command("readiness <name>")
    .description("says what keeps it from starting, and what one should know before")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const readiness = await withSession(options, async (session) =>
        campaignReadiness(session.agent, (await campaignNamed(session, name)).ref),
      );
      print(readiness, options.json, (found) => writeReadiness(found).join("\n"));
    });
  campaign
    .command("start <name>")
    .alias("resume")
    .description("starts, schedules or resumes it; says everything that is missing")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const started = await withSession(options, (session) => start(session, name));
      print(started, options.json, ({ campaign: own, state }) => `${own} is ${state}.`);
    });
  campaign
    .command("pause <name>")
    .description("nothing more goes out until it is started again; delays stand still")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const paused = await withSession(options, async (session) => {
        const { ref, name: own } = await campaignNamed(session, name);
        await pauseByPerson(session.agent, ref);
        return { campaign: own, state: "paused" };
      });
      print(paused, options.json, ({ campaign: own }) => `${own} is paused.`);
    });
}

/** One that runs already stays as it is: asking twice is no mistake. */
async function start(session: Session, name: string): Promise<{ campaign: string; state: string }> {
  const { state, name: own, ref } = await campaignNamed(session, name);
  return { campaign: own, state: state === "active" ? state : await startCampaign(session.agent, ref) };
}

export interface AppliedFile extends AppliedCampaign {
  readonly name: string;
  /** Null when the file names no leads to import. */
  readonly imported: ImportResult["counts"] | null;
  readonly readiness: Readiness;
}

/** Imports the leads that the file names, then applies it. */
export async function applyFile(session: Session, file: string, bar: boolean): Promise<AppliedFile> {
  const { agent, workspaceId } = session;
  const campaign = readCampaignFile(textOf(file));
  let imported: AppliedFile["imported"] = null;
  if (campaign.leads.kind === "file") {
    const leads = resolve(dirname(file), campaign.leads.file);
    imported = (await importCsv(session, leads, { list: campaign.leads.list, onDuplicate: "fill", bar })).counts;
  }
  const applied = await applyCampaign(agent, { workspaceId, file: campaign });
  return { ...applied, name: campaign.name, imported, readiness: await campaignReadiness(agent, { workspaceId, ...applied }) };
}

function textOf(file: string): string {
  readableSize(file);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AgentError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

export async function campaignNamed(
  { agent, workspaceId }: Session,
  name: string,
): Promise<{ ref: { workspaceId: WorkspaceId; campaignId: CampaignId }; name: string; state: CampaignState }> {
  const campaign = await campaignByName(agent.db, workspaceId, name);
  if (!campaign) throw new AgentError("not_found", `There is no campaign "${name}".`);
  return { ref: { workspaceId, campaignId: campaign.id }, name: campaign.name, state: campaign.state };
}

function writeReadiness(readiness: Readiness): string[] {
  const line = ({ sentence, todo }: { sentence: string; todo: string }) => `- ${sentence} ${todo}`;
  const missing = readiness.ready ? ["It is ready to start."] : ["It cannot start yet:", ...readiness.missing.map(line)];
  return [...missing, ...(readiness.warnings.length === 0 ? [] : ["Worth knowing:", ...readiness.warnings.map(line)])];
}

function writeApplied({ name, created, changes, imported, readiness }: AppliedFile): string {
  const leads = imported ? [`Leads: ${writeCounts(imported)}`] : [];
  if (created)
    return [
      ...leads,
      `${name} was added as a draft. \`campaign schedule "${name}"\` shows its plan, \`campaign start "${name}"\` starts it.`,
      ...writeReadiness(readiness),
    ].join("\n");
  const changed = changes.length === 0 ? ["Nothing changed."] : changes.map((change) => `- ${change}`);
  return [...leads, ...changed, ...writeReadiness(readiness)].join("\n");
}

function writeSchedule({ mails, days, limits, unreached }: CampaignSchedule): string {
  if (mails.length === 0) return ["Nothing is planned.", ...limits, ...unreached.map((one) => one.sentence)].join("\n");
  const rows = mails.map((mail) => [mail.localTime, mail.zone, mail.lead, mail.sequence, mail.step, mail.mailbox]);
  const parts = [
    table(["When", "Zone", "Lead", "Sequence", "Step", "From"], rows),
    `${mails.length} mails on ${new Set(days.map((day) => day.day)).size} days, if nobody answers.`,
    ...limits,
    ...unreached.map((one) => one.sentence),
  ];
  return parts.join("\n");
}
