// How long does it take to print the schedule of a big campaign? The planner beside its simplest form, which looks at everything slot by slot.
import { isDeepStrictEqual } from "node:util";
import { following, nextTurn, type Turn } from "../src/automations/turns.ts";
import { after, DAY, type Instant } from "../src/core/instant.ts";
import { NO_DOMAIN_LIMITS } from "../src/core/quota.ts";
import { type MailboxState, type Slot, sendsAhead } from "../src/core/send-plan.ts";
import type { CampaignPlan } from "../src/store/campaign-plan.ts";
import { referenceDueAt, referenceSlots } from "../test/support/reference-planner.ts";
import { machine, peakMemory, timed } from "./machine.ts";
import { campaign, type Lead, leads, MAILBOXES, START } from "./planned-campaign.ts";

const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
/** Beyond, the simple form takes minutes. */
const REFERENCE_UP_TO = Number(process.argv[2] ?? 10_000);
const ZONES = [null, "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney"];
const SPAN = { keptSince: START, now: START, until: after(START, 40 * 365 * DAY) };

interface Planned {
  readonly mails: number;
  readonly last: Instant;
  /** Equal when every lead gets the same slots. */
  readonly digest: number;
}

type BenchTurn = Turn<null>;

/** The planner that sends. */
function* planned(mailbox: MailboxState, turns: readonly BenchTurn[]): Generator<Slot<BenchTurn>> {
  yield* sendsAhead(mailbox, turns, SPAN, nextTurn);
}

/** The simple one, with the simple calendar. */
function* simplyPlanned(mailbox: MailboxState, turns: readonly BenchTurn[]): Generator<Slot<BenchTurn>> {
  yield* referenceSlots(
    mailbox,
    turns.map((turn) => simplyDue(turn, START)),
    SPAN,
    (turn, slot) => {
      const next = nextTurn(turn, slot);
      return next && simplyDue(next, slot);
    },
  );
}

function simplyDue(turn: BenchTurn, anchor: Instant): BenchTurn {
  const { plan, step, standing, hours } = turn;
  const delay = { days: step.delayDays, workingDays: step.delayWorkingDays, minutes: step.delayMinutes };
  const { leadId, visit } = standing;
  const { lineage } = step;
  const dueAt = referenceDueAt({ anchor, delay, hours, jitterMinutes: plan.jitterMinutes, campaignId: plan.id, leadId, lineage, visit });
  return { ...turn, dueAt: dueAt ?? turn.dueAt };
}

function planWith(planner: typeof planned, plan: CampaignPlan, everybody: readonly Lead[], mailboxes: readonly MailboxState[]): Planned {
  const byMailbox = Map.groupBy(everybody, (lead) => lead.mailboxId);
  let [mails, last, digest] = [0, START, 0];
  for (const mailbox of mailboxes) {
    const own = byMailbox.get(mailbox.limits.mailboxId as Lead["mailboxId"]) ?? [];
    for (const { kind, item, at } of planner(
      mailbox,
      own.flatMap((lead) => firstTurn(plan, lead)),
    )) {
      if (kind !== "send") continue;
      mails += 1;
      if (at > last) last = at;
      digest = (digest * 31 + at.getTime() + Number(item.leadId.slice("lead ".length))) % 1_000_000_007;
    }
  }
  return { mails, last, digest };
}

function firstTurn(plan: CampaignPlan, lead: Lead): BenchTurn[] {
  const first = following(plan, lead, START, 1, null);
  return first.kind === "turn" ? [first.turn] : [];
}

interface Rules {
  readonly campaign?: Partial<CampaignPlan>;
  readonly mailboxes?: readonly MailboxState[];
}

async function compare(title: string, zones: readonly (string | null)[], jitterMinutes: number, rules: Rules = {}): Promise<void> {
  const { mailboxes = MAILBOXES } = rules;
  console.log(`\n${title}`);
  const rows = [];
  for (const size of SIZES) {
    const plan = { ...campaign(jitterMinutes), ...rules.campaign };
    const everybody = leads(size, zones, plan);
    const fast = await timed(() => planWith(planned, plan, everybody, mailboxes));
    const simple = size <= REFERENCE_UP_TO ? await timed(() => planWith(simplyPlanned, plan, everybody, mailboxes)) : null;
    const same = simple && (isDeepStrictEqual(simple.result, fast.result) ? "same slots" : "OTHER SLOTS");
    const { mails, last } = fast.result;
    rows.push({
      leads: size,
      mails,
      "last mail": last.toISOString().slice(0, 10),
      "planner (s)": fast.seconds.toFixed(2),
      "its CPU (s)": fast.cpuSeconds.toFixed(2),
      "simple form (s)": simple?.seconds.toFixed(2) ?? "-",
      "CPU (s)": simple?.cpuSeconds.toFixed(2) ?? "-",
      compared: same ?? "-",
      "heap (MB)": Math.round(process.memoryUsage().heapUsed / 2 ** 20),
    });
  }
  console.table(rows);
}

console.log(machine());
await compare("One zone, no jitter", [null], 0);
await compare(`${ZONES.length} zones, 30 minutes of jitter`, ZONES, 30);
await compare("One zone; 30 new leads a day, 2 mails a day to one mail domain, spread evenly", [null], 0, {
  campaign: { newLeadsPerDay: 30, spread: "even" },
  mailboxes: MAILBOXES.map((mailbox) => ({ ...mailbox, domainLimits: { ...NO_DOMAIN_LIMITS, perDay: 2 } })),
});
console.log(peakMemory());
