// What has the workspace to do with a company? And the lock that whoever writes to somebody new there holds. (Which company a lead belongs to is a
// column of the lead: migrations/0018-planner-rules.sql.)
import type { CompanyContact } from "../core/company-guard.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Queryable, Tx } from "./database.ts";
import { RUNNING } from "./enrollment.ts";

/** Of `campaign c`. */
export const COMPANY_SETTINGS = `jsonb_build_object('atMost', c.company_at_most, 'coolOffDays', c.company_cool_off_days,
    'awayAfterRefusal', c.company_away_after_refusal)`;

/** Locks companies until the transaction ends, in one order for everybody: two who write to new people of one company follow each other. */
export async function lockCompanies(tx: Tx, workspaceId: WorkspaceId, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `insert into company_lock (workspace_id, company_key)
     select $1, key from (select distinct key from unnest($2::text[]) as key order by key) named on conflict do nothing`,
    [workspaceId, keys],
  );
  await tx.query("select from company_lock where workspace_id = $1 and company_key = any($2) order by company_key for update", [
    workspaceId,
    keys,
  ]);
}

/** Companies that nobody there was ever written to, and nobody is enrolled of, are left out. */
export async function companyContacts(q: Queryable, workspaceId: WorkspaceId, keys: readonly string[]): Promise<CompanyContact[]> {
  if (keys.length === 0) return [];
  const { rows } = await q.query<CompanyContact>(
    `select lead.company_key as "companyKey",
       coalesce(array_agg(distinct lead.id) filter (where e.state in ${RUNNING}), '{}') as busy,
       coalesce(array_agg(distinct lead.id) filter (where e.state in ${RUNNING} and mail.any), '{}') as written,
       max(mail.last_at) filter (where e.state not in ${RUNNING} and e.state <> 'bounced') as "lastMailAt",
       bool_or(lead.reachability in ('unsubscribed', 'complained') or e.state in ('unsubscribed', 'complained') or exists (
         select from inbound_message inbound where inbound.workspace_id = lead.workspace_id and inbound.lead_id = lead.id
           and inbound.interest_level in ('negative', 'unsubscribe'))) as refused
     from lead join enrollment e on e.workspace_id = lead.workspace_id and e.lead_id = lead.id
     cross join lateral (
       select count(*) > 0 as any, max(coalesce(m.sent_at, m.slot_at)) as last_at from message m
       where m.workspace_id = e.workspace_id and m.enrollment_id = e.id and m.state not in ('cancelled', 'failed')) mail
     where lead.workspace_id = $1 and lead.company_key = any($2)
     group by lead.company_key`,
    [workspaceId, keys],
  );
  return rows;
}
