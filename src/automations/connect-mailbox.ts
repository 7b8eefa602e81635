// Connects a mailbox to its owner's account at Google, Microsoft or another OpenID provider: they are sent there to sign in and agree, and come back
// with a code (authorization code, PKCE; RFC 9700). What they were sent with is used once, by whoever began it, within minutes.
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { type EmailAddress, parseEmailAddress } from "../core/email-address.ts";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import { type GrantRequestId, isId, type MailboxId, type WorkspaceId } from "../core/ids.ts";
import { after, type Instant, SECOND } from "../core/instant.ts";
import { type OAuthFacts, type OAuthProvider, oauthFacts } from "../core/oauth-provider.ts";
import { authorizationLink, type Granted, newProof, type Proof, redeemCode } from "../mail/openid.ts";
import { type Actor, insertAuditEntry } from "../store/audit.ts";
import { endGrantRequest, type GrantRequest, saveGrantRequest, takeGrantRequest } from "../store/grant-request.ts";
import { mailboxByAddress } from "../store/mailbox.ts";
import { mailboxGrant } from "../store/mailbox-grant.ts";
import { type AddedMailbox, addMailbox } from "./add-mailbox.ts";
import type { Agent } from "./agent.ts";
import { mailboxRequest } from "./mailbox-request.ts";
import { openIdAccess } from "./openid-access.ts";

export const connectRequest = mailboxRequest.omit({ password: true, imapPassword: true }).extend({
  /** As whom the owner signs in there, where that is not the mailbox's own address: a shared mailbox. */
  account: z.string().max(320).optional(),
});

export type ConnectRequest = z.input<typeof connectRequest>;
type CheckedConnect = z.output<typeof connectRequest>;

export interface Beginning {
  readonly workspaceId: WorkspaceId;
  readonly provider: OAuthProvider;
  /** Where the provider sends them back to: registered there. */
  readonly redirectUri: string;
  /** A secret of whoever begins: only who knows it can end it. 128 random bits or more. */
  readonly begunBy: string;
  /** As whom the audit log knows them. */
  readonly by: Actor;
}

export interface Begun {
  readonly id: GrantRequestId;
  /** What the mailbox's owner opens. */
  readonly link: string;
  readonly expiresAt: Instant;
}

/** Throws `invalid_input`, `oauth_not_set_up`, or what makes the provider unreachable. */
export async function beginConnecting(agent: Agent, beginning: Beginning, given: ConnectRequest): Promise<Begun> {
  const mailbox = await withKnownAccount(agent, beginning, checked(agent, beginning.provider, given));
  const access = openIdAccess(agent, beginning.provider);
  const state = newState(beginning.workspaceId);
  const proof = newProof();
  const link = await authorizationLink(access, {
    redirectUri: beginning.redirectUri,
    state,
    account: mailbox.account ?? mailbox.email,
    proof,
  });
  const stateHash = hash(state);
  const expiresAt = after(agent.clock.now(), agent.settings.oauth.request_seconds * SECOND);
  const id = await saveGrantRequest(agent.db, {
    workspaceId: beginning.workspaceId,
    stateHash,
    begunByHash: hash(beginning.begunBy),
    provider: beginning.provider,
    redirectUri: beginning.redirectUri,
    secret: sealSecret(agent.keys.credentials, JSON.stringify(proof), proofBinding(stateHash)),
    mailbox,
    actor: beginning.by,
    expiresAt,
  });
  return { id, link, expiresAt };
}

/** A shared mailbox is connected again as whom it was before, unless somebody else is named. */
async function withKnownAccount(agent: Agent, { workspaceId, provider }: Beginning, mailbox: CheckedConnect): Promise<CheckedConnect> {
  if (mailbox.account !== undefined) return mailbox;
  const known = await mailboxByAddress(agent.db, workspaceId, addressOf(mailbox.email).identityKey);
  if (known?.smtp.login.kind !== "oauth" || known.smtp.login.provider !== provider) return mailbox;
  const account = (await mailboxGrant(agent.db, workspaceId, known.id))?.account;
  return account ? { ...mailbox, account } : mailbox;
}

/**
 * They are back, with the answer of the provider in the query: the mailbox is tested with what was granted, and stored. The audit log goes by real time.
 *
 * Throws `oauth_failed` for an answer that nobody waits for, a refusal, or an account that is not the mailbox's; or what `addMailbox` throws.
 */
export async function finishConnecting(
  agent: Agent,
  { query, begunBy, realNow }: { readonly query: URLSearchParams; readonly begunBy: string; readonly realNow: Instant },
): Promise<AddedMailbox & { email: string }> {
  const state = query.get("state") ?? "";
  const request = await takeRequest(agent, state, begunBy);
  try {
    const { account: asked, ...mailbox } = connectRequest.parse(request.mailbox);
    const granted = await redeem(agent, request, query, state);
    const account = accountOf(granted, asked ?? mailbox.email);
    agent.log.info({ event: "mailbox.granted", provider: request.provider });
    const grant = { ...granted, provider: request.provider, account };
    const added = await addMailbox(agent, { workspaceId: request.workspaceId, ...mailbox }, grant);
    await recordConnected(agent, request, { mailboxId: added.mailboxId, email: mailbox.email, account, realNow });
    return { ...added, email: mailbox.email };
  } catch (error) {
    await recordFailed(agent, request, error);
    throw error;
  }
}

/** The browser that comes back says nothing of who it is: the audit log names who began it. */
async function recordConnected(
  agent: Agent,
  request: GrantRequest,
  connected: { readonly mailboxId: MailboxId; readonly email: string; readonly account: string; readonly realNow: Instant },
): Promise<void> {
  const { workspaceId, provider, actor } = request;
  const { mailboxId, realNow, ...detail } = connected;
  await agent.db.transaction(async (tx) => {
    await endGrantRequest(tx, request, { mailboxId }, agent.clock.now());
    const entry = { actor, action: "grantRequests.finish", target: { mailboxId }, detail: { ...detail, provider }, ip: null };
    await insertAuditEntry(tx, workspaceId, { ...entry, at: realNow });
  });
}

/** For whoever waits elsewhere; the browser is told, too. */
async function recordFailed(agent: Agent, request: GrantRequest, error: unknown): Promise<void> {
  const told =
    error instanceof AgentError ? error : new AgentError("internal", "Something failed that should not; the log holds the cause.");
  await endGrantRequest(agent.db, request, { code: told.code, message: told.message }, agent.clock.now());
}

function checked(agent: Agent, provider: OAuthProvider, given: ConnectRequest): CheckedConnect {
  const parsed = connectRequest.safeParse(given);
  if (!parsed.success) throw new AgentError("invalid_input", `The mailbox cannot be connected:\n${z.prettifyError(parsed.error)}`);
  for (const address of [parsed.data.email, parsed.data.account ?? parsed.data.email]) addressOf(address);
  const facts = oauthFacts(provider, agent.settings);
  return facts ? atItsServers(parsed.data, facts) : parsed.data;
}

function addressOf(text: string): EmailAddress {
  const address = parseEmailAddress(text);
  if (!address) throw new AgentError("invalid_input", `${text} is not an email address.`);
  return address;
}

/** The tokens of Google and Microsoft are shown to their own servers only: else whoever sends the owner there could have them sent to themselves. */
function atItsServers(request: CheckedConnect, { servers }: OAuthFacts): CheckedConnect {
  if (servers === "custom") return { provider: "custom", ...request };
  if (request.smtp || request.imap || (request.provider && request.provider !== servers))
    throw new AgentError("invalid_input", `A mailbox that is connected so has the servers of ${servers}; name no others.`);
  return { ...request, provider: servers };
}

/** The workspace, by which its row is found, and 256 random bits. */
function newState(workspaceId: WorkspaceId): string {
  return `${workspaceId}.${randomBytes(32).toString("base64url")}`;
}

function workspaceIn(state: string): WorkspaceId | null {
  const [id = ""] = state.split(".", 1);
  return isId(id) ? (id as WorkspaceId) : null;
}

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function proofBinding(stateHash: Buffer): string {
  return `grant_request:${stateHash.toString("hex")}:secret`;
}

async function takeRequest(agent: Agent, state: string, begunBy: string): Promise<GrantRequest> {
  const workspaceId = workspaceIn(state);
  const wanted = workspaceId && { workspaceId, stateHash: hash(state), begunByHash: hash(begunBy) };
  const request = wanted && (await takeGrantRequest(agent.db, wanted, agent.clock.now()));
  if (!request) throw new AgentError("oauth_failed", "This link is not known here: it was used already, or is too old. Begin again.");
  return request;
}

const proofSchema = z.object({ codeVerifier: z.string(), nonce: z.string() });

function redeem(agent: Agent, request: GrantRequest, query: URLSearchParams, state: string): Promise<Granted> {
  const sealed = openSecret(agent.keys.credentials, request.secret, proofBinding(request.stateHash));
  const proof: Proof = proofSchema.parse(JSON.parse(sealed));
  const callback = new URL(request.redirectUri);
  callback.search = query.toString();
  return redeemCode(openIdAccess(agent, request.provider), callback, state, proof, agent.clock.now());
}

/** Who signed in must be whom we asked for: a browser is often signed in as somebody else. The mail servers check it, too. */
function accountOf({ addresses }: Granted, wanted: string): string {
  const { identityKey } = addressOf(wanted);
  const account = addresses.find((address) => parseEmailAddress(address)?.identityKey === identityKey);
  if (account) return account;
  const signedIn = addresses[0] ?? "an account without an address";
  throw new AgentError(
    "oauth_failed",
    `You signed in as ${signedIn}, not as ${wanted}. Sign in there with the right account; for a shared mailbox, name the account that may use it (--account).`,
    { detail: { addresses } },
  );
}
