// What happened, as far as `why` tells it: what came in from a lead, and what a mailbox or campaign has sent since a moment.
import type { CampaignId, InboundMessageId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { LeadStatus, RecordedInterest } from "../core/words.ts";
import { only, type Queryable } from "./database.ts";
import { SENT_HERE } from "./message.ts";

export interface LeadFacts {
  readonly id: LeadId;
  readonly email: string;
  readonly zone: string | null;
  readonly status: LeadStatus;
  readonly reachability: "ok" | "bounced" | "unsubscribed" | "complained";
  /** Why its address or domain is suppressed for the whole workspace; null when it is not. */
  readonly suppressed: string | null;
  /** Why its address is known to be invalid; null when it is not. */
  readonly invalid: string | null;
  /** When a person took it out of everything; null while campaigns may take it in. */
  readonly removedAt: Instant | null;
}

/** A lead by its identity key or its id: whichever is given. */
export async function leadFacts(
  q: Queryable,
  workspaceId: WorkspaceId,
  by: { readonly identityKey: string | null; readonly id: string | null },
): Promise<LeadFacts | null> {
  const { rows } = await q.query<LeadFacts>(
    `select lead.id, lead.email, lead.time_zone as zone, lead.status, lead.reachability, lead.removed_at as "removedAt",
       case when lead.address_quality = 'invalid' then lead.address_quality_reason end as invalid,
       (select s.reason from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
          and s.campaign_id is null order by s.created_at limit 1) as suppressed
     from lead where lead.workspace_id = $1 and (lead.identity_key = $2 or lead.id = $3)`,
    [workspaceId, by.identityKey, by.id],
  );
  return rows[0] ?? null;
}

export interface ReceivedMail {
  readonly id: InboundMessageId;
  readonly receivedAt: Instant;
  readonly fromAddress: string | null;
  readonly subject: string | null;
  readonly verdict: string;
  readonly verdictWhy: readonly string[];
  readonly matchMethod: string | null;
  readonly campaignId: CampaignId | null;
  readonly interestLevel: RecordedInterest;
}

/** What came in that belongs to a lead, oldest first. */
export async function receivedFrom(q: Queryable, workspaceId: WorkspaceId, leadId: LeadId): Promise<ReceivedMail[]> {
  const { rows } = await q.query<ReceivedMail>(
    `select id, received_at as "receivedAt", from_address as "fromAddress", subject, verdict, verdict_why as "verdictWhy",
       match_method as "matchMethod", campaign_id as "campaignId", interest_level as "interestLevel"
     from inbound_message where workspace_id = $1 and lead_id = $2 order by received_at, id`,
    [workspaceId, leadId],
  );
  return rows;
}

/** Mails of a campaign, or of everybody, that mailboxes have sent (or may have sent) in slots since a moment. */
export async function sentSince(
  q: Queryable,
  workspaceId: WorkspaceId,
  by: { readonly mailboxId: MailboxId; readonly campaignId: CampaignId | null },
  since: Instant,
): Promise<number> {
  const { rows } = await q.query<{ mails: number }>(
    `select count(*)::integer as mails from message m
     where m.workspace_id = $1 and m.mailbox_id = $2 and ($3::uuid is null or m.campaign_id = $3) and m.slot_at >= $4 and ${SENT_HERE}
       and m.state in ('sent', 'uncertain', 'claimed', 'transmitting')`,
    [workspaceId, by.mailboxId, by.campaignId, since],
  );
  return only(rows).mails;
}
