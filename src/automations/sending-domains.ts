// The domains that a workspace sends from: adds one with the key that signs its mail, removes one.
import type { KeyObject } from "node:crypto";
import type { DnsRecord } from "../core/dns-answer.ts";
import { parseEmailAddress } from "../core/email-address.ts";
import { sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { isPublicMailDomain } from "../core/public-mail-domains.ts";
import { dkimRecordValue, makeSigningKey, pemOf, proveSigningKey, publicKeyOf, readSigningKey } from "../mail/dkim-key.ts";
import { resumeMailboxesOf } from "../store/domain-mailboxes.ts";
import { lockSendingDomain, removeSendingDomain, type SendingDomain, storeSigningKey } from "../store/sending-domain.ts";
import type { Agent } from "./agent.ts";
import { signingKeyBinding } from "./sign-mail.ts";

export interface SendingDomainRequest {
  readonly workspaceId: WorkspaceId;
  readonly domain: string;
  /** Default: `ma` and the day, so that a later key has another one. */
  readonly selector?: string | undefined;
  /** An RSA private key; made here when it is not given. */
  readonly privateKeyPem?: string | undefined;
}

export interface AddedSendingDomain {
  readonly domain: string;
  readonly selector: string;
  readonly record: DnsRecord;
}

/**
 * Gives a domain the key that signs its mail from now on, in place of the one it had. A key of its own selector is not replaced: mail that is on its
 * way could no longer be verified.
 *
 * Throws `invalid_input`, `dkim_key_invalid` (then nothing is stored), or `already_exists`.
 */
export async function addSendingDomain(agent: Agent, request: SendingDomainRequest): Promise<AddedSendingDomain> {
  const { workspaceId, privateKeyPem } = request;
  const domain = ownDomain(request.domain);
  const now = agent.clock.now();
  const selector = checkedSelector(request.selector ?? `ma${now.toISOString().slice(0, 10).replaceAll("-", "")}`);
  const key = privateKeyPem === undefined ? await makeSigningKey() : readSigningKey(privateKeyPem);
  await proveSigningKey({ domain, selector, key }, now);
  await agent.db.transaction(async (tx) => {
    const known = await lockSendingDomain(tx, workspaceId, domain, now);
    refuseSameSelector(known, selector, key);
    const privateKey = sealSecret(agent.keys.credentials, pemOf(key), signingKeyBinding(known.id));
    await storeSigningKey(tx, workspaceId, known.id, { selector, publicKey: publicKeyOf(key), privateKey });
    await resumeMailboxesOf(tx, workspaceId, domain, "unsigned", now);
    await agent.jobs.enqueue(tx, "check-domain", { workspaceId, domainId: known.id }, known.id);
  });
  agent.log.info({ event: "domain.signed", domain, selector });
  return { domain, selector, record: dkimRecord({ domain, selector, publicKey: publicKeyOf(key) }) };
}

export function dkimRecord({ domain, selector, publicKey }: { domain: string; selector: string; publicKey: string }): DnsRecord {
  return { host: `${selector}._domainkey.${domain}`, type: "TXT", value: dkimRecordValue(publicKey) };
}

/** False when it was not there. Mail of its mailboxes goes out unsigned from then on; those that waited for a key send again. */
export function removeDomain(agent: Agent, workspaceId: WorkspaceId, domain: string): Promise<boolean> {
  const name = ownDomain(domain);
  return agent.db.transaction(async (tx) => {
    const removed = await removeSendingDomain(tx, workspaceId, name);
    if (removed) await endDomainPauses(tx, workspaceId, name, agent.clock.now());
    return removed;
  });
}

async function endDomainPauses(tx: Parameters<typeof resumeMailboxesOf>[0], workspaceId: WorkspaceId, domain: string, at: Instant) {
  for (const reason of ["unsigned", "domain"] as const) await resumeMailboxesOf(tx, workspaceId, domain, reason, at);
}

/** As an A-label. Throws `invalid_input` for what is no domain, or is a big provider's, whose DNS nobody here can change. */
export function ownDomain(written: string): string {
  const domain = parseEmailAddress(`postmaster@${written.trim().replace(/\.$/, "")}`)?.domain;
  if (!domain) throw new AgentError("invalid_input", `${written} is not a domain.`);
  if (isPublicMailDomain(domain))
    throw new AgentError("invalid_input", `${domain} belongs to a provider, which signs its mail and keeps its DNS itself.`);
  return domain;
}

function checkedSelector(written: string): string {
  const selector = written.trim().toLowerCase();
  if (/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/.test(selector) && !selector.includes("..")) return selector;
  throw new AgentError("invalid_input", `${written} is no selector: it is made of letters, digits and dashes, such as mail2026.`);
}

function refuseSameSelector(known: SendingDomain, selector: string, key: KeyObject): void {
  if (known.selector !== selector || known.publicKey === publicKeyOf(key)) return;
  throw new AgentError(
    "already_exists",
    `Mail of ${known.domain} is signed with a key of the selector ${selector}; give the new key another one (--selector), or remove the domain first.`,
  );
}
