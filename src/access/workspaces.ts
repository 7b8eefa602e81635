// A further workspace, made by somebody who owns one already: each has its own team, leads and mailboxes.
import { AgentError } from "../core/errors.ts";
import type { UserId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Role } from "../core/permissions.ts";
import type { Database } from "../store/database.ts";
import { insertMember } from "../store/member.ts";
import { insertWorkspace } from "../store/workspace.ts";

/** AgentError `forbidden` for who owns none, and for a key, which cannot own anything. */
export async function createWorkspace(
  db: Database,
  by: { readonly userId: UserId | null; readonly role: Role | null },
  { name, postalAddress }: { readonly name: string; readonly postalAddress: string | null },
  now: Instant,
): Promise<WorkspaceId> {
  const { userId } = by;
  if (userId === null || by.role !== "owner") throw new AgentError("forbidden", "Only a person who owns a workspace makes another.");
  return db.transaction(async (tx) => {
    const id = await insertWorkspace(tx, name, postalAddress);
    await insertMember(tx, id, userId, "owner", now);
    return id;
  });
}
