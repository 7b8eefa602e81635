// Which lead is meant? A program names it by its id, a person by its address.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { LeadId, WorkspaceId } from "../core/ids.ts";
import type { Queryable } from "../store/database.ts";
import { type Lead, leadByAddress, leadById } from "../store/lead.ts";

export type NamedLead = { readonly workspaceId: WorkspaceId } & (
  | { readonly leadId: LeadId }
  /** In any spelling. */
  | { readonly address: string }
);

/** @throws AgentError not_found */
export async function namedLead(q: Queryable, named: NamedLead): Promise<Lead> {
  const { workspaceId } = named;
  const key = "address" in named ? parseEmailAddress(named.address)?.identityKey : null;
  const lead = "leadId" in named ? await leadById(q, workspaceId, named.leadId) : key ? await leadByAddress(q, workspaceId, key) : null;
  if (!lead) throw new AgentError("not_found", `There is no lead ${"leadId" in named ? named.leadId : named.address}.`);
  return lead;
}
