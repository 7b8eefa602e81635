// How the live page looks: what needs a person on top, then campaigns, today's plan, replies and messages. Pure: facts in, HTML out.
import type { WhyToday } from "../automations/why.ts";
import { type Instant, MINUTE } from "../core/instant.ts";
import type { CampaignSummary } from "../store/campaign.ts";
import type { Inbound } from "../store/inbound.ts";
import type { Message } from "../store/message.ts";
import type { Reply } from "../store/reply-review.ts";
import { type Html, html } from "./html.ts";

export interface LiveFacts {
  readonly now: Instant;
  readonly campaigns: readonly CampaignSummary[];
  readonly today: Pick<WhyToday, "mailboxes" | "next">;
  readonly inbound: readonly Inbound[];
  readonly messages: readonly Message[];
  readonly uncertain: readonly Message[];
  readonly toReview: readonly Reply[];
}

/** The parts of the page by their id. */
export type PageSections = Readonly<Record<string, Html>>;

/** In the order of the page. */
export function liveSections({ now, campaigns, today, inbound, messages, uncertain, toReview }: LiveFacts): PageSections {
  return {
    now: html`<p class="dim">${{ html: time(new Date(Math.floor(now.getTime() / MINUTE) * MINUTE)) }}</p>`,
    uncertain: uncertainNotice(uncertain),
    review: reviewNotice(toReview),
    campaigns: campaignTable(campaigns),
    today: todayLine(today),
    replies: html`<h2>Replies</h2>${{ html: inboundTable(inbound) }}`,
    messages: html`<h2>Messages</h2>${{ html: messageTable(messages) }}`,
  };
}

export function livePageBody(sections: PageSections): Html {
  const parts = Object.entries(sections).map(([id, markup]) => html`<section id="${id}">${{ html: markup }}</section>`);
  return html`<header><h1>Marketing Agent</h1><p class="lost">Not connected: what you see may be old.</p></header>${parts}`;
}

/** Of what waits for a person. */
const NAMED = 5;

function uncertainNotice(uncertain: readonly Message[]): Html {
  if (uncertain.length === 0) return html``;
  const shown = uncertain.slice(0, NAMED).map((one) => html`<li><code>${one.id}</code> ${one.recipient}: ${one.subject}</li>`);
  const more = uncertain.length > NAMED ? html`<p>… and ${uncertain.length - NAMED} more.</p>` : html``;
  return html`<div class="notice"><p><strong>${uncertain.length} uncertain.</strong> The connection broke after the last byte, so nobody knows whether the server took these. Look into the Sent folder or the server's log, then say <code>message was-sent ID</code> or <code>message send-again ID</code>.</p><ul>${shown}</ul>${{ html: more }}</div>`;
}

/** Their words stand among the replies. */
function reviewNotice(toReview: readonly Reply[]): Html {
  if (toReview.length === 0) return html``;
  const ids = toReview
    .slice(0, NAMED)
    .map((one) => html`<li><code>${one.id}</code> ${one.fromAddress}: ${shortened(one.visibleText ?? "")}</li>`);
  return html`<div class="notice ask"><p><strong>${toReview.length === 1 ? "1 reply needs" : `${toReview.length} replies need`} your judgement.</strong> Say <code>replies judge ID positive</code>, or whatever it is.</p><ul>${ids}</ul></div>`;
}

function campaignTable(campaigns: readonly CampaignSummary[]): Html {
  const rows = campaigns.map(
    (one) =>
      html`<tr><td>${one.name}</td><td>${{ html: pill(one.state, one.state === "active" ? "good" : "") }}</td>${[one.enrolled, one.sent, one.active, one.awaitingReply, one.replied, one.stopped, silent(one)].map((count) => html`<td class="n">${count}</td>`)}</tr>`,
  );
  return table(
    ["Campaign", "State", "Leads", "Sent", "In sequence", "Awaiting reply", "Replied", "Stopped", "No answer"],
    2,
    rows,
    html`No campaign yet. Add a mailbox with <code>mailbox add ADDRESS</code>, then a campaign with <code>campaign apply FILE</code>.`,
  );
}

/** Leads that got everything and never answered: so the numbers add up. */
function silent({ enrolled, active, awaitingReply, replied, stopped }: CampaignSummary): number {
  return enrolled - active - awaitingReply - replied - stopped;
}

function todayLine({ mailboxes, next }: LiveFacts["today"]): Html {
  if (mailboxes.length === 0) return html``;
  const sum = (of: (one: (typeof mailboxes)[number]) => number) => mailboxes.reduce((total, one) => total + of(one), 0);
  const coming = next ? html` · next: “${next.step}” to ${next.lead} at ${{ html: time(next.at) }}` : html` · nothing is planned`;
  return html`<p>Today: <strong>${sum((one) => one.sent)}</strong> sent, <strong>${sum((one) => one.toCome)}</strong> to come${{ html: coming }}</p>`;
}

/** How a level looks; what needs a person stands out. */
const TONES: Readonly<Partial<Record<Inbound["interestLevel"], string>>> = {
  positive: "good",
  requested_info: "good",
  referral: "good",
  needs_review: "ask",
  objection: "warn",
  negative: "bad",
  unsubscribe: "bad",
};
const WORDS = 160;

function inboundTable(inbound: readonly Inbound[]): Html {
  const rows = inbound.map((one) => {
    const isReply = one.verdict === "reply";
    const what = isReply ? pill(words(one.interestLevel), TONES[one.interestLevel] ?? "") : pill(words(one.verdict), "quiet");
    return html`<tr><td class="t">${{ html: time(one.receivedAt) }}</td><td>${one.fromAddress}</td><td>${{ html: what }}</td><td class="w">${shortened(one.visibleText ?? one.subject ?? "")}</td></tr>`;
  });
  return table(["Received", "From", "Interest", "Words"], Number.POSITIVE_INFINITY, rows, html`Nothing came in yet.`);
}

function messageTable(messages: readonly Message[]): Html {
  const rows = messages.map((one) => {
    const tone = one.state === "sent" ? "quiet" : one.state === "failed" || one.state === "uncertain" ? "bad" : "warn";
    const state = one.reason ? `${one.state}: ${words(one.reason)}` : one.state;
    return html`<tr><td class="t">${{ html: time(one.sentAt ?? one.slotAt) }}</td><td>${one.recipient}</td><td>${one.stepLineage ?? one.kind}</td><td class="w">${shortened(one.subject ?? "")}</td><td>${{ html: pill(state, tone) }}</td></tr>`;
  });
  return table(["Time", "To", "Step", "Subject", "State"], Number.POSITIVE_INFINITY, rows, html`Nothing was sent yet.`);
}

function table(headers: readonly string[], numbersFrom: number, rows: readonly Html[], empty: Html): Html {
  if (rows.length === 0) return html`<p class="dim">${{ html: empty }}</p>`;
  const head = headers.map((name, index) => (index >= numbersFrom ? html`<th class="n">${name}</th>` : html`<th>${name}</th>`));
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function pill(text: string, tone: string): Html {
  return html`<span class="pill ${tone}">${text}</span>`;
}

function words(code: string): string {
  return code.replaceAll("_", " ");
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > WORDS ? `${line.slice(0, WORDS).trimEnd()}…` : line;
}

/** In UTC for a browser without scripts; live-script.ts tells it in the reader's zone. */
function time(at: Instant): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}
