// Which mails are limited besides the mailbox's own cap? First mails of a campaign, and mails to one mail domain. A number for several mailboxes is
// divided among them day by day, so that each knows what it may send whatever the others do, and a printed plan comes true.
import { drawn } from "./chance.ts";
import { after, HOUR, type Instant } from "./instant.ts";
import { dayAfter, daysBetween, localDay, startOfDay } from "./local-day.ts";
import { isPublicMailDomain } from "./public-mail-domains.ts";

export type QuotaKind = "new_leads" | "domain_day" | "domain_hour";

/** So many mails of a kind in each period. */
export interface Quota {
  readonly kind: QuotaKind;
  /** What is counted: `new_leads/CAMPAIGN`, `domain_day/bakery.example`. */
  readonly name: string;
  readonly most: (period: Period) => number;
  readonly periodOf: (at: Instant) => Period;
}

export interface Period {
  /** Names quota and period: what the store counts under. */
  readonly key: string;
  /** The local day, also of an hour. */
  readonly day: string;
  readonly endsAt: Instant;
}

/** First mails of a campaign on each of its days, by all its mailboxes together. */
export interface NewLeadLimit {
  readonly campaignId: string;
  readonly zone: string;
  readonly perDay: number;
  readonly sharers: Sharers;
}

/** Mailboxes that share a number, by id, with what each may send a day: it gets its part by that. */
export type Sharers = Readonly<Record<string, number>>;

/** What a mail counts as. */
export interface Counted {
  /** Mail domain of its recipient, as A-label. */
  readonly domain: string;
  /** Null: it is no first mail, or its campaign has no limit. */
  readonly newLead: NewLeadLimit | null;
}

/** How much may go to one mail domain; null: any number. Public mail providers are never limited: two people there have nothing in common. */
export interface DomainLimits {
  /** From one mailbox on one of its days. */
  readonly perDay: number | null;
  /** From one mailbox in an hour by the clock. */
  readonly perHour: number | null;
  /** From all these mailboxes together on a day. */
  readonly together: { readonly perDay: number; readonly sharers: Sharers } | null;
}

/** How many mails a mailbox, and others, have sent in a period. */
export interface QuotaUse {
  readonly own: (period: string) => number;
  readonly others: (period: string) => number;
}

export const NO_DOMAIN_LIMITS: DomainLimits = { perDay: null, perHour: null, together: null };

interface MailboxOfQuotas {
  readonly mailboxId: string;
  readonly zone: string;
  readonly dailyCap: number;
}

/** The quotas of one mailbox, the first that is full being the one that a mail waits for. */
export class Quotas {
  readonly #mailbox: MailboxOfQuotas;
  readonly #domains: DomainLimits;
  readonly #limitsDomains: boolean;
  readonly #use: QuotaUse;
  readonly #known = new Map<string, readonly Quota[]>();
  readonly #taken = new Map<string, number>();
  /** By the name of the quota: the days on which it was full and mail waited. */
  readonly waitDays = new Map<string, Set<string>>();

  constructor(mailbox: MailboxOfQuotas, domains: DomainLimits, use: QuotaUse) {
    this.#mailbox = mailbox;
    this.#domains = domains;
    this.#limitsDomains = Object.values(domains).some((limit) => limit !== null);
    this.#use = use;
  }

  /** In a fixed order; the same array for all mails that count as the same. */
  of({ domain, newLead }: Counted): readonly Quota[] {
    if (!newLead && !this.#limitsDomains) return NONE;
    const key = newLead ? `${newLead.campaignId}/${domain}` : `/${domain}`;
    let quotas = this.#known.get(key);
    if (!quotas) this.#known.set(key, (quotas = [...(newLead ? [this.#newLeads(newLead)] : []), ...this.#domain(domain)]));
    return quotas;
  }

  isFull(quota: Quota, at: Instant): boolean {
    const period = quota.periodOf(at);
    return this.#used(period) >= quota.most(period);
  }

  /** The first period after that of `at` which has room; null when none ever has. */
  nextRoom(quota: Quota, at: Instant): Instant | null {
    let period = quota.periodOf(at);
    for (let ahead = 0; ahead < FARTHEST; ahead += 1) {
      const { endsAt } = period;
      period = quota.periodOf(endsAt);
      if (this.#used(period) < quota.most(period)) return endsAt;
    }
    return null;
  }

  /** Mail waits because this was full then. */
  noteWait({ name, periodOf }: Quota, at: Instant): void {
    const days = this.waitDays.get(name) ?? new Set();
    this.waitDays.set(name, days.add(periodOf(at).day));
  }

  /** A mail went out. */
  take(quotas: readonly Quota[], at: Instant): Debit[] {
    return quotas.map((quota) => {
      const period = quota.periodOf(at);
      this.#taken.set(period.key, (this.#taken.get(period.key) ?? 0) + 1);
      return { period: period.key, endsAt: period.endsAt, most: quota.most(period) };
    });
  }

  #used({ key }: Period): number {
    return this.#use.own(key) + (this.#taken.get(key) ?? 0);
  }

  #newLeads({ campaignId, zone, perDay, sharers }: NewLeadLimit): Quota {
    const name = `new_leads/${campaignId}`;
    return { kind: "new_leads", name, most: this.#shareOf(perDay, sharers, name), periodOf: dayIn(zone, name) };
  }

  #domain(domain: string): Quota[] {
    const { perDay, perHour, together } = this.#domains;
    if (isPublicMailDomain(domain)) return [];
    const [daily, hourly] = [`domain_day/${domain}`, `domain_hour/${domain}`];
    const share = together && this.#shareOf(together.perDay, together.sharers, daily);
    const most = (period: Period) => Math.min(perDay ?? Infinity, share?.(period) ?? Infinity);
    return [
      ...(perDay !== null || share ? [{ kind: "domain_day" as const, name: daily, most, periodOf: dayIn(this.#mailbox.zone, daily) }] : []),
      ...(perHour === null ? [] : [{ kind: "domain_hour" as const, name: hourly, most: () => perHour, periodOf: hourOf(hourly) }]),
    ];
  }

  /**
   * The mailboxes stand side by side on a line as long as the number, each as wide as its part, and get the whole numbers that lie in it; the line moves
   * every day, so that what is left over goes to others. What others have sent beyond their share (the sharers were others this morning) is taken off.
   */
  #shareOf(total: number, sharers: Sharers, name: string): Quota["most"] {
    const { mailboxId, dailyCap } = this.#mailbox;
    const parts = Object.entries({ [mailboxId]: dailyCap, ...sharers }).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const sum = (some: typeof parts) => some.reduce((width, [, part]) => width + part, 0);
    const place = parts.findIndex(([id]) => id === mailboxId);
    const onLine = (some: typeof parts) => (total * sum(some)) / Math.max(1, sum(parts));
    const [from, to] = [onLine(parts.slice(0, place)), onLine(parts.slice(0, place + 1))];
    const start = drawn("share", name);
    return ({ key, day }) => {
      const moved = (start + GOLDEN * daysBetween("2000-01-01", day)) % 1;
      return Math.max(0, Math.min(Math.floor(to + moved) - Math.floor(from + moved), total - this.#use.others(key)));
    };
  }
}

/** Multiples of it are spread over the whole numbers as evenly as can be (Weyl 1916). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** What a mail takes from a quota: the store counts it, and refuses what is too much. */
export interface Debit {
  readonly period: string;
  readonly endsAt: Instant;
  readonly most: number;
}

const NONE: readonly Quota[] = [];

/** More than the mailboxes that can share a number, one day each. */
const FARTHEST = 2_000;

function dayIn(zone: string, name: string): Quota["periodOf"] {
  return remembered((at) => {
    const day = localDay(at, zone);
    return { key: `${name}/${day}`, day, startsAt: startOfDay(day, zone), endsAt: startOfDay(dayAfter(day), zone) };
  });
}

function hourOf(name: string): Quota["periodOf"] {
  return remembered((at) => {
    const startsAt = new Date(Math.floor(at.getTime() / HOUR) * HOUR);
    const hour = startsAt.toISOString().slice(0, "YYYY-MM-DDTHH".length);
    return { key: `${name}/${hour}`, day: hour.slice(0, "YYYY-MM-DD".length), startsAt, endsAt: after(startsAt, HOUR) };
  });
}

/** The same period is asked for again and again. */
function remembered(find: (at: Instant) => Period & { readonly startsAt: Instant }): Quota["periodOf"] {
  let last: ReturnType<typeof find> | null = null;
  return (at) => {
    if (!last || at < last.startsAt || at >= last.endsAt) last = find(at);
    return last;
  };
}
