// May one more person of a company be written to? So many at a time, nobody for a while after the last mail, nobody at all after a refusal if chosen.
import { after, DAY, type Instant } from "./instant.ts";

/** What a campaign may say, and what the settings say where it does not. */
export interface CompanyRule {
  /** People of one company in running enrollments of the workspace; null: any number. */
  readonly atMost: number | null;
  /** After the last mail of a conversation that has ended. */
  readonly coolOffDays: number;
  /** Nobody of a company is newly written to once somebody there has refused, or opted out. */
  readonly awayAfterRefusal: boolean;
}

/** The same as a campaign has it; null: as the settings say. */
export interface CompanySettings {
  readonly atMost: number | null;
  readonly coolOffDays: number | null;
  readonly awayAfterRefusal: boolean | null;
}

/** What the workspace has to do with a company. */
export interface CompanyContact {
  readonly companyKey: string;
  /** People in running enrollments. */
  readonly busy: readonly string[];
  /** Those of them that were written to. */
  readonly written: readonly string[];
  /** The last mail to anybody there whose enrollment has ended; what bounced has reached nobody. */
  readonly lastMailAt: Instant | null;
  readonly refused: boolean;
}

export type HeldBack =
  | { readonly reason: "company_full"; readonly until: null }
  | { readonly reason: "company_cooling_off"; readonly until: Instant }
  | { readonly reason: "company_refused"; readonly until: null };

export type CompanyReason = HeldBack["reason"];

/** Somebody who was never written to in that campaign. */
export interface Newcomer {
  readonly leadId: string;
  /** Null: nobody knows the company. */
  readonly companyKey: string | null;
  readonly rule: CompanyRule;
}

export function guards({ atMost, coolOffDays, awayAfterRefusal }: CompanyRule): boolean {
  return atMost !== null || coolOffDays > 0 || awayAfterRefusal;
}

/** Who of the newcomers has to wait, asked one after the other: each that has not takes up a place. `places`: who takes one up already. */
export class CompanyGuard {
  readonly #contacts = new Map<string, CompanyContact>();
  readonly #people = new Map<string, Set<string>>();
  readonly #places: "busy" | "written";

  constructor(contacts: readonly CompanyContact[], places: "busy" | "written") {
    this.#places = places;
    this.learn(contacts);
  }

  /** What was known of a company before, and whom this guard let pass, stays. */
  learn(contacts: readonly CompanyContact[]): void {
    for (const contact of contacts) {
      if (this.#contacts.has(contact.companyKey)) continue;
      this.#contacts.set(contact.companyKey, contact);
      this.#people.set(contact.companyKey, new Set(contact[this.#places]));
    }
  }

  /** Null: it may be written to. */
  holdBack({ leadId, companyKey, rule }: Newcomer, at: Instant): HeldBack | null {
    if (companyKey === null || !guards(rule)) return null;
    const { lastMailAt, refused } = this.#contacts.get(companyKey) ?? NO_CONTACT;
    const people = this.#people.get(companyKey) ?? new Set();
    if (rule.awayAfterRefusal && refused) return { reason: "company_refused", until: null };
    const until = lastMailAt && rule.coolOffDays > 0 ? after(lastMailAt, rule.coolOffDays * DAY) : null;
    if (until && until > at) return { reason: "company_cooling_off", until };
    if (rule.atMost !== null && !people.has(leadId) && people.size >= rule.atMost) return { reason: "company_full", until: null };
    this.#people.set(companyKey, people.add(leadId));
    return null;
  }
}

const NO_CONTACT = { lastMailAt: null, refused: false };
