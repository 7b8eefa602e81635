// Leads: who they are, how far a conversation came, whether they can be reached; and the lists they stand in.
import { parseEmailAddress } from "../core/email-address.ts";
import { isId, type LeadId, type ListId, type WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { LEAD_STATUSES, type LeadStatus } from "../core/words.ts";
import { listIdByName } from "./campaign.ts";
import { HIDDEN_WORKSPACE, only, type Queryable, type Tx } from "./database.ts";

export type Reachability = "ok" | "bounced" | "unsubscribed" | "complained";

export interface Lead {
  readonly workspaceId: WorkspaceId;
  readonly id: LeadId;
  /** As typed: what mail is delivered to. */
  readonly email: string;
  readonly identityKey: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly title: string | null;
  readonly phone: string | null;
  readonly timeZone: string | null;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly status: LeadStatus;
  readonly statusSetByPerson: boolean;
  readonly scoreBand: "cold" | "warm" | "hot";
  readonly reachability: Reachability;
  readonly source: string | null;
  /** When a person took it out of everything; null while campaigns may take it in. */
  readonly removedAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface ListedLead extends Lead {
  /** Why its address or domain is suppressed for the whole workspace; null when it is not. */
  readonly suppressed: string | null;
}

const COLUMNS = `
  workspace_id as "workspaceId", id, email, identity_key as "identityKey", first_name as "firstName", last_name as "lastName", company, title,
  phone, time_zone as "timeZone", custom, status, status_set_by_person as "statusSetByPerson", score_band as "scoreBand", reachability, source,
  removed_at as "removedAt", created_at as "createdAt", updated_at as "updatedAt"`;

export async function leadById(q: Queryable, workspaceId: WorkspaceId, id: LeadId): Promise<Lead | null> {
  const { rows } = await q.query<Lead>(`select ${COLUMNS} from lead where workspace_id = $1 and id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The workspace is hidden from the planner: of one that its statistics do not know it expects no lead, and takes any index that begins with the workspace. */
export async function leadByAddress(q: Queryable, workspaceId: WorkspaceId, identityKey: string): Promise<Lead | null> {
  const { rows } = await q.query<Lead>(`select ${COLUMNS} from lead where workspace_id = ${HIDDEN_WORKSPACE} and identity_key = $2`, [
    workspaceId,
    identityKey,
  ]);
  return rows[0] ?? null;
}

/** The lead that a person named: by its id, or by its address in any spelling. */
export async function findLead(q: Queryable, workspaceId: WorkspaceId, named: string): Promise<Lead | null> {
  const text = named.trim();
  if (isId(text)) return leadById(q, workspaceId, text as LeadId);
  const address = parseEmailAddress(text);
  return address && leadByAddress(q, workspaceId, address.identityKey);
}

/** The newest first, at most `limit`; with `search`, those whose address, name or company holds it, in whatever case. */
export async function listLeads(
  q: Queryable,
  workspaceId: WorkspaceId,
  page: { readonly search: string | null; readonly listId: ListId | null; readonly limit: number },
): Promise<ListedLead[]> {
  const { rows } = await q.query<ListedLead>(
    `select ${COLUMNS}, (
         select s.reason from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
           and s.campaign_id is null order by s.created_at limit 1) as suppressed
     from lead
     where workspace_id = $1
       and ($2::text is null or position(lower($2) in lower(concat_ws(' ', email, identity_key, first_name, last_name, company))) > 0)
       and ($3::uuid is null or exists (
         select from lead_list_member member
         where member.workspace_id = lead.workspace_id and member.list_id = $3 and member.lead_id = lead.id))
     order by created_at desc, id desc limit $4`,
    [workspaceId, page.search, page.listId, page.limit],
  );
  return rows;
}

/** How many leads the workspace has, or one list of it. */
export async function countLeads(q: Queryable, workspaceId: WorkspaceId, listId: ListId | null = null): Promise<number> {
  const { rows } = await q.query<{ leads: number }>(
    `select case when $2::uuid is null then (select count(*) from lead where workspace_id = $1)
       else (select count(*) from lead_list_member where workspace_id = $1 and list_id = $2) end as leads`,
    [workspaceId, listId],
  );
  return only(rows).leads;
}

/** A complaint outweighs an opt-out, an opt-out a bounce: false when the lead stands at this or worse already. */
export async function markReachability(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: LeadId,
  reachability: Exclude<Reachability, "ok">,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead set reachability = $3, updated_at = $4 where workspace_id = $1 and id = $2
       and array_position('{ok,bounced,unsubscribed,complained}', reachability) < array_position('{ok,bounced,unsubscribed,complained}', $3)`,
    [workspaceId, id, reachability, at],
  );
  return rowCount === 1;
}

/** Lifts the status as far as the conversation came; never lowers it, and leaves alone what a person has set. */
export async function raiseStatus(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: LeadId,
  status: "contacted" | "engaged" | "qualified",
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead set status = $3, updated_at = $4
     where workspace_id = $1 and id = $2 and not status_set_by_person and array_position($5::text[], status) < array_position($5::text[], $3)`,
    [workspaceId, id, status, at, LEAD_STATUSES],
  );
  return rowCount === 1;
}

/**
 * No campaign takes the lead in any more. False when it was so already. The lock comes before the change: only so does an enrollment that begins
 * at this moment wait (it locks the key, which a change of another column alone would let it do).
 */
export async function markRemoved(tx: Tx, workspaceId: WorkspaceId, id: LeadId, at: Instant): Promise<boolean> {
  await tx.query("select from lead where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  const { rowCount } = await tx.query(
    "update lead set removed_at = $3, updated_at = $3 where workspace_id = $1 and id = $2 and removed_at is null",
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

/** Removes the lead with its enrollments and list memberships. What was sent to it, and what suppresses its address, stays. */
export async function deleteLead(tx: Tx, workspaceId: WorkspaceId, id: LeadId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from lead where workspace_id = $1 and id = $2", [workspaceId, id]);
  return rowCount === 1;
}

/** Null when a list of that name exists, whatever its case. */
export async function createList(q: Queryable, workspaceId: WorkspaceId, name: string, at: Instant): Promise<ListId | null> {
  const { rows } = await q.query<{ id: ListId }>(
    `insert into lead_list (workspace_id, name, created_at) values ($1, btrim($2), $3)
     on conflict (workspace_id, lower(name)) do nothing returning id`,
    [workspaceId, name, at],
  );
  return rows[0]?.id ?? null;
}

/** The list of that name, made when there is none. Two callers at once get the same. */
export async function ensureList(q: Queryable, workspaceId: WorkspaceId, name: string, at: Instant): Promise<ListId> {
  const id = (await createList(q, workspaceId, name, at)) ?? (await listIdByName(q, workspaceId, name.trim()));
  return only(id === null ? [] : [id]);
}
