// What the agent does on its own: when, how it went, and what would happen now. The schedule is one for the whole installation (ADR 16).
import { IANAZone } from "luxon";
import { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import { changeSchedule, readInboxNow, runNow, sendDueNow } from "../../automations/change-schedule.ts";
import { dryRunDueSteps } from "../../automations/dry-run.ts";
import { existingMailbox } from "../../automations/pause-mailbox.ts";
import { defaultSchedule } from "../../automations/schedule.ts";
import { AgentError } from "../../core/errors.ts";
import { type AutomationRun, lastScheduledRuns, pageOfRuns, RUN_OUTCOMES, RUN_TRIGGERS } from "../../store/automation-run.ts";
import { listSchedule, type ScheduleRow } from "../../store/schedule.ts";
import { hasOtherWorkspaces, hasWorkspaceOfOthers } from "../../store/workspace.ts";
import { idOf, instant, nothing, oneOrMore, pageOfItems, pageRequest, paging } from "./contract.ts";
import { found } from "./found.ts";
import { sendNow } from "./lead-why.ts";
import { type Context, operation } from "./operation.ts";
import { waiting } from "./why-today.ts";

const count = z.number().int();
const automationName = z.string().max(100);
const ofAutomation = z.object({ automation: automationName });

const run = z
  .object({
    id: z.uuid(),
    automation: z.string(),
    scope: z.enum(["workspace", "installation"]).describe("Whether it worked for this workspace alone"),
    trigger: z.enum(RUN_TRIGGERS),
    startedAt: instant,
    endedAt: instant.nullable(),
    durationMs: count.nullable(),
    outcome: z.enum(RUN_OUTCOMES),
    counts: z
      .record(z.string(), z.number())
      .describe("What it counted; of a run over the whole installation only where this is the only workspace"),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable().describe("Left out as the counts are"),
  })
  .meta({ id: "AutomationRun" });

const automation = z
  .object({
    automation: z.string(),
    does: z.string(),
    everySeconds: count.nullable(),
    dailyAt: z.string().nullable().describe("HH:MM in `timeZone`, where it has no interval"),
    timeZone: z.string().nullable(),
    nextRunAt: instant.describe("Domain time; while paused, when it would have run"),
    paused: z.boolean(),
    lastRun: run.nullable(),
    version: count,
  })
  .meta({ id: "Automation" });

const daily = z.strictObject({
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be written HH:MM"),
  timeZone: z
    .string()
    .max(100)
    .refine((zone) => IANAZone.isValidZone(zone), "must be the name of an IANA zone, such as Europe/Berlin"),
});
const scheduleChange = z
  .strictObject({
    everySeconds: z.number().int().min(1).max(2_678_400).optional(),
    daily: daily.optional().describe("Once a day instead of at an interval"),
    paused: z.boolean().optional(),
  })
  .refine(({ everySeconds, daily: day }) => everySeconds === undefined || day === undefined, "takes either everySeconds or daily")
  .meta({ id: "AutomationChanges" });

const dryRun = z
  .object({
    at: instant,
    mailboxes: z
      .array(
        z.object({
          mailboxId: idOf<"mailbox">(),
          mailbox: z.string(),
          zone: z.string(),
          usedToday: count,
          capToday: count,
          nextSlotAt: instant.nullable(),
          sends: z.array(sendNow).readonly().describe("What would go out, in this order"),
          waits: z.array(waiting).readonly().describe("Why everything else waits"),
        }),
      )
      .readonly(),
  })
  .meta({ id: "DryRun" });

export const automationOperations = [
  operation({
    id: "automations.list",
    method: "GET",
    path: "/automations",
    summary: "What the agent does on its own, when it does so next, and how it went the last time",
    permission: "automations:read",
    result: z.object({ items: z.array(automation) }),
    handle: async (context) => ({ items: await all(context) }),
  }),
  operation({
    id: "automations.dryRun",
    method: "GET",
    path: "/automations/send-due-steps/dry-run",
    summary: "What would go out at this moment, and why everything else waits; changes nothing",
    permission: "automations:read",
    result: dryRun,
    handle: ({ agent, workspaceId }) => dryRunDueSteps(agent, workspaceId),
  }),
  operation({
    id: "automations.read",
    method: "GET",
    path: "/automations/:automation",
    summary: "One automation",
    permission: "automations:read",
    params: ofAutomation,
    result: automation,
    handle: (context, { params }) => one(context, params.automation),
  }),
  operation({
    id: "automations.change",
    method: "PATCH",
    path: "/automations/:automation",
    summary: "Changes when it runs, or pauses it; where there are several workspaces, only for who owns them all",
    permission: "automations:write",
    params: ofAutomation,
    body: scheduleChange,
    result: automation,
    handle: async (context, { params, body }) => {
      await refuseForOthers(context);
      await changeSchedule(context.agent, params.automation, body, context.ifMatch);
      return one(context, params.automation);
    },
  }),
  operation({
    id: "automations.run",
    method: "POST",
    path: "/automations/:automation/run",
    summary: "Lets it run now, in addition to its schedule; `automationRuns.list` tells how it went",
    permission: "automations:write",
    params: ofAutomation,
    body: nothing,
    result: z.object({ queued: z.literal(true) }),
    status: 202,
    handle: async ({ agent }, { params }) => {
      await runNow(agent, params.automation);
      return { queued: true as const };
    },
  }),
  operation({
    id: "automationRuns.list",
    method: "GET",
    path: "/automation-runs",
    summary: "What the agent did on its own, newest first",
    permission: "automations:read",
    query: z.strictObject({
      ...paging,
      automation: automationName.optional(),
      trigger: oneOrMore(z.enum(RUN_TRIGGERS)).optional(),
      outcome: oneOrMore(z.enum(RUN_OUTCOMES)).optional(),
    }),
    result: pageOfItems(run),
    handle: async ({ agent, workspaceId }, { query }) => {
      const { automation: name = null, trigger: triggers = null, outcome: outcomes = null } = query;
      const { items, nextCursor } = await pageOfRuns(agent.db, workspaceId, { automation: name, triggers, outcomes }, pageRequest(query));
      const alone = !(await hasOtherWorkspaces(agent.db, workspaceId));
      return { items: items.map((each) => shownRun(each, alone)), nextCursor };
    },
  }),
  operation({
    id: "messages.sendDue",
    method: "POST",
    path: "/messages/send-due",
    summary: "Gives every mailbox that has due mail to a sender now, not at the next run of send-due-steps",
    permission: "messages:write",
    body: nothing,
    result: z.object({ mailboxes: count.describe("Those that have due mail") }),
    status: 202,
    handle: async ({ agent, workspaceId }) => ({ mailboxes: await sendDueNow(agent, workspaceId) }),
  }),
  operation({
    id: "mailboxes.sync",
    method: "POST",
    path: "/mailboxes/:mailboxId/sync",
    summary: "Reads its inbox to the end now, not at the next run of sync-inboxes",
    permission: "mailboxes:write",
    params: z.object({ mailboxId: idOf<"mailbox">() }),
    body: nothing,
    result: z.object({ queued: z.literal(true) }),
    status: 202,
    handle: async ({ agent, workspaceId }, { params }) => {
      const { id } = await existingMailbox(agent, workspaceId, params.mailboxId);
      await readInboxNow(agent, workspaceId, id);
      return { queued: true as const };
    },
  }),
];

async function all({ agent, workspaceId }: Context): Promise<z.output<typeof automation>[]> {
  const alone = !(await hasOtherWorkspaces(agent.db, workspaceId));
  const last = new Map((await lastScheduledRuns(agent.db)).map((each) => [each.automation, each]));
  return (await listSchedule(agent.db)).map((row) => shown(agent, row, last.get(row.automation) ?? null, alone));
}

async function one(context: Context, name: string): Promise<z.output<typeof automation>> {
  return found((await all(context)).find((each) => each.automation === name) ?? null);
}

function shown({ settings }: Agent, row: ScheduleRow, last: AutomationRun | null, alone: boolean): z.output<typeof automation> {
  const does = defaultSchedule(settings).find((each) => each.automation === row.automation)?.does ?? "";
  return { ...row, dailyAt: row.dailyAt?.slice(0, 5) ?? null, does, lastRun: last && shownRun(last, alone) };
}

/** A run over all workspaces counts, and fails, for others, too: that is told only where there are no others. */
function shownRun({ workspaceId, ...rest }: AutomationRun, alone: boolean): z.output<typeof run> {
  if (workspaceId !== null) return { ...rest, scope: "workspace" };
  return { ...rest, scope: "installation", ...(alone ? {} : { counts: {}, errorMessage: null }) };
}

/** AgentError `installation_wide`. Who types commands on the machine is its operator. */
async function refuseForOthers({ agent, workspaceId, caller }: Context): Promise<void> {
  const { kind, id } = caller.actor;
  if (kind === "command_line") return;
  const owner = kind === "user" && caller.role === "owner" ? id : null;
  if (await hasWorkspaceOfOthers(agent.db, workspaceId, owner)) {
    throw new AgentError(
      "installation_wide",
      "The schedule is one for all workspaces of this installation; only who owns all of them changes it.",
    );
  }
}
