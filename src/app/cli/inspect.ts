// What is going on? status, why, runs; and the two automations that people like to run by hand.
import type { Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { isRemote, withApi } from "./api.ts";
import { campaignOf, leadNamed, mailboxNamed, mailboxOf } from "./named.ts";
import { type GlobalOptions, limitOf, refuseRemote } from "./options.ts";
import { print, table } from "./output.ts";

type Schemas = components["schemas"];
type Run = Schemas["AutomationRun"];
type Counts = Readonly<Record<string, number>>;

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
  refuseRemote(options, "migrate");
  const { withSession } = await import("./session.ts");
  await withSession(options, () => Promise.resolve());
  print({ migrated: true }, options.json, () => "The database is up to date.");
}

const HELD = "held after a restore: `why ADDRESS` says what for";

async function status(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const facts = await withApi(options, (api) => given(api.GET("/api/v1/status")));
  print(facts, options.json, writeStatus);
}

/** A key may be allowed to see a part only; the rest is left out. */
function writeStatus({ campaigns, mailboxes, messages, inbound }: Schemas["Status"]): string {
  const section = <Row>(
    rows: readonly Row[] | null,
    empty: string,
    headers: readonly string[],
    cells: (row: Row) => (string | number | null)[],
  ) => (rows === null ? [] : [rows.length === 0 ? empty : table(headers, rows.map(cells))]);
  return [
    ...section(
      campaigns,
      "No campaign yet: `campaign apply FILE` adds one.",
      ["Campaign", "State", "Leads", "Sent", "Active", "Awaiting reply", "Replied", "Stopped"],
      (one) => [one.name, one.state, one.enrolled, one.sent, one.active, one.awaitingReply, one.replied, one.stopped],
    ),
    ...section(mailboxes, "No mailbox yet: `mailbox add ADDRESS` adds one.", ["Mailbox", "State", "Why"], (one) => [
      one.email,
      one.state,
      one.pauseDetail ?? one.pauseReason ?? (one.sentUnknownSince && HELD),
    ]),
    ...section(messages, "Nothing was sent yet.", ["Messages", "Number"], (one) => [one.state, one.messages]),
    ...section(inbound, "Nothing came in yet.", ["Came in", "Disposition", "Interest", "Number"], (one) => [
      one.verdict,
      one.disposition,
      one.interestLevel,
      one.mails,
    ]),
  ].join("\n\n");
}

async function why(what: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const answer = await withApi(options, (api) => explain(api, what));
  print(answer, options.json, ({ sentences }) => sentences.join("\n"));
}

async function explain(api: ApiClient, what: string): Promise<{ readonly sentences: readonly string[] }> {
  const campaign = await campaignOf(api, what);
  if (campaign) return given(api.GET("/api/v1/campaigns/{campaignId}/why", { params: { path: { campaignId: campaign.id } } }));
  const mailbox = await mailboxOf(api, what);
  if (mailbox) return given(api.GET("/api/v1/mailboxes/{mailboxId}/why", { params: { path: { mailboxId: mailbox.id } } }));
  if (!what.includes("@") && !isId(what)) throw new AgentError("not_found", `There is no lead, mailbox or campaign "${what}".`);
  const leadId = isId(what) ? what : (await leadNamed(api, what)).id;
  return given(api.GET("/api/v1/leads/{leadId}/why", { params: { path: { leadId } } }));
}

async function runs(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions & { automation?: string; limit: string }>();
  const limit = limitOf(options.limit);
  const of = options.automation === undefined ? {} : { automation: options.automation };
  const found = await withApi(options, (api) =>
    upTo(limit, (page) => given(api.GET("/api/v1/automation-runs", { params: { query: { ...of, ...page } } }))),
  );
  print(found, options.json, writeRuns);
}

function writeRuns(found: readonly Run[]): string {
  const counts = (run: Run) =>
    Object.entries(run.counts)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const rows = found.map((run) => [
    run.startedAt,
    run.automation,
    run.trigger,
    run.outcome,
    run.errorMessage ?? run.errorCode ?? counts(run),
  ]);
  return table(["Started", "Automation", "By", "Outcome", "Counts"], rows);
}

async function sendDueSteps(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions & { dryRun?: boolean }>();
  if (options.dryRun) {
    const dry = await withApi(options, (api) => given(api.GET("/api/v1/automations/send-due-steps/dry-run")));
    return print(dry, options.json, writeDryRun);
  }
  if (isRemote(options)) {
    const asked = await withApi(options, (api) => given(api.POST("/api/v1/messages/send-due", { body: {} })));
    return print(asked, options.json, ({ mailboxes }) =>
      mailboxes === 0 ? "Nothing is due." : `${mailboxes} ${mailboxes === 1 ? "mailbox sends" : "mailboxes send"} now.`,
    );
  }
  const { sendHere } = await import("./run-here.ts");
  print(await sendHere(options), options.json, (all) => all.map(writeCounts).join("\n") || "Nothing is due.");
}

function writeCounts(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`)
    .join(", ");
}

function writeDryRun({ mailboxes }: Schemas["DryRun"]): string {
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
  if (isRemote(options)) {
    const asked = await withApi(options, async (api) => {
      const params = { path: { mailboxId: (await mailboxNamed(api, address)).id } };
      return given(api.POST("/api/v1/mailboxes/{mailboxId}/sync", { params, body: {} }));
    });
    return print(asked, options.json, () => `${address} is read now.`);
  }
  const { readHere } = await import("./run-here.ts");
  print(await readHere(options, address), options.json, writeCounts);
}
