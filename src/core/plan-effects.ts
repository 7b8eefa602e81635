// Who is affected when a campaign is edited? Two plans of all its mails, with and without the edit, side by side.
import type { LeadId } from "./ids.ts";
import type { Instant } from "./instant.ts";

export interface MailToCome {
  readonly leadId: LeadId;
  /** The address. */
  readonly lead: string;
  readonly sequence: string;
  readonly step: string;
  readonly at: Instant;
}

/** A step that leads get who would not have got it, or the other way round. */
export interface StepEffect {
  readonly sequence: string;
  readonly step: string;
  readonly leads: number;
}

/** A lead's next mail; null: it gets none. */
export interface NextMail {
  readonly step: string;
  readonly at: Instant;
}

export interface NextMailEffect {
  readonly leadId: LeadId;
  readonly lead: string;
  readonly before: NextMail | null;
  readonly after: NextMail | null;
}

export interface PlanEffects {
  readonly gained: readonly StepEffect[];
  readonly lost: readonly StepEffect[];
  /** Leads whose next mail goes out at another moment; `begins`: that had none to come, `ends`: that have none any more. */
  readonly nextMail: {
    readonly earlier: number;
    readonly later: number;
    readonly begins: number;
    readonly ends: number;
    /** The first ten, by the moment of the mail that comes first. */
    readonly first: readonly NextMailEffect[];
  };
}

const FIRST = 10;

export const NO_EFFECTS: PlanEffects = { gained: [], lost: [], nextMail: { earlier: 0, later: 0, begins: 0, ends: 0, first: [] } };

/** Both in the order of their moments. */
export function planEffects(before: readonly MailToCome[], after: readonly MailToCome[]): PlanEffects {
  const changed = nextMailEffects(before, after);
  const count = (when: (effect: NextMailEffect) => boolean) => changed.filter(when).length;
  return {
    gained: missingFrom(before, after),
    lost: missingFrom(after, before),
    nextMail: {
      earlier: count((one) => one.before !== null && one.after !== null && one.after.at < one.before.at),
      later: count((one) => one.before !== null && one.after !== null && one.after.at > one.before.at),
      begins: count((one) => one.before === null),
      ends: count((one) => one.after === null),
      first: changed.toSorted((a, b) => firstMoment(a) - firstMoment(b)).slice(0, FIRST),
    },
  };
}

function firstMoment({ before, after }: NextMailEffect): number {
  return Math.min(before?.at.getTime() ?? Infinity, after?.at.getTime() ?? Infinity);
}

function nextMailEffects(before: readonly MailToCome[], after: readonly MailToCome[]): NextMailEffect[] {
  const [left, right] = [nextMails(before), nextMails(after)];
  const leads = new Map([...left, ...right].map(([leadId, { lead }]) => [leadId, lead]));
  return [...leads].flatMap(([leadId, lead]): NextMailEffect[] => {
    const [old, now] = [left.get(leadId) ?? null, right.get(leadId) ?? null];
    return old?.at.getTime() === now?.at.getTime() ? [] : [{ leadId, lead, before: asNext(old), after: asNext(now) }];
  });
}

function asNext(mail: MailToCome | null): NextMail | null {
  return mail && { step: mail.step, at: mail.at };
}

function nextMails(mails: readonly MailToCome[]): Map<LeadId, MailToCome> {
  return new Map(mails.toReversed().map((mail) => [mail.leadId, mail]));
}

/** The mails of `mails` that nobody gets by `other`, step by step. */
function missingFrom(other: readonly MailToCome[], mails: readonly MailToCome[]): StepEffect[] {
  const keyOf = ({ leadId, sequence, step }: MailToCome) => JSON.stringify([leadId, sequence, step]);
  const known = new Set(other.map(keyOf));
  const missing = mails.filter((mail) => !known.has(keyOf(mail)));
  return [...Map.groupBy(missing, ({ sequence, step }) => JSON.stringify([sequence, step])).values()].flatMap((group) => {
    const [one] = group;
    return one ? [{ sequence: one.sequence, step: one.step, leads: group.length }] : [];
  });
}
