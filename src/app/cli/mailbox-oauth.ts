// mailbox add --oauth: the mailbox's owner opens a link, and the browser comes back to this machine, or to the server's public address.
import { setTimeout as sleep } from "node:timers/promises";
import type { components, paths } from "../../client/api-types.ts";
import { type ApiClient, given } from "../../client/client.ts";
import { AgentError, ERROR_CODES } from "../../core/errors.ts";
import type { OAuthProvider } from "../../core/oauth-provider.ts";
import { isRemote, withApi } from "./api.ts";
import { mailboxNamed, mailboxOf } from "./named.ts";
import type { GlobalOptions } from "./options.ts";

type GrantBody = paths["/api/v1/grant-requests"]["post"]["requestBody"]["content"]["application/json"];

/** What is wanted of the mailbox beside its address and who agrees. */
export interface Connection extends Omit<GrantBody, "email" | "oauth" | "replyMailboxId"> {
  readonly replyMailbox?: string;
}

export interface ConnectedMailbox {
  readonly mailboxId: string;
  readonly created: boolean;
  /** Null: not tested. */
  readonly tests: components["schemas"]["MailboxTests"] | null;
}

export interface ConnectOptions extends GlobalOptions {
  readonly callbackPort: number;
}

/** Waits until the owner has agreed. The browser comes back to the machine that runs the agent: to a port of its own, or to the server. */
export function connect(options: ConnectOptions, address: string, oauth: OAuthProvider, wanted: Connection): Promise<ConnectedMailbox> {
  return isRemote(options) ? connectAtServer(options, address, oauth, wanted) : connectHere(options, address, oauth, wanted);
}

/** The link alone: nobody waits. */
export function linkOf(options: GlobalOptions, address: string, oauth: OAuthProvider, wanted: Connection) {
  return withApi(options, (api) => begin(api, address, oauth, wanted));
}

async function connectHere(
  options: ConnectOptions,
  address: string,
  provider: OAuthProvider,
  wanted: Connection,
): Promise<ConnectedMailbox> {
  const onLink = (link: string) => tell(link, " on this machine", wanted.account ?? address);
  const [{ withSession }, { connectByLoopback }] = await Promise.all([import("./session.ts"), import("./mailbox-connect.ts")]);
  return withSession(options, ({ agent, workspaceId }) =>
    connectByLoopback(agent, { workspaceId, provider, mailbox: { email: address, ...wanted } }, { port: options.callbackPort, onLink }),
  );
}

function connectAtServer(options: GlobalOptions, address: string, oauth: OAuthProvider, wanted: Connection): Promise<ConnectedMailbox> {
  return withApi(options, async (api) => {
    const known = await mailboxOf(api, address);
    const { id, link } = await begin(api, address, oauth, wanted);
    tell(link, "", wanted.account ?? address);
    const mailboxId = await connectedMailbox(api, id);
    const { imap } = await given(api.GET("/api/v1/mailboxes/{mailboxId}", { params: { path: { mailboxId } } }));
    // else it would not be connected
    const tests = wanted.skipTest ? null : { smtp: { ok: true } as const, imap: imap && ({ ok: true } as const) };
    return { mailboxId, created: known === null, tests };
  });
}

async function begin(api: ApiClient, address: string, oauth: OAuthProvider, { replyMailbox, ...wanted }: Connection) {
  const replyMailboxId = replyMailbox === undefined ? undefined : (await mailboxNamed(api, replyMailbox)).id;
  const body = { email: address, oauth, ...wanted, ...(replyMailboxId === undefined ? {} : { replyMailboxId }) };
  return given(api.POST("/api/v1/grant-requests", { body }));
}

function tell(link: string, where: string, account: string): void {
  process.stderr.write(`Open this link in a browser${where}, sign in as ${account}, and agree:\n\n${link}\n\nWaiting …\n`);
}

const LOOK_AGAIN_MS = 1_500;

async function connectedMailbox(api: ApiClient, grantRequestId: string): Promise<string> {
  for (;;) {
    const { state, mailboxId, error } = await given(
      api.GET("/api/v1/grant-requests/{grantRequestId}", { params: { path: { grantRequestId } } }),
    );
    if (state === "connected" && mailboxId !== null) return mailboxId;
    if (error) throw new AgentError(error.code in ERROR_CODES ? error.code : "internal", error.message);
    if (state !== "waiting") throw new AgentError("oauth_failed", "Nobody came back from the provider in time. Begin again.");
    await sleep(LOOK_AGAIN_MS);
  }
}
