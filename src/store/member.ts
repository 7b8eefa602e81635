// Who belongs to which workspace, in which role; and who was invited.
import type { InvitationId, UserId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Role } from "../core/permissions.ts";
import type { Queryable, Tx } from "./database.ts";

export interface Membership {
  readonly workspaceId: WorkspaceId;
  readonly workspaceName: string;
  readonly role: Role;
}

/** Oldest first: the first is where a person who names no workspace works. */
export async function membershipsOf(q: Queryable, userId: UserId): Promise<Membership[]> {
  const { rows } = await q.query<Membership>(
    `select m.workspace_id as "workspaceId", w.name as "workspaceName", m.role
     from member m join workspace w on w.id = m.workspace_id where m.user_id = $1 order by m.created_at, m.workspace_id`,
    [userId],
  );
  return rows;
}

export interface Member {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly hasSecondFactor: boolean;
  readonly createdAt: Instant;
}

const MEMBER = `m.user_id as "userId", u.email, u.name, m.role, u.totp_confirmed_at is not null as "hasSecondFactor", m.created_at as "createdAt"`;

export async function listMembers(q: Queryable, workspaceId: WorkspaceId): Promise<Member[]> {
  const { rows } = await q.query<Member>(
    `select ${MEMBER} from member m join user_account u on u.id = m.user_id where m.workspace_id = $1 order by m.created_at, m.user_id`,
    [workspaceId],
  );
  return rows;
}

/** Locked, so that what is decided about the role still holds when it is changed. */
export async function lockMember(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<Member | null> {
  const { rows } = await tx.query<Member>(
    `select ${MEMBER} from member m join user_account u on u.id = m.user_id where m.workspace_id = $1 and m.user_id = $2 for update of m`,
    [workspaceId, userId],
  );
  return rows[0] ?? null;
}

/** False when the person is a member already: a role is changed on purpose only. */
export async function insertMember(q: Queryable, workspaceId: WorkspaceId, userId: UserId, role: Role, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    "insert into member (workspace_id, user_id, role, created_at) values ($1, $2, $3, $4) on conflict do nothing",
    [workspaceId, userId, role, at],
  );
  return rowCount === 1;
}

export async function setRole(tx: Tx, workspaceId: WorkspaceId, userId: UserId, role: Role): Promise<void> {
  await tx.query("update member set role = $3 where workspace_id = $1 and user_id = $2", [workspaceId, userId, role]);
}

export async function deleteMember(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from member where workspace_id = $1 and user_id = $2", [workspaceId, userId]);
  return rowCount === 1;
}

/** The database checks it at the commit; here it is asked earlier, so that the answer can say so. */
export async function hasOwner(tx: Tx, workspaceId: WorkspaceId): Promise<boolean> {
  await tx.query("select from workspace where id = $1 for no key update", [workspaceId]);
  const { rowCount } = await tx.query("select from member where workspace_id = $1 and role = 'owner' limit 1", [workspaceId]);
  return rowCount === 1;
}

export interface Invitation {
  readonly id: InvitationId;
  readonly workspaceId: WorkspaceId;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: UserId | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

const INVITATION = `i.id, i.workspace_id as "workspaceId", i.email, i.role, i.invited_by as "invitedBy", i.created_at as "createdAt", i.expires_at as "expiresAt"`;

/** Takes the place of an open invitation of the same address, whose link stops working. */
export async function insertInvitation(
  tx: Tx,
  invitation: Omit<Invitation, "id"> & { readonly identityKey: string; readonly tokenHash: Buffer },
): Promise<InvitationId> {
  await tx.query(
    "update invitation set revoked_at = $3 where workspace_id = $1 and identity_key = $2 and accepted_at is null and revoked_at is null",
    [invitation.workspaceId, invitation.identityKey, invitation.createdAt],
  );
  const { rows } = await tx.query<{ id: InvitationId }>(
    `insert into invitation (workspace_id, email, identity_key, role, token_hash, invited_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      invitation.workspaceId,
      invitation.email,
      invitation.identityKey,
      invitation.role,
      invitation.tokenHash,
      invitation.invitedBy,
      invitation.createdAt,
      invitation.expiresAt,
    ],
  );
  return (rows[0] as { id: InvitationId }).id;
}

export async function openInvitations(q: Queryable, workspaceId: WorkspaceId, now: Instant): Promise<Invitation[]> {
  const { rows } = await q.query<Invitation>(
    `select ${INVITATION} from invitation i
     where i.workspace_id = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2 order by i.created_at, i.id`,
    [workspaceId, now],
  );
  return rows;
}

/** The open invitation behind a link, with the name of its team. */
export async function invitationByToken(
  q: Queryable,
  tokenHash: Buffer,
  now: Instant,
): Promise<(Invitation & { readonly identityKey: string; readonly workspaceName: string }) | null> {
  const { rows } = await q.query<Invitation & { identityKey: string; workspaceName: string }>(
    `select ${INVITATION}, i.identity_key as "identityKey", w.name as "workspaceName" from invitation i join workspace w on w.id = i.workspace_id
     where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** False when it was used or taken back meanwhile. */
export async function acceptInvitation(tx: Tx, workspaceId: WorkspaceId, id: InvitationId, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update invitation set accepted_at = $3 where workspace_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

export async function revokeInvitation(q: Queryable, workspaceId: WorkspaceId, id: InvitationId, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    "update invitation set revoked_at = $3 where workspace_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
    [workspaceId, id, at],
  );
  return rowCount === 1;
}
