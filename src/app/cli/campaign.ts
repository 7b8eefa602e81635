// campaign apply|schedule|start|pause: a campaign is a file. Looking at it and putting it away: campaign-plan.ts.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { withApi } from "./api.ts";
import { addCampaignPlanCommands, type LeadsInside, leadsInsideOption } from "./campaign-plan.ts";
import { readableSize } from "./input-file.ts";
import { type Import, importLeadFile, writeCounts } from "./leads.ts";
import { campaignNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { counted, print, table } from "./output.ts";

type Schemas = components["schemas"];
type Readiness = Schemas["Readiness"];

/** Mails, and leads, of a campaign in one answer; and at most. */
const AT_ONCE = 10_000;
const MOST = 10_000_000;

export function addCampaignCommands(program: Command): void {
  const campaign = program.command("campaign").description("what is sent, to whom, and when");
  addCampaignPlanCommands(campaign, textOf);
  campaign
    .command("apply <file>")
    .description("makes the campaign what the file says; its state stays as it is")
    .addOption(leadsInsideOption())
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { leadsInside?: LeadsInside }>();
      const how = { bar: !options.json, leadsInside: options.leadsInside };
      print(await withApi(options, (api) => applyFile(api, file, how)), options.json, writeApplied);
    });
  campaign
    .command("schedule <name>")
    .description("prints when every mail will go out if nobody answers")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const schedule = await withApi(options, async (api) => scheduleOf(api, (await campaignNamed(api, name)).id));
      print(schedule, options.json, writeSchedule);
    });
  campaign
    .command("readiness <name>")
    .description("says what keeps it from starting, and what one should know before")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const readiness = await withApi(options, async (api) => readinessOf(api, (await campaignNamed(api, name)).id));
      print(readiness, options.json, (found) => writeReadiness(found).join("\n"));
    });
  campaign
    .command("start <name>")
    .alias("resume")
    .description("starts, schedules or resumes it; says everything that is missing")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const started = await withApi(options, (api) => startNamed(api, name));
      print(started, options.json, ({ campaign: own, state }) => `${own} is ${state}.`);
    });
  campaign
    .command("pause <name>")
    .description("nothing more goes out until it is started again; delays stand still")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const paused = await withApi(options, async (api) => {
        const found = await campaignNamed(api, name);
        await given(api.POST("/api/v1/campaigns/{campaignId}/pause", { params: { path: { campaignId: found.id } }, body: {} }));
        return { campaign: found.name, state: "paused" };
      });
      print(paused, options.json, ({ campaign: own }) => `${own} is paused.`);
    });
}

/** One that runs already stays as it is: asking twice is no mistake. */
export async function startNamed(api: ApiClient, named: string): Promise<{ campaign: string; state: string }> {
  const { id, name, state } = await campaignNamed(api, named);
  if (state === "active") return { campaign: name, state };
  const params = { path: { campaignId: id } };
  return { campaign: name, state: (await given(api.POST("/api/v1/campaigns/{campaignId}/start", { params, body: {} }))).state };
}

interface Schedule extends Omit<Schemas["Schedule"], "mails" | "unreached"> {
  readonly mails: readonly Schemas["ScheduledMail"][];
  readonly unreached: readonly Schemas["UnreachedLead"][];
}

async function scheduleOf(api: ApiClient, campaignId: string): Promise<Schedule> {
  const path = { campaignId };
  const totals = await given(api.GET("/api/v1/campaigns/{campaignId}/schedule", { params: { path } }));
  return {
    ...totals,
    mails: await upTo(
      MOST,
      (query) => given(api.GET("/api/v1/campaigns/{campaignId}/schedule/mails", { params: { path, query } })),
      AT_ONCE,
    ),
    unreached: await upTo(
      MOST,
      (query) => given(api.GET("/api/v1/campaigns/{campaignId}/schedule/unreached", { params: { path, query } })),
      AT_ONCE,
    ),
  };
}

interface AppliedFile extends Omit<Schemas["AppliedCampaign"], "id"> {
  readonly campaignId: string;
  readonly name: string;
  /** Null when the file names no leads to import. */
  readonly imported: Import["counts"] | null;
  readonly readiness: Readiness;
}

/** Imports the leads that the file names, then applies it. */
export async function applyFile(
  api: ApiClient,
  file: string,
  { bar, leadsInside }: { readonly bar: boolean; readonly leadsInside?: LeadsInside | undefined },
): Promise<AppliedFile> {
  const { readCampaignFile } = await import("../../automations/read-campaign-file.ts");
  const text = textOf(file);
  const campaign = readCampaignFile(text);
  let imported: AppliedFile["imported"] = null;
  if (campaign.leads.kind === "file") {
    const leads = resolve(dirname(file), campaign.leads.file);
    imported = (await importLeadFile(api, leads, { list: campaign.leads.list, onDuplicate: "fill", bar })).counts;
  }
  const body = { file: text, ...(leadsInside ? { leadsInside } : {}) };
  const { id, ...applied } = await given(api.PUT("/api/v1/campaigns/file", { body }));
  return { campaignId: id, ...applied, name: campaign.name, imported, readiness: await readinessOf(api, id) };
}

function textOf(file: string): string {
  readableSize(file);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AgentError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

function readinessOf(api: ApiClient, campaignId: string): Promise<Readiness> {
  return given(api.GET("/api/v1/campaigns/{campaignId}/readiness", { params: { path: { campaignId } } }));
}

function writeReadiness(readiness: Readiness): string[] {
  const line = ({ sentence, todo }: { sentence: string; todo: string }) => `- ${sentence} ${todo}`;
  const missing = readiness.ready ? ["It is ready to start."] : ["It cannot start yet:", ...readiness.missing.map(line)];
  return [...missing, ...(readiness.warnings.length === 0 ? [] : ["Worth knowing:", ...readiness.warnings.map(line)])];
}

function writeApplied({ name, created, changes, imported, inside, readiness }: AppliedFile): string {
  const leads = imported ? [`Leads: ${writeCounts(imported)}`] : [];
  if (created)
    return [
      ...leads,
      `${name} was added as a draft. \`campaign schedule "${name}"\` shows its plan, \`campaign start "${name}"\` starts it.`,
      ...writeReadiness(readiness),
    ].join("\n");
  const changed = changes.length === 0 ? ["Nothing changed."] : changes.map((change) => `- ${change}`);
  const stayed =
    inside.stayed > 0 ? [`${counted(inside.stayed, "lead")} inside ${inside.stayed === 1 ? "stays" : "stay"} in an older version.`] : [];
  return [...leads, ...changed, ...stayed, ...writeReadiness(readiness)].join("\n");
}

function writeSchedule({ mails, days, limits, unreached }: Schedule): string {
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
