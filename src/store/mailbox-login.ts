// How does a mailbox log in: by a password, by what its owner granted (OAuth), or not at all? Never by two of them.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { Queryable } from "./database.ts";

/** How a mailbox logs in, to both of its servers alike. */
export type StoredLogin =
  | { readonly kind: "none" }
  /** `secret`: the encrypted password (core/encrypted-secret.ts), bound to this row and column. */
  | { readonly kind: "password"; readonly username: string; readonly secret: Buffer }
  /** Its tokens stand in `mailbox_grant` (store/mailbox-grant.ts). */
  | { readonly kind: "oauth"; readonly username: string; readonly provider: OAuthProvider };

/** It logs in by these passwords from now on, or, without any, not at all. */
export async function loginByPassword(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: MailboxId,
  secrets: { smtp: Buffer | null; imap: Buffer | null },
): Promise<void> {
  await q.query("update mailbox set smtp_secret = $3, imap_secret = $4, oauth_provider = null where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    secrets.smtp,
    secrets.imap,
  ]);
}

/** It logs in by OAuth from now on; its tokens are kept by `saveGrant`. */
export async function loginByOAuth(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, provider: OAuthProvider): Promise<void> {
  await q.query("update mailbox set smtp_secret = null, imap_secret = null, oauth_provider = $3 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    provider,
  ]);
}
