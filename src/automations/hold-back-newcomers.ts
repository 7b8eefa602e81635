// Whom of a company may nobody write to now? The rule of the campaign, or of the settings, asked where leads enter and again where their first mail is
// claimed; the schedule and `why` ask it, too.
import { CompanyGuard, type CompanyRule, guards, type HeldBack } from "../core/company-guard.ts";
import type { CampaignId, EnrollmentId, WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import type { Settings } from "../core/settings.ts";
import type { CampaignPlan } from "../store/campaign-plan.ts";
import { companyContacts, lockCompanies } from "../store/company.ts";
import type { Queryable, Tx } from "../store/database.ts";
import type { WaitingEnrollment } from "../store/schedule-input.ts";

export function companyRule({ company }: Settings, plan: CampaignPlan): CompanyRule {
  return {
    atMost: (plan.company.atMost ?? company.at_most) || null,
    coolOffDays: plan.company.coolOffDays ?? company.cool_off_days,
    awayAfterRefusal: plan.company.awayAfterRefusal ?? company.away_after_refusal,
  };
}

/** Somebody whose first mail is to come. */
export interface FirstMail {
  readonly leadId: string;
  readonly companyKey: string | null;
  readonly plan: CampaignPlan;
}

/**
 * Who has to wait, in the order given. `places`: at the entry whoever is enrolled takes up a place; at the claim whoever was written to, or two people
 * that came in while the rule was another would wait for each other.
 */
export async function heldBack<Mail extends FirstMail>(
  settings: Settings,
  q: Queryable,
  workspaceId: WorkspaceId,
  mails: readonly Mail[],
  places: "busy" | "written",
  now: Instant,
): Promise<Map<Mail, HeldBack>> {
  const guard = new CompanyGuard(await companyContacts(q, workspaceId, guardedKeys(settings, mails)), places);
  const held = new Map<Mail, HeldBack>();
  for (const mail of mails) {
    const wait = guard.holdBack({ ...mail, rule: companyRule(settings, mail.plan) }, now);
    if (wait) held.set(mail, wait);
  }
  return held;
}

/** The same for whoever is about to act on it: until the transaction ends, nobody else writes to somebody new at these companies. */
export async function lockedHeldBack<Mail extends FirstMail>(
  settings: Settings,
  tx: Tx,
  workspaceId: WorkspaceId,
  mails: readonly Mail[],
  places: "busy" | "written",
  now: Instant,
): Promise<Map<Mail, HeldBack>> {
  await lockCompanies(tx, workspaceId, guardedKeys(settings, mails));
  return heldBack(settings, tx, workspaceId, mails, places, now);
}

/** Of enrollments that wait for their first mail: those who could not get it now, each in its turn. */
export async function newcomersHeldBack(
  settings: Settings,
  q: Queryable,
  workspaceId: WorkspaceId,
  enrollments: readonly WaitingEnrollment[],
  plans: ReadonlyMap<CampaignId, CampaignPlan>,
  now: Instant,
): Promise<Map<EnrollmentId, HeldBack>> {
  const firsts = enrollments.flatMap((one) => {
    const plan = plans.get(one.campaignId);
    return plan && one.state === "active" && one.priority === 1 && !one.message ? { ...one, plan } : [];
  });
  const turn = (one: WaitingEnrollment) => one.nextAt?.getTime() ?? Infinity;
  const inTurn = firsts.toSorted((a, b) => turn(a) - turn(b) || (a.leadId < b.leadId ? -1 : 1));
  const held = await heldBack(settings, q, workspaceId, inTurn, "written", now);
  return new Map([...held].map(([{ id }, wait]) => [id, wait]));
}

function guardedKeys(settings: Settings, mails: readonly FirstMail[]): string[] {
  const keys = mails.flatMap(({ companyKey, plan }) => (companyKey !== null && guards(companyRule(settings, plan)) ? companyKey : []));
  return [...new Set(keys)];
}

/** Nobody can say when there will be room; then it is looked for every day. */
export function askedAgainAt({ until }: HeldBack, now: Instant): Instant {
  return until ?? after(now, DAY);
}
