// Opening an IMAP connection, and finding the folders that matter in it. Every wait has an end, and every failure says what to do.
import { ImapFlow, type ListResponse } from "imapflow";
import { AgentError, type ErrorCode } from "../core/errors.ts";

export interface ImapAccess {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly username: string;
  readonly password: string;
  readonly timeoutMs: number;
}

export type FolderRole = "inbox" | "junk" | "sent" | "other";

export interface InboxFolder {
  readonly path: string;
  readonly role: FolderRole;
}

/** Throws imap_unreachable (retryable), imap_tls, imap_auth or imap_failed. */
export async function openImap(access: ImapAccess): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.security === "tls",
    // Never downgrades: a server that hides STARTTLS is refused, not talked to in the clear.
    doSTARTTLS: access.security === "starttls",
    auth: { user: access.username, pass: access.password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: access.timeoutMs,
    greetingTimeout: access.timeoutMs,
    socketTimeout: access.timeoutMs,
  });
  // Errors between commands close the connection, which `usable` shows; without a listener they would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw asImapError(error, access);
  }
}

/** Logs in, lists the folders and opens INBOX without marking anything: what a mailbox must be able to do. */
export async function testImap(access: ImapAccess): Promise<{ folders: readonly InboxFolder[] }> {
  const client = await openImap(access);
  try {
    const folders = await foldersOf(client, []);
    await client.mailboxOpen("INBOX", { readOnly: true });
    return { folders };
  } catch (error) {
    throw asImapError(error, access);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

const JUNK_NAMES = /^(?:junk(?: e-?mail)?|spam(?:verdacht)?|bulk mail|unerwünscht|junk-e-mail|courrier indésirable|indésirables|correo no deseado|posta indesiderata|lixo eletr[oô]nico|ongewenste e-mail)$/iu;
const SENT_NAMES = /^(?:sent(?: (?:items|mail|messages))?|gesendet(?:e (?:elemente|objekte))?|(?:éléments |messages )?envoyés|(?:elementos |mensajes )?enviados|posta inviata|inviata|itens enviados|verzonden(?: items)?)$/iu;

/** INBOX, Junk and Sent by their marks (RFC 6154), else by their names in several languages; and the folders chosen by a person. */
export async function foldersOf(client: ImapFlow, extra: readonly string[]): Promise<readonly InboxFolder[]> {
  const listed = (await client.list()).filter((folder) => !folder.flags.has("\\Noselect") && !folder.flags.has("\\NonExistent"));
  const found: InboxFolder[] = [{ path: "INBOX", role: "inbox" }];
  for (const [role, mark, names] of [
    ["junk", "\\Junk", JUNK_NAMES],
    ["sent", "\\Sent", SENT_NAMES],
  ] as const) {
    const folder = listed.find((one) => one.specialUse === mark || one.flags.has(mark)) ?? listed.find((one) => names.test(lastName(one)));
    if (folder) found.push({ path: folder.path, role });
  }
  for (const path of extra) {
    if (listed.some((one) => one.path === path) && !found.some((one) => one.path === path)) found.push({ path, role: "other" });
  }
  return found;
}

function lastName({ path, delimiter }: ListResponse): string {
  return (delimiter ? path.split(delimiter).at(-1) : path) ?? path;
}

/** imapflow's errors as ours: by what the server said and by the socket's code, never by message text of our libraries. */
export function asImapError(error: unknown, { host, port }: ImapAccess): AgentError {
  if (error instanceof AgentError) return error;
  const facts = error as { authenticationFailed?: boolean; code?: string; responseText?: string; serverResponseCode?: string; tlsFailed?: boolean };
  const detail = { host, port, response: facts.responseText, cause: facts.code };
  const of = (code: ErrorCode, message: string, retryable = false) => new AgentError(code, message, { cause: error, retryable, detail });
  if (facts.authenticationFailed) {
    const said = facts.responseText ? ` It said: ${facts.responseText}` : "";
    return of("imap_auth", `${host} refused the user name or password. Gmail and Microsoft 365 want an app password, not the account's own.${said}`);
  }
  if (isTlsCode(facts.code) || facts.tlsFailed) return of("imap_tls", `${host}:${port} has no certificate that can be trusted, or no TLS there. Check host, port and security.`);
  if (facts.code !== undefined && UNREACHABLE.has(facts.code)) return of("imap_unreachable", `${host}:${port} does not answer IMAP. Check host and port.`, true);
  return of("imap_failed", `${host} answered with an error: ${facts.responseText ?? (error as Error).message}`, true);
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "ETIMEOUT",
  "EPIPE",
  "CONNECT_TIMEOUT",
  "GREETING_TIMEOUT",
  "GREEETING_TIMEOUT",
  "ClosedAfterConnectTLS",
  "ClosedAfterConnectText",
  "EConnectionClosed",
  "NoConnection",
]);

function isTlsCode(code: string | undefined): boolean {
  return code !== undefined && /^(?:ERR_SSL|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code);
}
