// What did DNS say last about the domains that are sent from?
import type { DomainCheck } from "../core/domain-check.ts";
import type { CampaignId, SendingDomainId, WorkspaceId } from "../core/ids.ts";
import type { Queryable, Tx } from "./database.ts";

const COLUMNS = `c.check_kind as "check", c.result, c.sentence, c.record, c.failing_since as "failingSince", c.checked_at as "checkedAt"`;
/** In the order in which people read them. */
const ORDER = "array_position(array['spf', 'dkim', 'dmarc', 'mx'], c.check_kind)";

export async function checksOf(q: Queryable, workspaceId: WorkspaceId, domainId: SendingDomainId): Promise<DomainCheck[]> {
  const { rows } = await q.query<DomainCheck>(
    `select ${COLUMNS} from domain_check c where c.workspace_id = $1 and c.domain_id = $2 order by ${ORDER}`,
    [workspaceId, domainId],
  );
  return rows;
}

export interface CheckOfDomain extends DomainCheck {
  readonly domain: string;
}

/** Of every domain of the workspace. */
export async function checksByDomain(q: Queryable, workspaceId: WorkspaceId): Promise<CheckOfDomain[]> {
  const { rows } = await q.query<CheckOfDomain>(
    `select d.domain, ${COLUMNS} from domain_check c join sending_domain d on d.workspace_id = c.workspace_id and d.id = c.domain_id
     where c.workspace_id = $1 order by d.domain, ${ORDER}`,
    [workspaceId],
  );
  return rows;
}

/** Of the domains whose mailboxes a campaign sends from. */
export async function checksOfCampaign(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<CheckOfDomain[]> {
  const { rows } = await q.query<CheckOfDomain>(
    `select d.domain, ${COLUMNS} from domain_check c join sending_domain d on d.workspace_id = c.workspace_id and d.id = c.domain_id
     where c.workspace_id = $1 and exists (
       select from campaign_mailbox pool join mailbox on mailbox.workspace_id = pool.workspace_id and mailbox.id = pool.mailbox_id
       where pool.workspace_id = c.workspace_id and pool.campaign_id = $2 and split_part(mailbox.identity_key, '@', 2) = d.domain)
     order by d.domain, ${ORDER}`,
    [workspaceId, campaignId],
  );
  return rows;
}

/** In the transaction that locked the domain, which read what stood there before. */
export async function storeChecks(
  tx: Tx,
  workspaceId: WorkspaceId,
  domainId: SendingDomainId,
  checks: readonly DomainCheck[],
): Promise<void> {
  await tx.query(
    `insert into domain_check (workspace_id, domain_id, check_kind, result, sentence, record, failing_since, checked_at)
     select $1, $2, new.* from unnest($3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[]) as new
     on conflict (workspace_id, domain_id, check_kind) do update set result = excluded.result, sentence = excluded.sentence,
       record = excluded.record, failing_since = excluded.failing_since, checked_at = excluded.checked_at`,
    [
      workspaceId,
      domainId,
      checks.map((one) => one.check),
      checks.map((one) => one.result),
      checks.map((one) => one.sentence),
      checks.map((one) => one.record && JSON.stringify(one.record)),
      checks.map((one) => one.failingSince),
      checks.map((one) => one.checkedAt),
    ],
  );
}
