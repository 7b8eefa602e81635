// What is going on? status, why, runs; and the two automations that people like to run by hand.
import type { Command } from "commander";
import { JOBS } from "../../automations/catalog.ts";
import { type DryRun, dryRunDueSteps } from "../../automations/dry-run.ts";
import { mailboxNamed } from "../../automations/pause-mailbox.ts";
import type { Counts } from "../../automations/run.ts";
import { runJob } from "../../automations/run-job.ts";
import { whyCampaign, whyLead, whyMailbox } from "../../automations/why.ts";
import { parseEmailAddress } from "../../core/email-address.ts";
import { AgentError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { type AutomationRun, latestRuns } from "../../store/automation-run.ts";
import { campaignByName, listCampaigns } from "../../store/campaign.ts";
import { mailboxesWithDueWork } from "../../store/enrollment-claim.ts";
import { inboundCounts } from "../../store/inbound.ts";
import { listMailboxes, mailboxByAddress } from "../../store/mailbox.ts";
import { messageCounts } from "../../store/message.ts";
import { listSchedule } from "../../store/schedule.ts";
import { limitOf } from "./leads-list.ts";
import { print, table } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

export function addInspectCommands(program: Command): void {
  program.command("migrate").description("brings the database up to this version").action(migrated);
  program.command("status").description("campaigns, mailboxes, messages and replies in numbers").action(status);
  program.command("why <what>").description("why a lead, a mailbox or a campaign is (not) written to or from").action(why);
  program
    .command("runs")
    .description("what the agent did on its own")
    .option("--automation <name>", "only this one")
    .option("--limit <n>", "how many", "20")
    .action(runs);
  program
    .command("send-due-steps")
    .description("sends what is due now; with --dry-run says what would go out, and why everything else waits")
    .option("--dry-run", "change nothing")
    .action(sendDueSteps);
  program.command("sync-inbox <mailbox>").description("reads an inbox to its end").action(syncInbox);
}

async function migrated(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  await withSession(options, () => Promise.resolve());
  print({ migrated: true }, options.json, () => "The database is up to date.");
}

async function statusFacts({ agent, workspaceId }: Session) {
  return {
    campaigns: await listCampaigns(agent.db, workspaceId),
    mailboxes: (await listMailboxes(agent.db, workspaceId)).map(({ email, state, pauseReason, pauseDetail }) => ({
      email,
      state,
      pauseReason,
      pauseDetail,
    })),
    messages: await messageCounts(agent.db, workspaceId),
    inbound: await inboundCounts(agent.db, workspaceId),
    schedule: await listSchedule(agent.db),
  };
}

type Status = Awaited<ReturnType<typeof statusFacts>>;

async function status(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const facts = await withSession(options, statusFacts);
  print(facts, options.json, writeStatus);
}

function writeStatus({ campaigns, mailboxes, messages, inbound }: Status): string {
  const section = (rows: readonly unknown[], empty: string, text: () => string) => (rows.length === 0 ? empty : text());
  return [
    section(campaigns, "No campaign yet: `campaign apply FILE` adds one.", () =>
      table(
        ["Campaign", "State", "Leads", "Sent", "Active", "Awaiting reply", "Replied", "Stopped"],
        campaigns.map((one) => [one.name, one.state, one.enrolled, one.sent, one.active, one.awaitingReply, one.replied, one.stopped]),
      ),
    ),
    section(mailboxes, "No mailbox yet: `mailbox add ADDRESS` adds one.", () =>
      table(
        ["Mailbox", "State", "Why"],
        mailboxes.map((one) => [one.email, one.state, one.pauseDetail ?? one.pauseReason]),
      ),
    ),
    section(messages, "Nothing was sent yet.", () =>
      table(
        ["Messages", "Number"],
        messages.map((one) => [one.state, one.messages]),
      ),
    ),
    section(inbound, "Nothing came in yet.", () =>
      table(
        ["Came in", "Disposition", "Interest", "Number"],
        inbound.map((one) => [one.verdict, one.disposition, one.interestLevel, one.mails]),
      ),
    ),
  ].join("\n\n");
}

async function why(what: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const answer = await withSession(options, (session) => explain(session, what));
  print(answer, options.json, ({ sentences }) => sentences.join("\n"));
}

async function explain({ agent, workspaceId }: Session, what: string): Promise<{ readonly sentences: readonly string[] }> {
  const campaign = await campaignByName(agent.db, workspaceId, what);
  if (campaign) return whyCampaign(agent, workspaceId, campaign.id);
  const key = parseEmailAddress(what)?.identityKey;
  if (key && (await mailboxByAddress(agent.db, workspaceId, key))) return whyMailbox(agent, workspaceId, what);
  if (key === undefined && !isId(what)) throw new AgentError("not_found", `There is no lead, mailbox or campaign "${what}".`);
  return whyLead(agent, workspaceId, what);
}

async function runs(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions & { automation?: string; limit: string }>();
  const limit = limitOf(options.limit);
  if (options.automation !== undefined && !(options.automation in JOBS))
    throw new AgentError("invalid_input", `There is no automation ${options.automation}; there are ${Object.keys(JOBS).join(", ")}.`);
  const found = await withSession(options, ({ agent }) => latestRuns(agent.db, options.automation ?? null, limit));
  print(found, options.json, writeRuns);
}

function writeRuns(found: readonly AutomationRun[]): string {
  const counts = (run: AutomationRun) =>
    Object.entries(run.counts)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const rows = found.map((run) => [run.startedAt.toISOString(), run.automation, run.trigger, run.outcome, run.errorMessage ?? counts(run)]);
  return table(["Started", "Automation", "By", "Outcome", "Counts"], rows);
}

async function sendDueSteps(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions & { dryRun?: boolean }>();
  if (options.dryRun) {
    print(await withSession(options, ({ agent, workspaceId }) => dryRunDueSteps(agent, workspaceId)), options.json, writeDryRun);
    return;
  }
  const counts = await withSession(options, ({ agent }) => sendNow(agent));
  print(counts, options.json, (all) => all.map(writeCounts).join("\n") || "Nothing is due.");
}

async function sendNow(agent: Session["agent"]): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const mailbox of await mailboxesWithDueWork(agent.db, agent.clock.now()))
    counts.push(await runJob(agent, "send-batch", mailbox, "person"));
  return counts;
}

function writeCounts(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`)
    .join(", ");
}

function writeDryRun({ mailboxes }: DryRun): string {
  if (mailboxes.length === 0) return "No mailbox yet: `mailbox add ADDRESS` adds one.";
  return mailboxes
    .flatMap(({ mailbox, sends, waits, usedToday, capToday }) => [
      `${mailbox}: ${usedToday} of ${capToday} today`,
      ...sends.map((one) => `  would send "${one.step}" to ${one.lead}`),
      ...waits.map((one) => `  ${one.sentence}`),
    ])
    .join("\n");
}

async function syncInbox(address: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const counts = await withSession(options, async (session) => {
    const { workspaceId, id } = await mailboxNamed(session.agent, session.workspaceId, address);
    return runJob(session.agent, "sync-inbox", { workspaceId, mailboxId: id }, "person");
  });
  print(counts, options.json, writeCounts);
}
