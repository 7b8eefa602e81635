// The live state of a workspace as server-sent events. Every event holds the whole of its section, so nobody has to remember what came before.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Permission } from "../../core/permissions.ts";
import { listCampaigns } from "../../store/campaign.ts";
import { pageOfInbound } from "../../store/inbound-page.ts";
import { listMailboxes } from "../../store/mailbox.ts";
import { pageOfMessages } from "../../store/message-page.ts";
import { listSchedule } from "../../store/schedule.ts";
import { type Listener, type LiveFeed, openLiveFeed, RETRY_MS, type Sections } from "../live-feed.ts";
import { EventStream } from "./event-stream.ts";
import { inbound } from "./inbound.ts";
import { asListed, message } from "./messages.ts";
import { type Context, operation } from "./operation.ts";
import { campaignNumbers, mailboxState, nextRuns, numbersOf, stateOf } from "./status.ts";

/** Section → who may see it, and what an event of it holds. */
const SECTIONS = {
  campaigns: { permission: "campaigns:read", data: z.array(campaignNumbers).readonly() },
  mailboxes: { permission: "mailboxes:read", data: z.array(mailboxState).readonly() },
  messages: { permission: "messages:read", data: z.array(message).readonly().describe("The newest twenty") },
  inbound: { permission: "messages:read", data: z.array(inbound).readonly().describe("The newest twenty") },
  automations: { permission: "automations:read", data: z.array(nextRuns).readonly() },
} as const satisfies Readonly<Record<string, { permission: Permission; data: z.ZodType }>>;
type Section = keyof typeof SECTIONS;

const eventOf = <Name extends Section>(name: Name) =>
  z.object({
    event: z.literal(name),
    id: z
      .string()
      .optional()
      .describe("Of the last of those that come together; as Last-Event-ID, it brings only what is different by then"),
    data: SECTIONS[name].data,
  });
const liveEvent = z
  .discriminatedUnion("event", [
    eventOf("campaigns"),
    eventOf("mailboxes"),
    eventOf("messages"),
    eventOf("inbound"),
    eventOf("automations"),
  ])
  .meta({ id: "LiveEvent", description: "One event: its fields are the lines `event:`, `id:` and `data:`, the last in JSON" });

const SHOWN = { limit: 20, cursor: null };
const ANY_MESSAGE = { campaignId: null, leadId: null, mailboxId: null, states: null };
const ANY_INBOUND = {
  dispositions: ["matched", "unmatched"],
  verdicts: null,
  interestLevels: null,
  campaignId: null,
  leadId: null,
  mailboxId: null,
  handled: null,
} as const;

async function look({ db }: Agent, workspaceId: WorkspaceId): Promise<Sections> {
  const [campaigns, mailboxes, messages, received, automations] = await Promise.all([
    listCampaigns(db, workspaceId),
    listMailboxes(db, workspaceId),
    pageOfMessages(db, workspaceId, ANY_MESSAGE, SHOWN),
    pageOfInbound(db, workspaceId, ANY_INBOUND, SHOWN),
    listSchedule(db),
  ]);
  const text = <Name extends Section>(name: Name, data: z.output<(typeof SECTIONS)[Name]["data"]>) =>
    JSON.stringify(z.encode(SECTIONS[name].data as z.ZodType, data));
  return {
    campaigns: text("campaigns", campaigns.map(numbersOf)),
    mailboxes: text("mailboxes", mailboxes.map(stateOf)),
    messages: text("messages", messages.items.map(asListed)),
    inbound: text("inbound", received.items),
    automations: text("automations", automations),
  };
}

/** One feed a workspace, shared by all who listen to it; per agent, so that the servers of one process do not mix. */
const feeds = new WeakMap<Agent["db"], Map<WorkspaceId, LiveFeed>>();

function feedOf(agent: Agent, workspaceId: WorkspaceId): LiveFeed {
  const known = feeds.get(agent.db) ?? new Map<WorkspaceId, LiveFeed>();
  feeds.set(agent.db, known);
  const feed = known.get(workspaceId) ?? openLiveFeed(() => look(agent, workspaceId), agent.log);
  known.set(workspaceId, feed);
  return feed;
}

/** Ends every stream of this agent. */
export function closeEvents({ db }: Agent): void {
  for (const feed of feeds.get(db)?.values() ?? []) feed.close();
  feeds.delete(db);
}

export const eventOperations = [
  operation({
    id: "events.follow",
    method: "GET",
    path: "/events",
    summary: "The live state, section by section: first all that one may read, then what changes. Ends with the session, key or membership",
    permission: "workspace:read",
    query: z.strictObject({
      follow: z.enum(["true", "false"]).default("true").describe("false: the present state, and that is all"),
    }),
    result: liveEvent,
    stream: true,
    handle: (context, { query }) => Promise.resolve(streamFor(context, query.follow === "true") as never),
  }),
];

function streamFor({ agent, workspaceId, caller, isWelcome, lastEventId }: Context, follows: boolean): EventStream {
  const before = versionsOf(lastEventId);
  const mayLook = (section: string) => caller.permissions.has(SECTIONS[section as Section].permission);
  const listener: Omit<Listener, "to"> = {
    mayLook,
    isWelcome,
    has: (section, text) => before.get(section) === digest(text),
    write: events,
  };
  if (follows) return new EventStream((to) => feedOf(agent, workspaceId).listen({ ...listener, to }));
  return new EventStream(async (to) => {
    const seen = Object.fromEntries(Object.entries(await look(agent, workspaceId)).filter(([section]) => mayLook(section)));
    to.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" }).end(
      `retry: ${RETRY_MS}\n\n${events(seen, seen)}`,
    );
    return true;
  });
}

/** JSON has no line ends, so one data line holds it. */
function events(changed: Sections, seen: Sections): string {
  const id = Object.entries(seen)
    .map(([section, text]) => `${section}=${digest(text)}`)
    .join(";");
  const written = Object.entries(changed).map(([section, text]) => `event: ${section}\ndata: ${text}\n`);
  // Only with the last: a connection that breaks before it must not seem to have seen it.
  return written.length === 0 ? "" : `${written.join("\n")}id: ${id}\n\n`;
}

/** Of Last-Event-ID: section → digest of what was seen. What is no id of ours knows nothing, and gets everything. */
function versionsOf(lastEventId: string | null): ReadonlyMap<string, string> {
  return new Map((lastEventId ?? "").split(";").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
