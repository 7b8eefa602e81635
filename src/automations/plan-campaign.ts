// What would applying a campaign file change, and whom does it concern? The apply itself tells, in a transaction that is undone; the planner says
// what goes out, and when, with and without it.
import { type CampaignDifference, campaignDifference } from "../core/campaign-difference.ts";
import { NO_EFFECTS, type PlanEffects, planEffects } from "../core/plan-effects.ts";
import type { EnrollmentState } from "../core/words.ts";
import { campaignByName } from "../store/campaign.ts";
import { type Standing, standings } from "../store/campaign-page.ts";
import { joined, type Tx } from "../store/database.ts";
import type { Agent } from "./agent.ts";
import { type AppliedCampaign, type ApplyRequest, applyCampaign } from "./apply-campaign.ts";
import { campaignYaml, exportCampaign } from "./export-campaign.ts";
import { planned } from "./plan-ahead.ts";
import { campaignOutlook, mailsOf } from "./print-schedule.ts";

/** Leads at one place of the campaign, before and after. */
export interface PlannedStanding {
  readonly state: EnrollmentState;
  readonly sequence: string;
  /** The step that comes next; null when none does. */
  readonly nextStep: string | null;
  readonly before: number;
  readonly after: number;
}

export interface CampaignChangePlan extends Pick<AppliedCampaign, "created" | "changes" | "moved" | "inside"> {
  readonly name: string;
  /** The file of the campaign as it stands, to compare with `after`; null when there is none of that name. */
  readonly before: string | null;
  readonly after: string;
  readonly difference: CampaignDifference;
  /** Everybody who may still be written to. */
  readonly standings: readonly PlannedStanding[];
  /** On the mails to come if nobody answers. A campaign that does not run is planned as if it started now; a new one has no effects yet. */
  readonly effects: PlanEffects;
}

type Deps = Pick<Agent, "db" | "clock" | "settings">;
type PlanRequest = Pick<ApplyRequest, "workspaceId" | "file" | "ifVersion" | "leadsInside">;
type Outlook = Awaited<ReturnType<typeof campaignOutlook>>;
interface Compared {
  readonly plan: Omit<CampaignChangePlan, "effects">;
  /** What goes out with and without it; null when nothing would change. */
  readonly outlooks: { readonly before: Outlook; readonly after: Outlook } | null;
}

/** Changes nothing. Throws what `applyCampaign` throws. */
export async function planCampaign(deps: Deps, request: PlanRequest): Promise<CampaignChangePlan> {
  const { plan, outlooks } = await undone(deps, (tx) => applyAndCompare({ ...deps, db: joined(deps.db, tx) }, tx, request));
  // After the transaction: planning may take longer than one may idle.
  return { ...plan, effects: outlooks ? planEffects(mailsToCome(outlooks.before), mailsToCome(outlooks.after)) : NO_EFFECTS };
}

/** What `work` found out; what it did to the database is taken back. */
async function undone<Result>({ db }: Deps, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const found: Result[] = [];
  const takeBack = new Error("A plan is taken back.");
  try {
    await db.transaction(async (tx) => {
      found[0] = await work(tx);
      throw takeBack;
    });
  } catch (error) {
    if (error !== takeBack) throw error;
  }
  return found[0] as Result;
}

async function applyAndCompare(deps: Deps, tx: Tx, request: PlanRequest): Promise<Compared> {
  const { workspaceId, file } = request;
  const present = await campaignByName(tx, workspaceId, file.name);
  const before = present && (await exportCampaign(tx, workspaceId, present.id)).written;
  const stood = present ? await standings(tx, workspaceId, present.id) : [];
  const outlook = present && (await campaignOutlook(deps, tx, workspaceId, present.id));
  const { campaignId, created, changes, moved, inside } = await applyCampaign(deps, request);
  const after = (await exportCampaign(tx, workspaceId, campaignId)).written;
  const stand = await standings(tx, workspaceId, campaignId);
  const difference = campaignDifference(before, after);
  const files = { before: before && campaignYaml(before), after: campaignYaml(after) };
  const plan = { name: file.name, created, changes, moved, inside, ...files, difference, standings: compared(stood, stand) };
  const outlooks =
    outlook && changes.length > 0 ? { before: outlook, after: await campaignOutlook(deps, tx, workspaceId, campaignId) } : null;
  return { plan, outlooks };
}

function mailsToCome({ plan, outlook }: Outlook): ReturnType<typeof mailsOf> {
  return outlook ? mailsOf(plan, planned(outlook)) : [];
}

function compared(before: readonly Standing[], after: readonly Standing[]): PlannedStanding[] {
  const places = new Map<string, PlannedStanding>();
  const count = (side: "before" | "after", all: readonly Standing[]) => {
    for (const { enrollments, ...place } of all) {
      const key = JSON.stringify([place.state, place.sequence, place.nextStep]);
      const known = places.get(key) ?? { ...place, before: 0, after: 0 };
      places.set(key, { ...known, [side]: known[side] + enrollments });
    }
  };
  count("before", before);
  count("after", after);
  return [...places.values()];
}
