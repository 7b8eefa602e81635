// The domains that a workspace sends from, and the keys that sign their mail.
import type { SendingDomainId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export interface SendingDomain {
  readonly id: SendingDomainId;
  /** A-label. */
  readonly domain: string;
  /** Null: we do not sign its mail. */
  readonly selector: string | null;
  /** It has a selector, and its key stayed in the installation that the workspace came from: its mail is not sent until it has another one. */
  readonly keyIsMissing: boolean;
  /** As in DNS: SubjectPublicKeyInfo, base64. */
  readonly publicKey: string | null;
  readonly createdAt: Instant;
}

const COLUMNS = `id, domain, selector, selector is not null and private_key is null as "keyIsMissing", public_key as "publicKey",
  created_at as "createdAt"`;

export async function listSendingDomains(q: Queryable, workspaceId: WorkspaceId): Promise<SendingDomain[]> {
  const { rows } = await q.query<SendingDomain>(`select ${COLUMNS} from sending_domain where workspace_id = $1 order by domain`, [
    workspaceId,
  ]);
  return rows;
}

export async function sendingDomainById(q: Queryable, workspaceId: WorkspaceId, id: SendingDomainId): Promise<SendingDomain | null> {
  const { rows } = await q.query<SendingDomain>(`select ${COLUMNS} from sending_domain where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** In all workspaces. */
export async function allSendingDomains(q: Queryable): Promise<{ workspaceId: WorkspaceId; domainId: SendingDomainId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; domainId: SendingDomainId }>(
    `select workspace_id as "workspaceId", id as "domainId" from sending_domain order by id`,
  );
  return rows;
}

/** Adds a domain that is not there. */
export async function addDomainOfMailboxes(q: Queryable, workspaceId: WorkspaceId, domain: string, at: Instant): Promise<void> {
  await q.query("insert into sending_domain (workspace_id, domain, created_at) values ($1, $2, $3) on conflict do nothing", [
    workspaceId,
    domain,
    at,
  ]);
}

/** The domain, added if it was not there; locked, so that two who give it a key do so one after the other. */
export async function lockSendingDomain(tx: Tx, workspaceId: WorkspaceId, domain: string, at: Instant): Promise<SendingDomain> {
  await addDomainOfMailboxes(tx, workspaceId, domain, at);
  const { rows } = await tx.query<SendingDomain>(
    `select ${COLUMNS} from sending_domain where workspace_id = $1 and domain = $2 for update`,
    [workspaceId, domain],
  );
  return only(rows);
}

export interface NewSigningKey {
  readonly selector: string;
  readonly publicKey: string;
  /** The PEM, encrypted (core/encrypted-secret.ts), bound to this row and column. */
  readonly privateKey: Buffer;
}

export async function storeSigningKey(q: Queryable, workspaceId: WorkspaceId, id: SendingDomainId, key: NewSigningKey): Promise<void> {
  await q.query("update sending_domain set selector = $3, public_key = $4, private_key = $5 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    key.selector,
    key.publicKey,
    key.privateKey,
  ]);
}

export interface SealedSigningKey {
  readonly id: SendingDomainId;
  readonly domain: string;
  readonly selector: string;
  /** Null: it stayed in the installation that the workspace came from. */
  readonly privateKey: Buffer | null;
}

/** Null: mail of this domain is not signed by us. */
export async function signingKeyOf(q: Queryable, workspaceId: WorkspaceId, domain: string): Promise<SealedSigningKey | null> {
  const { rows } = await q.query<SealedSigningKey>(
    `select id, domain, selector, private_key as "privateKey" from sending_domain
     where workspace_id = $1 and domain = $2 and selector is not null`,
    [workspaceId, domain],
  );
  return rows[0] ?? null;
}

/** With its key: mail goes out unsigned from then on. False when there is none. */
export async function removeSendingDomain(q: Queryable, workspaceId: WorkspaceId, domain: string): Promise<boolean> {
  const { rowCount } = await q.query("delete from sending_domain where workspace_id = $1 and domain = $2", [workspaceId, domain]);
  return rowCount === 1;
}
