// Who is in the team: invitations by link, roles, and leaving.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { InvitationId, UserId, WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { mayGiveRole, type Role } from "../core/permissions.ts";
import { revokeApiKeysOf } from "../store/api-key.ts";
import { insertAccountEntries } from "../store/audit.ts";
import type { Database, Tx } from "../store/database.ts";
import {
  acceptInvitation,
  deleteMember,
  hasOwner,
  insertInvitation,
  insertMember,
  invitationByToken,
  lockMember,
  setRole,
} from "../store/member.ts";
import { credentialsByAddress, insertAccount } from "../store/user-account.ts";
import { checkedAccount } from "./set-up.ts";
import { type Client, openSession } from "./sign-in.ts";
import { hashToken, newToken } from "./token.ts";

const INVITATION_LASTS = 7 * DAY;

/** Whoever acts on members, with the role that allows or forbids it. */
export interface Manager {
  readonly userId: UserId | null;
  readonly role: Role;
}

/** The token stands in the link that the invited person follows; it is shown once. A second invitation of an address replaces the first. */
export async function inviteMember(
  db: Database,
  by: Manager,
  invitation: { readonly workspaceId: WorkspaceId; readonly email: string; readonly role: Role },
  now: Instant,
): Promise<{ id: InvitationId; token: string; expiresAt: Instant }> {
  const address = parseEmailAddress(invitation.email);
  if (!address) throw new AgentError("invalid_input", `"${invitation.email}" is not an email address.`);
  requireRight(by, null, invitation.role);
  const { token, hash } = newToken("mai_");
  const expiresAt = after(now, INVITATION_LASTS);
  const { workspaceId, role } = invitation;
  const { address: email, identityKey } = address;
  const row = { workspaceId, role, email, identityKey, tokenHash: hash, invitedBy: by.userId, createdAt: now, expiresAt };
  return { id: await db.transaction((tx) => insertInvitation(tx, row)), token, expiresAt };
}

/** What the link is for; null when it does not work (any more). `hasAccount`: the person signs in instead of making an account. */
export async function invitationBehind(db: Database, token: string, now: Instant) {
  const invitation = await invitationByToken(db, hashToken(token), now);
  if (!invitation) return null;
  const { email, role, workspaceName, identityKey } = invitation;
  return { email, role, workspaceName, hasAccount: (await credentialsByAddress(db, identityKey)) !== null };
}

/** Makes the account that the link was for, a member and signed in. The address is the invitation's: a link cannot make another's account. */
export async function joinWithNewAccount(
  db: Database,
  request: { readonly token: string; readonly name: string; readonly password: string; readonly client: Client },
  now: Instant,
): Promise<string> {
  const invitation = await invitationByToken(db, hashToken(request.token), now);
  if (!invitation) throw invalidLink();
  const account = await checkedAccount({ email: invitation.email, name: request.name, password: request.password });
  return db.transaction(async (tx) => {
    const userId = await insertAccount(tx, account, now);
    if (!userId)
      throw new AgentError("already_exists", "There is an account of this address already: sign in, then follow the link again.");
    await join(tx, invitation, userId, request.client.ip, now);
    return openSession(tx, userId, request.client, now);
  });
}

/** Makes a person who is signed in a member. The invitation must be theirs: a link that was forwarded lets nobody else in. */
export async function joinAs(
  db: Database,
  user: { readonly id: UserId; readonly email: string; readonly ip: string },
  token: string,
  now: Instant,
): Promise<WorkspaceId> {
  const invitation = await invitationByToken(db, hashToken(token), now);
  if (!invitation) throw invalidLink();
  if (parseEmailAddress(user.email)?.identityKey !== invitation.identityKey) {
    throw new AgentError("forbidden", `The invitation is for ${invitation.email}.`);
  }
  await db.transaction((tx) => join(tx, invitation, user.id, user.ip, now));
  return invitation.workspaceId;
}

async function join(
  tx: Tx,
  invitation: { id: InvitationId; workspaceId: WorkspaceId; role: Role },
  userId: UserId,
  ip: string | null,
  now: Instant,
): Promise<void> {
  if (!(await acceptInvitation(tx, invitation.workspaceId, invitation.id, now))) throw invalidLink();
  await insertMember(tx, invitation.workspaceId, userId, invitation.role, now);
  await insertAccountEntries(tx, userId, { action: "account.acceptInvitation", ip, at: now });
}

export async function changeRole(
  db: Database,
  by: Manager,
  change: { workspaceId: WorkspaceId; userId: UserId; role: Role },
): Promise<void> {
  const { workspaceId, userId, role } = change;
  await db.transaction(async (tx) => {
    const member = await memberOf(tx, workspaceId, userId);
    requireRight(by, member.role, role);
    await setRole(tx, workspaceId, userId, role);
    await requireOwner(tx, workspaceId);
  });
}

/** Anybody may leave; others are removed by who may give their role. The keys that they made for programs go with them. */
export async function removeMember(db: Database, by: Manager, workspaceId: WorkspaceId, userId: UserId, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const member = await memberOf(tx, workspaceId, userId);
    if (by.userId !== userId) requireRight(by, member.role, null);
    await deleteMember(tx, workspaceId, userId);
    await revokeApiKeysOf(tx, workspaceId, userId, now);
    await requireOwner(tx, workspaceId);
  });
}

async function memberOf(tx: Tx, workspaceId: WorkspaceId, userId: UserId) {
  const member = await lockMember(tx, workspaceId, userId);
  if (!member) throw new AgentError("not_found", "There is no such member.");
  return member;
}

async function requireOwner(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  if (!(await hasOwner(tx, workspaceId)))
    throw new AgentError("last_owner", "A team keeps at least one owner: make somebody else owner first.");
}

function requireRight(by: Manager, from: Role | null, to: Role | null): void {
  if (!mayGiveRole(by.role, from, to)) throw new AgentError("forbidden", "Only owners make, change and remove owners.");
}

function invalidLink(): AgentError {
  return new AgentError("link_invalid", "This invitation does not work any more; ask for a new one.");
}
