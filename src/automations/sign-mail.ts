// Signs what a mailbox is about to send, where its domain has a key. A mail that should be signed and cannot be is not sent.
import { openSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { SendingDomainId } from "../core/ids.ts";
import { type DkimSigner, isSignedBy, signMail } from "../mail/dkim.ts";
import { readSigningKey } from "../mail/dkim-key.ts";
import type { Queryable } from "../store/database.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { RenderedMessage } from "../store/message-text.ts";
import { type SealedSigningKey, signingKeyOf } from "../store/sending-domain.ts";
import type { Agent } from "./agent.ts";

/** What a sealed key is bound to: copied into another row, it cannot be opened. */
export function signingKeyBinding(id: SendingDomainId): string {
  return `sending_domain:${id}:private_key`;
}

/**
 * The same mails, signed; unchanged where the mailbox's domain has no key. The key is decrypted and parsed once for all of them, and kept nowhere.
 *
 * Throws `dkim_signing_failed`: then none of them may be sent.
 */
export async function signRendered<Rendered extends RenderedMessage>(
  agent: Agent,
  q: Queryable,
  mailbox: Mailbox,
  rendered: readonly Rendered[],
): Promise<Rendered[]> {
  const sealed = rendered.length === 0 ? null : await signingKeyOf(q, mailbox.workspaceId, domainOf(mailbox));
  if (!sealed) return [...rendered];
  const signer = openSigner(agent, sealed);
  const at = agent.clock.now();
  const signed = await Promise.all(rendered.map(async (one) => ({ ...one, raw: await signMail(one.raw, signer, at) })));
  if (signed.every(({ raw }) => isSignedBy(raw, signer))) return signed;
  throw new AgentError("dkim_signing_failed", `A mail of ${mailbox.email} came back from the signer unsigned, and was not sent.`);
}

function openSigner({ keys }: Pick<Agent, "keys">, { id, domain, selector, privateKey }: SealedSigningKey): DkimSigner {
  if (privateKey === null)
    throw new AgentError("dkim_signing_failed", `Mail of ${domain} cannot be signed, and is not sent. ${keyStayed(domain)}`);
  try {
    return { domain, selector, key: readSigningKey(openSecret(keys.credentials, privateKey, signingKeyBinding(id))) };
  } catch (cause) {
    const why = cause instanceof AgentError ? cause.message : "it cannot be read";
    throw new AgentError("dkim_signing_failed", `Mail of ${domain} cannot be signed, and is not sent. ${why}`, { cause });
  }
}

/** Why a key is missing, and what to do. */
export function keyStayed(domain: string): string {
  return `Its key stayed in the installation that the workspace came from; \`domain add ${domain}\` makes another one.`;
}

export function domainOf({ identityKey }: Pick<Mailbox, "identityKey">): string {
  return identityKey.slice(identityKey.lastIndexOf("@") + 1);
}
