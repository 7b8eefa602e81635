// How long does it take to print the schedule of a big campaign? The planner beside its simplest form, which looks at everything slot by slot.
import { isDeepStrictEqual } from "node:util";
import { following, nextTurn, type Turn } from "../src/automations/turns.ts";
import { after, DAY, type Instant } from "../src/core/instant.ts";
import { NO_DOMAIN_LIMITS } from "../src/core/quota.ts";
import { type MailboxState, type Slot, sendsAhead } from "../src/core/send-plan.ts";
import type { CampaignPlan } from "../src/store/campaign-plan.ts";
import { referenceDueAt, referenceSlots } from "../test/support/reference-planner.ts";
import { type Bench, type Figure, wholeNumber } from "./bench.ts";
import { timed } from "./machine.ts";
import { campaign, type Lead, leads, MAILBOXES, START } from "./planned-campaign.ts";

const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
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

async function compare(
  title: string,
  zones: readonly (string | null)[],
  jitterMinutes: number,
  referenceUpTo: number,
  rules: Rules = {},
): Promise<Figure[]> {
  const { mailboxes = MAILBOXES } = rules;
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const plan = { ...campaign(jitterMinutes), ...rules.campaign };
    const everybody = leads(size, zones, plan);
    const fast = await timed(() => planWith(planned, plan, everybody, mailboxes));
    const simple = size <= referenceUpTo ? await timed(() => planWith(simplyPlanned, plan, everybody, mailboxes)) : null;
    if (simple && !isDeepStrictEqual(simple.result, fast.result)) throw new Error(`Other slots for ${size} leads: ${title}.`);
    const { mails, last } = fast.result;
    const of = `${size} leads, ${title}`;
    const reference: Figure | null = simple && {
      what: `simple form, ${of}`,
      rounds: [mails / simple.seconds],
      unit: "mails planned per second",
    };
    if (reference) figures.push(reference);
    figures.push({
      what: `planner, ${of}`,
      rounds: [mails / fast.seconds],
      unit: "mails planned per second",
      ...(reference ? { beside: reference } : {}),
      more: {
        mails,
        "last mail": last.toISOString().slice(0, 10),
        seconds: fast.seconds.toFixed(2),
        "its CPU s": fast.cpuSeconds.toFixed(2),
        "heap MB": Math.round(process.memoryUsage().heapUsed / 2 ** 20),
      },
    });
  }
  return figures;
}

export const planner: Bench = {
  title: "The schedule of a campaign with 4 steps and 3 mailboxes, beside the planner in its simplest form, which must give the same slots",
  options: { "simple-up-to": { type: "string" } },
  run: async (options) => {
    const upTo = wholeNumber(options, "simple-up-to", 5_000);
    return [
      ...(await compare("one zone, no jitter", [null], 0, upTo)),
      ...(await compare(`${ZONES.length} zones, 30 minutes of jitter`, ZONES, 30, upTo)),
      ...(await compare("one zone; 30 new leads a day, 2 mails a day to one mail domain, spread evenly", [null], 0, upTo, {
        campaign: { newLeadsPerDay: 30, spread: "even" },
        mailboxes: MAILBOXES.map((mailbox) => ({ ...mailbox, domainLimits: { ...NO_DOMAIN_LIMITS, perDay: 2 } })),
      })),
    ];
  },
};
