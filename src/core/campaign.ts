// A campaign's life: which state may follow which, and what is still missing before it can start.
import type { Instant } from "./instant.ts";
import type { LintCode, LintFinding } from "./lint-mail.ts";
import { type Hours, nextOpening } from "./sending-window.ts";
import { isTrigger } from "./sub-sequence.ts";
import { CAMPAIGN_STATES, type CampaignState } from "./words.ts";

const FOLLOWING: Readonly<Record<CampaignState, readonly CampaignState[]>> = {
  draft: ["scheduled", "active", "archived"],
  scheduled: ["draft", "active", "archived"],
  active: ["paused", "completed"],
  paused: ["active", "completed", "archived"],
  // active again when its end is extended
  completed: ["active", "archived"],
  archived: [],
};

export function canTransition(from: CampaignState, to: CampaignState): boolean {
  return FOLLOWING[from].includes(to);
}

/** The states from which `to` can be reached: what stands in the WHERE of a transition. */
export function statesBefore(to: CampaignState): CampaignState[] {
  return CAMPAIGN_STATES.filter((from) => canTransition(from, to));
}

/** What readiness looks at, collected from the store (store/campaign-readiness.ts). */
export interface ReadinessFacts {
  /** The audience: every lead of the workspace, or those of the campaign's list. */
  readonly leads: "none" | "all_unreachable" | "some";
  /** Of the audience: how many there are, how many addresses are known to be invalid, and the first ten of these. */
  readonly addresses: { readonly leads: number; readonly invalid: number; readonly first: readonly string[] };
  /** Null: there is no main sequence. */
  readonly mainSteps: number | null;
  readonly subSequences: readonly { readonly name: string; readonly trigger: string; readonly steps: number }[];
  readonly mailboxes: readonly MailboxFacts[];
  /** The campaign's, else the workspace's. */
  readonly postalAddress: string | null;
  readonly optOut: "link" | "reply";
  readonly hours: Hours;
  readonly endsAt: Instant | null;
  /** What DNS last said about the domains it sends from, as far as that is worth a warning. */
  readonly domainWarnings: readonly string[];
}

export interface MailboxFacts {
  readonly email: string;
  readonly paused: boolean;
  readonly pauseReason: string | null;
  /** Sending worked once. */
  readonly tested: boolean;
  /** Who reads the replies: null for a relay without a reply mailbox. `read`: reading worked once, and nothing keeps it from being read now. */
  readonly replyInbox: { readonly email: string; readonly read: boolean } | null;
}

/** What the store does not know. */
export interface Surroundings {
  readonly publicUrl: string | null;
  /** One sentence each, naming the step: Liquid that does not parse, variables that no lead can fill. */
  readonly templateProblems: readonly string[];
  /** What was found in the mails themselves. */
  readonly lint: readonly LintFinding[];
  /** Of an audience; above it a campaign does not start. */
  readonly maxInvalidPercent: number;
  readonly now: Instant;
}

export type MissingCode =
  | "leads_none"
  | "leads_unreachable"
  | "leads_invalid"
  | "main_sequence"
  | "steps"
  | "sub_sequence_trigger"
  | "sub_sequence_steps"
  | "mailbox_none"
  | "mailbox_untested"
  | "mailbox_paused"
  | "reply_inbox_none"
  | "reply_inbox_unread"
  | "postal_address"
  | "public_url"
  | "window"
  | "end_is_past"
  | "template"
  | LintCode;

/** One thing that keeps a campaign from starting: what it is, and what to do about it. */
export interface Missing {
  readonly code: MissingCode;
  readonly sentence: string;
  readonly todo: string;
}

export type WarningCode = "domain" | LintCode;

/** One thing that keeps nobody from starting, and that one should know before. */
export interface Warning {
  readonly code: WarningCode;
  readonly sentence: string;
  readonly todo: string;
}

export type Readiness = { readonly warnings: readonly Warning[] } & (
  | { readonly ready: true }
  | { readonly ready: false; readonly missing: readonly Missing[] }
);

/** Everything that is missing, named at once, so that nobody has to start a campaign six times. */
export function checkReadiness(facts: ReadinessFacts, around: Surroundings): Readiness {
  const missing = [
    ...missingLeads(facts),
    ...tooManyInvalid(facts, around),
    ...missingSequences(facts),
    ...missingMailboxes(facts),
    ...missingOptOut(facts, around),
    ...missingTime(facts, around),
    ...around.templateProblems.map((problem) => lacks("template", problem, CORRECT)),
    ...around.lint.flatMap(({ code, weight, sentence }) => (weight === "stop" ? [lacks(code, sentence, CORRECT)] : [])),
  ];
  const warnings: Warning[] = [
    ...facts.domainWarnings.map((sentence) => ({ code: "domain" as const, sentence, todo: "`domain check` shows the record to add." })),
    ...around.lint.flatMap(({ code, weight, sentence }) => (weight === "warning" ? [{ code, sentence, todo: LINT_TODO[code] }] : [])),
  ];
  return missing.length === 0 ? { ready: true, warnings } : { ready: false, missing, warnings };
}

const CORRECT = "Correct the text and apply the campaign file again.";

const LINT_TODO: Readonly<Record<LintCode, string>> = {
  size: "Shorten the text.",
  link: "Correct the lead, or the link.",
  subject: "Correct the lead, or the subject.",
  values: "Give these leads a value, or the campaign file a default.",
};

function lacks(code: MissingCode, sentence: string, todo: string): Missing {
  return { code, sentence, todo };
}

function missingLeads({ leads }: ReadinessFacts): Missing[] {
  if (leads === "none") return [lacks("leads_none", "The campaign has no leads.", "Import leads into its list, or choose another list.")];
  if (leads === "some") return [];
  return [
    lacks(
      "leads_unreachable",
      "Every lead of the campaign is suppressed, has bounced or has opted out.",
      "Add leads that may be written to.",
    ),
  ];
}

/** Those are left out anyway; but where many are known to be invalid, many of the others are, too, and their bounces cost the mailboxes their name. */
function tooManyInvalid({ addresses: { leads, invalid, first } }: ReadinessFacts, { maxInvalidPercent }: Surroundings): Missing[] {
  if (invalid * 100 <= leads * maxInvalidPercent) return [];
  const more = invalid > first.length ? ", …" : "";
  return [
    lacks(
      "leads_invalid",
      `${invalid} of ${leads} addresses are known to be invalid, more than ${maxInvalidPercent} %: ${first.join(", ")}${more}.`,
      "Remove them, or have the list verified and import it again.",
    ),
  ];
}

function missingSequences({ mainSteps, subSequences }: ReadinessFacts): Missing[] {
  const main =
    mainSteps === null
      ? [lacks("main_sequence", "The campaign has no main sequence.", "Add `sequence:` with at least one step to the campaign file.")]
      : mainSteps === 0
        ? [lacks("steps", "The main sequence has no steps.", "Add at least one step to `sequence:` in the campaign file.")]
        : [];
  const sub = subSequences.flatMap(({ name, trigger, steps }) => [
    ...(isTrigger(trigger)
      ? []
      : [lacks("sub_sequence_trigger", `The sub-sequence "${name}" starts on "${trigger}", which nothing ever is.`, "Correct its `on:`.")]),
    ...(steps > 0
      ? []
      : [lacks("sub_sequence_steps", `The sub-sequence "${name}" has no steps.`, "Add a step, or remove the sub-sequence.")]),
  ]);
  return [...main, ...sub];
}

function missingMailboxes({ mailboxes }: ReadinessFacts): Missing[] {
  if (mailboxes.length === 0)
    return [lacks("mailbox_none", "The campaign has no mailbox to send from.", "Add one and name it under `mailboxes:`.")];
  return mailboxes.flatMap((mailbox) => [...missingSender(mailbox), ...missingReplyInbox(mailbox)]);
}

function missingSender({ email, paused, pauseReason, tested }: MailboxFacts): Missing[] {
  if (paused) {
    const why = pauseReason === null ? "" : ` (${pauseReason})`;
    const todo = PAUSE_TODO[pauseReason ?? ""] ?? `Resume ${email}, or take it out of \`mailboxes:\`.`;
    return [lacks("mailbox_paused", `The mailbox ${email} is paused${why}.`, todo)];
  }
  return tested ? [] : [lacks("mailbox_untested", `The mailbox ${email} was never tested.`, `Test ${email}.`)];
}

/** What ends pauses that it would be wrong to end by hand. */
const PAUSE_TODO: Readonly<Record<string, string>> = {
  domain: "Mend the DNS of its domain: `domain check` shows the records to add. It sends again by itself once they are found.",
  unsigned: "Give its domain a key that works: `domain add`. It sends again by itself then.",
};

function missingReplyInbox({ email, replyInbox }: MailboxFacts): Missing[] {
  if (replyInbox === null) {
    return [
      lacks("reply_inbox_none", `${email} only sends, and nothing reads the replies.`, `Give ${email} IMAP access or a reply mailbox.`),
    ];
  }
  if (replyInbox.read) return [];
  return [
    lacks("reply_inbox_unread", `Replies to ${email} arrive in ${replyInbox.email}, which is not read.`, `Test ${replyInbox.email}.`),
  ];
}

function missingOptOut({ postalAddress, optOut }: ReadinessFacts, { publicUrl }: Surroundings): Missing[] {
  const address =
    postalAddress === null
      ? [
          lacks(
            "postal_address",
            "There is no postal address to show in the mails.",
            "Set `postal_address:` in the campaign file or for the workspace.",
          ),
        ]
      : [];
  if (optOut === "reply" || publicUrl?.startsWith("https://")) return address;
  const why = publicUrl === null ? "there is no public_url" : `${publicUrl} is not https`;
  return [
    ...address,
    lacks(
      "public_url",
      `Opt-out links need a public https address, and ${why}.`,
      "Set http.public_url, or choose `opt_out: reply` (mailto and “reply STOP”, no links).",
    ),
  ];
}

function missingTime({ hours, endsAt }: ReadinessFacts, { now }: Surroundings): Missing[] {
  return [
    ...(nextOpening(hours, now)
      ? []
      : [lacks("window", "The sending window never opens.", "Give `window:` at least one day that is no holiday.")]),
    ...(endsAt !== null && endsAt <= now ? [lacks("end_is_past", "The campaign's end is over.", "Move `ends_at:`, or remove it.")] : []),
  ];
}
