// Imports of leads: what a file brought, and what of it was not taken. Rows come in batches; each statement takes a whole one.
import type { EmailAddress } from "../core/email-address.ts";
import type { ImportId, LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { LeadRow } from "../core/lead-row.ts";
import { HIDDEN_WORKSPACE, only, type Queryable, type Tx } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export const ON_DUPLICATE = ["skip", "fill", "overwrite"] as const;
export type OnDuplicate = (typeof ON_DUPLICATE)[number];
export const IMPORT_STATES = ["running", "completed", "failed", "interrupted"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface LeadImport {
  readonly id: ImportId;
  readonly fileName: string;
  readonly listId: ListId | null;
  readonly onDuplicate: OnDuplicate;
  readonly state: ImportState;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly errorCode: string | null;
}

/** Who holds this lock runs the import. It goes with the connection, so a process that dies lets go of it. */
const LOCK_OF_ID = "hashtextextended(id::text, 0)";

/** Notes an import that begins, and keeps the lock that says that its process lives; its connection must stay open until the import has ended. */
export async function startImport(
  held: Queryable,
  started: { workspaceId: WorkspaceId; fileName: string; onDuplicate: OnDuplicate },
  at: Instant,
): Promise<ImportId> {
  const { rows } = await held.query<{ id: ImportId }>(
    `insert into lead_import (workspace_id, file_name, on_duplicate, started_at) values ($1, $2, $3, $4)
     returning id, pg_advisory_lock(${LOCK_OF_ID})`,
    [started.workspaceId, started.fileName, started.onDuplicate, at],
  );
  return only(rows).id;
}

/** Lets go of the lock that startImport took on this connection. */
export async function releaseImport(held: Queryable, id: ImportId): Promise<void> {
  await held.query("select pg_advisory_unlock(hashtextextended($1::uuid::text, 0))", [id]);
}

/** Says of imports, in all workspaces, whose process is gone that they were interrupted; returns how many. What they had taken stays. */
export async function markInterrupted(q: Queryable, at: Instant): Promise<number> {
  const { rowCount } = await q.query(
    `update lead_import set state = 'interrupted', ended_at = $1 where state = 'running' and pg_try_advisory_xact_lock(${LOCK_OF_ID})`,
    [at],
  );
  return rowCount ?? 0;
}

const IMPORT_COLUMNS = `id, file_name as "fileName", list_id as "listId", on_duplicate as "onDuplicate", state, started_at as "startedAt",
  ended_at as "endedAt", counts, error_code as "errorCode"`;

export async function importById(q: Queryable, workspaceId: WorkspaceId, id: ImportId): Promise<LeadImport | null> {
  const { rows } = await q.query<LeadImport>(`select ${IMPORT_COLUMNS} from lead_import where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Newest first. */
export async function listImports(
  q: Queryable,
  workspaceId: WorkspaceId,
  states: readonly ImportState[] | null,
  page: PageRequest,
): Promise<Page<LeadImport>> {
  const after = afterCursor(page, ["timestamptz", "uuid"]);
  const { rows } = await q.query<LeadImport>(
    `select ${IMPORT_COLUMNS} from lead_import where workspace_id = $1 and ($2::text[] is null or state = any($2))
       and ($3::timestamptz is null or (started_at, id) < ($3, $4::uuid))
     order by started_at desc, id desc limit $5`,
    [workspaceId, states, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.startedAt, row.id]);
}

/** Names the list that the leads go into, once it is known that the file can be read. */
export async function setImportList(tx: Tx, workspaceId: WorkspaceId, id: ImportId, listId: ListId): Promise<void> {
  await tx.query("update lead_import set list_id = $3 where workspace_id = $1 and id = $2", [workspaceId, id, listId]);
}

/** What was counted so far, in the transaction of the batch that made it so. */
export async function recordImportCounts(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: ImportId,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  await tx.query("update lead_import set counts = $3 where workspace_id = $1 and id = $2 and state = 'running'", [workspaceId, id, counts]);
}

/** Completed, or failed with a code. False when it has ended before; one that was taken for dead, because its connection broke, has not. */
export async function finishImport(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: ImportId,
  end: { readonly counts: Readonly<Record<string, number>>; readonly errorCode: string | null },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `update lead_import set state = case when $3::text is null then 'completed' else 'failed' end, error_code = $3, counts = $4, ended_at = $5
     where workspace_id = $1 and id = $2 and state in ('running', 'interrupted')`,
    [workspaceId, id, end.errorCode, end.counts, at],
  );
  return rowCount === 1;
}

/** The columns of a batch, one array each: unnest makes rows of them, with no format in between to get wrong. */
const INCOMING = `unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[])
  as new (identity_key, email, first_name, last_name, company, title, phone, time_zone, custom)`;

function incoming(leads: readonly LeadRow[]): unknown[] {
  return [
    leads.map((lead) => lead.address.identityKey),
    leads.map((lead) => lead.address.address),
    leads.map((lead) => lead.fields.first_name),
    leads.map((lead) => lead.fields.last_name),
    leads.map((lead) => lead.fields.company),
    leads.map((lead) => lead.fields.title),
    leads.map((lead) => lead.fields.phone),
    leads.map((lead) => lead.fields.time_zone),
    leads.map((lead) => JSON.stringify(lead.custom)),
  ];
}

/**
 * The leads that a batch `new (identity_key)` names, one look into the index for each. In a plain join the planner reads the whole table for every
 * batch (240 ms instead of 30 at 100,000 leads).
 */
export const EXISTING = `cross join lateral (
  select * from lead where lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.identity_key = new.identity_key limit 1) lead`;

/** Adds those whose address is new to the workspace, in the order given; returns their identity keys. */
export async function addLeads(
  tx: Tx,
  workspaceId: WorkspaceId,
  leads: readonly LeadRow[],
  source: string,
  at: Instant,
): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: string }>(
    `insert into lead (workspace_id, identity_key, email, first_name, last_name, company, title, phone, time_zone, custom, source, created_at, updated_at)
     select $1, new.*, $11, $12, $12 from ${INCOMING}
     on conflict (workspace_id, identity_key) do nothing returning identity_key as key`,
    [workspaceId, ...incoming(leads), source, at],
  );
  return new Set(rows.map((row) => row.key));
}

/** Gives leads that exist the values they lack; returns how many lacked one. */
export async function fillLeads(tx: Tx, workspaceId: WorkspaceId, leads: readonly LeadRow[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `with lacking as (
       select lead.id, new.* from ${INCOMING} ${EXISTING}
       where (lead.first_name is null and new.first_name is not null) or (lead.last_name is null and new.last_name is not null)
         or (lead.company is null and new.company is not null) or (lead.title is null and new.title is not null)
         or (lead.phone is null and new.phone is not null) or (lead.time_zone is null and new.time_zone is not null)
         or new.custom || lead.custom <> lead.custom),
     locked as (
       select lead.id from lacking join lead on lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.id = lacking.id order by lacking.identity_key for update of lead)
     update lead set first_name = coalesce(lead.first_name, lacking.first_name), last_name = coalesce(lead.last_name, lacking.last_name),
       company = coalesce(lead.company, lacking.company), title = coalesce(lead.title, lacking.title),
       phone = coalesce(lead.phone, lacking.phone), time_zone = coalesce(lead.time_zone, lacking.time_zone),
       custom = lacking.custom || lead.custom, updated_at = $11
     from lacking join locked on locked.id = lacking.id where lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.id = locked.id`,
    [workspaceId, ...incoming(leads), at],
  );
  return rowCount ?? 0;
}

/** Writes the file's values over those of leads that exist; a blank cell overwrites nothing. Returns how many had another. */
export async function overwriteLeads(tx: Tx, workspaceId: WorkspaceId, leads: readonly LeadRow[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `with different as (
       select lead.id, new.* from ${INCOMING} ${EXISTING}
       where lead.email <> new.email or lead.first_name is distinct from coalesce(new.first_name, lead.first_name)
         or lead.last_name is distinct from coalesce(new.last_name, lead.last_name)
         or lead.company is distinct from coalesce(new.company, lead.company) or lead.title is distinct from coalesce(new.title, lead.title)
         or lead.phone is distinct from coalesce(new.phone, lead.phone)
         or lead.time_zone is distinct from coalesce(new.time_zone, lead.time_zone) or lead.custom || new.custom <> lead.custom),
     locked as (
       select lead.id from different join lead on lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.id = different.id order by different.identity_key for update of lead)
     update lead set email = different.email, first_name = coalesce(different.first_name, lead.first_name),
       last_name = coalesce(different.last_name, lead.last_name), company = coalesce(different.company, lead.company),
       title = coalesce(different.title, lead.title), phone = coalesce(different.phone, lead.phone),
       time_zone = coalesce(different.time_zone, lead.time_zone), custom = lead.custom || different.custom, updated_at = $11
     from different join locked on locked.id = different.id where lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.id = locked.id`,
    [workspaceId, ...incoming(leads), at],
  );
  return rowCount ?? 0;
}

/** Makes leads that a person had removed available again to campaigns that they were never in; returns how many. */
export async function restoreRemoved(tx: Tx, workspaceId: WorkspaceId, identityKeys: readonly string[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `update lead set removed_at = null, updated_at = $3
     where workspace_id = ${HIDDEN_WORKSPACE} and identity_key = any($2) and removed_at is not null`,
    [workspaceId, identityKeys, at],
  );
  return rowCount ?? 0;
}

/** Puts the leads with these addresses into a list; returns how many were not in it. */
export async function addToList(
  tx: Tx,
  workspaceId: WorkspaceId,
  listId: ListId,
  identityKeys: readonly string[],
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into lead_list_member (workspace_id, list_id, lead_id, added_at)
     select $1, $2, lead.id, $4 from unnest($3::text[]) as new (identity_key) ${EXISTING}
     on conflict (workspace_id, list_id, lead_id) do nothing`,
    [workspaceId, listId, identityKeys, at],
  );
  return rowCount ?? 0;
}

export interface ImportedOptOut {
  readonly address: EmailAddress;
  readonly row: number;
}

/** Suppresses addresses for the whole workspace; what is suppressed already keeps its reason. The evidence says which row of which import. */
export async function suppressImported(
  tx: Tx,
  workspaceId: WorkspaceId,
  importId: ImportId,
  optOuts: readonly ImportedOptOut[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `insert into suppression (workspace_id, kind, key, reason, evidence, created_at)
     select $1, 'address', new.key, 'import', jsonb_build_object('import', $2::uuid, 'row', new.row_number), $5
     from unnest($3::text[], $4::integer[]) as new (key, row_number)
     on conflict on constraint suppression_key do nothing`,
    [workspaceId, importId, optOuts.map((one) => one.address.identityKey), optOuts.map((one) => one.row), at],
  );
}

/** Says of leads with these addresses that they opted out; returns those that could be reached until now. */
export async function markOptedOut(tx: Tx, workspaceId: WorkspaceId, identityKeys: readonly string[], at: Instant): Promise<LeadId[]> {
  const { rows } = await tx.query<{ id: LeadId }>(
    `update lead set reachability = 'unsubscribed', updated_at = $3
     where workspace_id = ${HIDDEN_WORKSPACE} and identity_key = any($2) and reachability in ('ok', 'bounced') returning id`,
    [workspaceId, identityKeys, at],
  );
  return rows.map((row) => row.id);
}

export interface Rejection {
  readonly row: number;
  readonly code: string;
  readonly reason: string;
  readonly cells: readonly string[];
}

/** The header stands among the rejections, so that they can be given back as a file that comes in again. */
export const HEADER = "header";

/** Keeps rows that were not taken as they were written; NUL, which PostgreSQL does not store, and broken surrogates become U+FFFD. */
export async function addRejections(tx: Tx, workspaceId: WorkspaceId, importId: ImportId, rejections: readonly Rejection[]): Promise<void> {
  await tx.query(
    `insert into lead_import_rejection (workspace_id, import_id, row_number, code, reason, cells)
     select $1, $2, "row", code, reason, cells from jsonb_to_recordset($3) as rejected ("row" integer, code text, reason text, cells text[])`,
    [
      workspaceId,
      importId,
      JSON.stringify(
        rejections.map((rejection) => ({
          ...rejection,
          cells: rejection.cells.map((cell) => cell.replaceAll("\0", "\uFFFD").toWellFormed()),
        })),
      ),
    ],
  );
}

/** In the order of the file, at most `limit`, from behind a row. The header comes with its code. */
export async function rejectionsOf(
  q: Queryable,
  workspaceId: WorkspaceId,
  importId: ImportId,
  page: { readonly after: number; readonly limit: number },
): Promise<Rejection[]> {
  const { rows } = await q.query<Rejection>(
    `select row_number as "row", code, reason, cells from lead_import_rejection
     where workspace_id = $1 and import_id = $2 and row_number > $3 order by row_number limit $4`,
    [workspaceId, importId, page.after, page.limit],
  );
  return rows;
}
