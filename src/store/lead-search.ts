// Which leads? The filters that the list of leads, saved segments and bulk changes share, and the pages that they give.
import type { LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { LeadStatus, SuppressionReason } from "../core/words.ts";
import { only, type Queryable } from "./database.ts";
import { LEAD_COLUMNS, type Lead, type Reachability, type ScoreBand } from "./lead.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export const ASKED_QUALITIES = ["good", "doubtful", "invalid", "unrated"] as const;
type AskedQuality = (typeof ASKED_QUALITIES)[number];

/** What is not given asks for nothing. Every filter that is given must fit. */
export interface LeadFilter {
  /** The one lead of this address. */
  readonly identityKey?: string | undefined;
  /** Stands in the address, the name or the company, in whatever case. */
  readonly search?: string | undefined;
  readonly status?: readonly LeadStatus[] | undefined;
  readonly reachability?: readonly Reachability[] | undefined;
  readonly scoreBand?: readonly ScoreBand[] | undefined;
  readonly list?: ListId | undefined;
  /** Has at least one of them. */
  readonly tag?: readonly string[] | undefined;
  /** What is known of its address; `unrated`: nothing. */
  readonly addressQuality?: readonly AskedQuality[] | undefined;
  /** Whether a person took it out of everything. */
  readonly removed?: boolean | undefined;
}

export interface ListedLead extends Lead {
  /** Why its address or domain is suppressed for the whole workspace; null when it is not. */
  readonly suppressed: SuppressionReason | null;
  readonly tags: readonly string[];
}

const LISTED = `${LEAD_COLUMNS}, (
    select s.reason from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
      and s.campaign_id is null order by s.created_at limit 1) as suppressed,
  array(select t.tag from lead_tag t where t.workspace_id = lead.workspace_id and t.lead_id = lead.id order by t.tag) as tags`;

/** Of `lead`, with the values of `filterValues` as $1 to $10. */
const FITS = `lead.workspace_id = $1
  and ($2::text is null or position(lower($2) in lower(concat_ws(' ', email, identity_key, first_name, last_name, company))) > 0)
  and ($3::text[] is null or status = any($3)) and ($4::text[] is null or reachability = any($4))
  and ($5::text[] is null or score_band = any($5)) and ($6::boolean is null or (removed_at is not null) = $6)
  and ($9::text is null or identity_key = $9)
  and ($10::text[] is null or coalesce(address_quality, 'unrated') = any($10))`;
/**
 * Lists and tags are asked for outside of any OR: only so does the planner begin with the few leads of a list (1 ms instead of 300 ms among a
 * million).
 */
const OF_LIST =
  "and exists (select from lead_list_member m where m.workspace_id = lead.workspace_id and m.list_id = $7 and m.lead_id = lead.id)";
const OF_ANY_LIST = "and $7::uuid is null";
const WITH_TAG =
  "and exists (select from lead_tag t where t.workspace_id = lead.workspace_id and t.tag = any($8::text[]) and t.lead_id = lead.id)";
const WITH_ANY_TAG = "and $8::text[] is null";

function filterValues(workspaceId: WorkspaceId, filter: LeadFilter): unknown[] {
  const { search, status, reachability, scoreBand, removed, list, tag, identityKey, addressQuality } = filter;
  const values = [search, status, reachability, scoreBand, removed, list, tag, identityKey, addressQuality];
  return [workspaceId, ...values.map((value) => value ?? null)];
}

export async function newestLeads(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: LeadFilter,
  page: PageRequest,
): Promise<Page<ListedLead>> {
  const after = afterCursor(page, ["timestamptz", "uuid"]);
  const ofList = filter.list ? OF_LIST : OF_ANY_LIST;
  const withTag = filter.tag ? WITH_TAG : WITH_ANY_TAG;
  const { rows } = await q.query<ListedLead>(
    `select ${LISTED} from lead where ${FITS} ${ofList} ${withTag}
       and ($11::timestamptz is null or (created_at, id) < ($11, $12::uuid))
     order by created_at desc, id desc limit $13`,
    [...filterValues(workspaceId, filter), ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.createdAt, row.id]);
}

export async function leadsByAddress(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: LeadFilter,
  page: PageRequest,
): Promise<Page<ListedLead>> {
  const after = afterCursor(page, ["text"]);
  const ofList = filter.list ? OF_LIST : OF_ANY_LIST;
  const withTag = filter.tag ? WITH_TAG : WITH_ANY_TAG;
  const { rows } = await q.query<ListedLead>(
    `select ${LISTED} from lead where ${FITS} ${ofList} ${withTag} and ($11::text is null or identity_key > $11)
     order by identity_key limit $12`,
    [...filterValues(workspaceId, filter), ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.identityKey]);
}

/** Ids that fit, in their order, from behind one. */
export async function leadIdsThatFit(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: LeadFilter,
  page: { readonly after: LeadId | null; readonly limit: number },
): Promise<LeadId[]> {
  const ofList = filter.list ? OF_LIST : OF_ANY_LIST;
  const withTag = filter.tag ? WITH_TAG : WITH_ANY_TAG;
  const { rows } = await q.query<{ id: LeadId }>(
    `select id from lead where ${FITS} ${ofList} ${withTag} and ($11::uuid is null or id > $11) order by id limit $12`,
    [...filterValues(workspaceId, filter), page.after, page.limit],
  );
  return rows.map((row) => row.id);
}

export async function countLeadsThatFit(q: Queryable, workspaceId: WorkspaceId, filter: LeadFilter): Promise<number> {
  const ofList = filter.list ? OF_LIST : OF_ANY_LIST;
  const withTag = filter.tag ? WITH_TAG : WITH_ANY_TAG;
  const { rows } = await q.query<{ leads: number }>(
    `select count(*) as leads from lead where ${FITS} ${ofList} ${withTag}`,
    filterValues(workspaceId, filter),
  );
  return only(rows).leads;
}
