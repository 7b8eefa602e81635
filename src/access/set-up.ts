// The first account: made through a link that is printed at the start, never with a default password.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { insertAccountEntries } from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import { insertMember } from "../store/member.ts";
import { replaceSetupLink, setupLinkWorks, useSetupLink } from "../store/setup-link.ts";
import { anyAccount, insertAccount } from "../store/user-account.ts";
import { hashPassword } from "./password.ts";
import { type Client, openSession } from "./sign-in.ts";
import { hashToken, newToken } from "./token.ts";

const LINK_LASTS = 7 * DAY;

/** The token of a new set-up link, which takes the place of any before; null when somebody has an account already. */
export async function newSetupToken(db: Database, now: Instant): Promise<string | null> {
  if (await anyAccount(db)) return null;
  const { token, hash } = newToken("mau_");
  await replaceSetupLink(db, hash, now, after(now, LINK_LASTS));
  return token;
}

export function isSetupToken(db: Database, token: string, now: Instant): Promise<boolean> {
  return setupLinkWorks(db, hashToken(token), now);
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Makes the owner of the workspace, signed in. AgentError `link_invalid` when the link was used or has expired. */
export async function setUp(
  db: Database,
  request: { readonly token: string; readonly workspaceId: WorkspaceId; readonly account: NewAccount; readonly client: Client },
  now: Instant,
): Promise<string> {
  const account = await checkedAccount(request.account);
  return db.transaction(async (tx) => {
    const used = await useSetupLink(tx, hashToken(request.token), now);
    const userId = used ? await insertAccount(tx, account, now) : null;
    if (!userId) throw new AgentError("link_invalid", "This link does not work any more. A new one is printed when the product starts.");
    await insertMember(tx, request.workspaceId, userId, "owner", now);
    await insertAccountEntries(tx, userId, { action: "account.setUp", ip: request.client.ip, at: now });
    return openSession(tx, userId, request.client, now);
  });
}

/** What is stored of an account to be made; AgentError when the address or the password will not do. */
export async function checkedAccount({
  email,
  name,
  password,
}: NewAccount): Promise<{ email: string; identityKey: string; name: string; passwordHash: string }> {
  const address = parseEmailAddress(email);
  if (!address) throw new AgentError("invalid_input", `"${email}" is not an email address.`);
  return { email: address.address, identityKey: address.identityKey, name, passwordHash: await hashPassword(password, address.address) };
}
