// The first page: what campaigns, messages and replies do right now. Reloads itself every two seconds.
import type { FastifyInstance } from "fastify";
import type { Agent } from "../automations/agent.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { type CampaignSummary, listCampaigns } from "../store/campaign.ts";
import { type Inbound, latestInbound } from "../store/inbound.ts";
import { latestMessages, type Message, messageCounts, uncertainMessages } from "../store/message.ts";
import { type Html, html, page } from "./html.ts";

const SHOWN = 25;
const RELOAD_SECONDS = 2;

export function registerLivePage(app: FastifyInstance, agent: Agent, workspaceId: WorkspaceId): void {
  app.get("/", async (_request, reply) => {
    reply.type("text/html; charset=utf-8").header("refresh", String(RELOAD_SECONDS)).header("cache-control", "no-store");
    return livePage(agent, workspaceId);
  });
}

async function livePage(agent: Agent, workspaceId: WorkspaceId): Promise<Html> {
  const [campaigns, messages, counts, inbound, uncertain] = await Promise.all([
    listCampaigns(agent.db, workspaceId),
    latestMessages(agent.db, workspaceId, SHOWN),
    messageCounts(agent.db, workspaceId),
    latestInbound(agent.db, workspaceId, SHOWN),
    uncertainMessages(agent.db, workspaceId),
  ]);
  const total = counts.map(({ state, messages: number }) => `${number} ${state}`).join(", ") || "no messages yet";
  return page(
    "Marketing Agent",
    html`<h1>Marketing Agent</h1><p class="dim">It is ${time(agent.clock.now())} · ${total}</p>
${{ html: uncertainNotice(uncertain) }}
<h2>Campaigns</h2>${{ html: campaignTable(campaigns) }}
<h2>Replies</h2>${{ html: inboundTable(inbound) }}
<h2>Messages</h2>${{ html: messageTable(messages) }}`,
  );
}

function uncertainNotice(uncertain: readonly Message[]): Html {
  if (uncertain.length === 0) return html``;
  return html`<p><strong>${uncertain.length} uncertain:</strong> the connection broke after the last byte, so nobody knows whether they were accepted. Look into the Sent folder or the server's log.</p>`;
}

function campaignTable(campaigns: readonly CampaignSummary[]): Html {
  const rows = campaigns.map(
    (one) =>
      html`<tr><td>${one.name}</td><td>${one.state}</td><td class="n">${one.enrolled}</td><td class="n">${one.sent}</td><td class="n">${one.active}</td><td class="n">${one.awaitingReply}</td><td class="n">${one.replied}</td><td class="n">${one.stopped}</td></tr>`,
  );
  return table(
    ["Name", "State", "Leads", "Sent", "In sequence", "Awaiting reply", "Replied", "Stopped"],
    2,
    rows,
    "No campaign yet. Apply a file: marketing-agent campaign apply examples/first-campaign/campaign.yaml",
  );
}

function inboundTable(inbound: readonly Inbound[]): Html {
  const rows = inbound.map(
    (one) =>
      html`<tr><td>${time(one.receivedAt)}</td><td>${one.fromAddress}</td><td>${one.verdict.replaceAll("_", " ")}</td><td>${one.verdict === "reply" ? one.interestLevel.replaceAll("_", " ") : ""}</td><td>${(one.visibleText ?? one.subject ?? "").slice(0, 140)}</td></tr>`,
  );
  return table(["Received", "From", "What it is", "Interest", "Words"], Number.POSITIVE_INFINITY, rows, "Nothing came in yet.");
}

function messageTable(messages: readonly Message[]): Html {
  const rows = messages.map(
    (one) =>
      html`<tr><td>${time(one.sentAt ?? one.slotAt)}</td><td>${one.recipient}</td><td>${one.stepLineage}</td><td>${one.subject}</td><td>${one.state}${one.reason ? ` (${one.reason.replaceAll("_", " ")})` : ""}</td></tr>`,
  );
  return table(["Time", "To", "Step", "Subject", "State"], Number.POSITIVE_INFINITY, rows, "Nothing was sent yet.");
}

function table(headers: readonly string[], numbersFrom: number, rows: readonly Html[], empty: string): Html {
  if (rows.length === 0) return html`<p class="dim">${empty}</p>`;
  const head = headers.map((name, index) => (index >= numbersFrom ? html`<th class="n">${name}</th>` : html`<th>${name}</th>`));
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function time(at: Instant): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
