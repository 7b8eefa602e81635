// Why does an enrollment wait? The codes, their order, and one sentence for each.

import type { CompanyReason } from "../core/company-guard.ts";
import type { Instant } from "../core/instant.ts";
import { localTime } from "../core/local-time.ts";
import type { QuotaKind } from "../core/quota.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { WaitingEnrollment } from "../store/schedule-input.ts";

export type WaitReason =
  | "campaign_paused"
  | "campaign_not_active"
  | "campaign_ended"
  | "suppressed"
  | "held"
  | "held_by_person"
  | "awaiting_reply"
  | "message_in_flight"
  | "message_uncertain"
  | "message_deferred"
  | "unplanned"
  | "not_due"
  | "domain_paused"
  | "mailbox_paused"
  | "mailbox_lost"
  | "mailbox_backed_off"
  | "sent_unknown"
  | "reply_inbox_unread"
  | "step_without_text"
  | "outside_window"
  | QuotaKind
  | CompanyReason
  | "cap_used"
  | "gap";

export interface Wait {
  readonly reason: WaitReason;
  readonly until: Instant | null;
}

/** What keeps an enrollment from being due: the conditions under which takeDue and takeWaiting (store/) leave it out. Null: it is due. */
export function waitBeforeDue(enrollment: WaitingEnrollment, now: Instant): Wait | null {
  const { campaignState, suppressed, state, nextAt, message, shiftMs, domainPausedUntil } = enrollment;
  if (campaignState === "paused") return { reason: "campaign_paused", until: null };
  if (campaignState !== "active") return { reason: "campaign_not_active", until: null };
  if (suppressed) return { reason: "suppressed", until: null };
  if (state === "held") return nextAt ? { reason: "held", until: nextAt } : { reason: "held_by_person", until: null };
  if (state === "awaiting_reply") return { reason: "awaiting_reply", until: nextAt };
  if (shiftMs !== null) return { reason: "unplanned", until: null };
  if (!message && !nextAt) return { reason: "unplanned", until: null };
  if (!message && nextAt && nextAt > now) return { reason: enrollment.postponedBecause ?? "not_due", until: nextAt };
  const wait = message && waitOfMessage(message, now);
  if (wait) return wait;
  return domainPausedUntil ? { reason: "domain_paused", until: domainPausedUntil } : null;
}

function waitOfMessage({ state, nextAttemptAt }: NonNullable<WaitingEnrollment["message"]>, now: Instant): Wait | null {
  switch (state) {
    case "uncertain":
      return { reason: "message_uncertain", until: null };
    case "queued":
    case "deferred":
      return nextAttemptAt && nextAttemptAt > now ? { reason: "message_deferred", until: nextAttemptAt } : null;
    case "claimed":
    case "transmitting":
    case "sent":
    case "failed":
    case "cancelled":
      return { reason: "message_in_flight", until: null };
    default:
      return state satisfies never;
  }
}

/** Begins with the lead's address; times are those of the mailbox's zone. */
export function waitSentence(mailbox: Mailbox, enrollment: WaitingEnrollment, wait: Wait): string {
  return `${enrollment.lead} waits: ${because(mailbox, enrollment, wait)}.`;
}

function because(mailbox: Mailbox, { campaign, message, leadDomain }: WaitingEnrollment, { reason, until }: Wait): string {
  const time = until ? localTime(until, mailbox.limits.zone) : "a later day";
  const texts: Readonly<Record<WaitReason, string>> = {
    campaign_paused: `the campaign "${campaign}" is paused`,
    campaign_not_active: `the campaign "${campaign}" is not active`,
    campaign_ended: `the campaign "${campaign}" has ended`,
    suppressed: "its address or domain is suppressed",
    held: `it is held until ${time}`,
    held_by_person: "it is held until a person decides",
    awaiting_reply: `it got every step, and its reply is awaited until ${time}`,
    message_in_flight: "its mail is on its way",
    message_uncertain: "nobody knows whether its last mail was sent; a person has to say so",
    message_deferred: `its mail is tried again at ${time}${message?.reason ? ` (${message.reason})` : ""}`,
    unplanned: "the planner has still to find its time, which takes about a minute",
    not_due: `its next step is due at ${time}`,
    domain_paused: `${mailbox.email} leaves its mail domain alone until ${time}`,
    mailbox_paused: `${mailbox.email} is paused (${[mailbox.pauseReason, mailbox.pauseDetail].filter(Boolean).join(": ")})`,
    mailbox_lost: `${mailbox.email} is paused and no longer sends for "${campaign}"; who got mail from it gets more from it alone, once it is resumed`,
    mailbox_backed_off: `${mailbox.email} sends nothing before ${time}, as its server asked, or did not answer`,
    sent_unknown: `it is not known yet what ${mailbox.email} has sent since the backup that was restored`,
    reply_inbox_unread: `the inbox that would hold its reply to ${mailbox.email} has not been read to its end lately`,
    step_without_text: "its next step has no text",
    outside_window: until ? `it is outside its sending window until ${time}` : "its sending window never opens",
    new_leads: `the campaign "${campaign}" has written to as many new leads as it may today, and goes on at ${time}`,
    domain_day: `${mailbox.email} has sent as many mails to ${leadDomain} as it may today, and goes on at ${time}`,
    domain_hour: `${mailbox.email} has sent as many mails to ${leadDomain} as it may in an hour, and goes on at ${time}`,
    company_full: `as many people of its company as may be are being written to, and it is asked again at ${time}`,
    company_cooling_off: `somebody of its company was written to lately, and it follows after ${time}`,
    company_refused: "somebody of its company has refused or opted out",
    cap_used: `${mailbox.email} has used its cap for today and goes on at ${time}`,
    gap: `${mailbox.email} keeps its gap between two mails until ${time}`,
  };
  return texts[reason];
}

/** `12 leads wait because …`: what keeps several, without their times. */
export function waitsSentence(reason: WaitReason, leads: number): string {
  return `${leads} ${leads === 1 ? "lead waits" : "leads wait"} because ${REASONS[reason]}.`;
}

/** Goes on after `because`. */
export function waitCause(reason: WaitReason): string {
  return REASONS[reason];
}

const REASONS: Readonly<Record<WaitReason, string>> = {
  campaign_paused: "the campaign is paused",
  campaign_not_active: "the campaign is not active",
  campaign_ended: "the campaign has ended",
  suppressed: "the address or domain is suppressed",
  held: "of a hold that ends by itself",
  held_by_person: "a person has to end a hold",
  awaiting_reply: "every step was sent and the reply is awaited",
  message_in_flight: "the mail is on its way",
  message_uncertain: "nobody knows whether the last mail was sent; a person has to say so",
  message_deferred: "the server refused the mail for now",
  unplanned: "the planner has still to find the time",
  not_due: "the next step is not due yet",
  domain_paused: "the mailbox leaves the mail domain alone for a while",
  mailbox_paused: "the mailbox is paused",
  mailbox_lost: "the mailbox that wrote to the lead is paused and no longer sends for the campaign",
  mailbox_backed_off: "the mailbox's server asked to slow down, or did not answer",
  sent_unknown: "it is not known yet what the mailbox has sent since the backup that was restored",
  reply_inbox_unread: "the inbox that would hold the reply has not been read to its end lately",
  step_without_text: "the next step has no text",
  outside_window: "it is outside the sending window",
  new_leads: "the campaign has written to as many new leads as it may on one day",
  domain_day: "the mailbox has sent as many mails to one mail domain as it may on one day",
  domain_hour: "the mailbox has sent as many mails to one mail domain as it may in one hour",
  company_full: "as many people of the company as may be are being written to",
  company_cooling_off: "somebody of the company was written to lately",
  company_refused: "somebody of the company has refused or opted out",
  cap_used: "the mailbox has used its cap for today",
  gap: "the mailbox keeps its gap between two mails",
};
