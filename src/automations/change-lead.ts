// A person or a program adds a lead, or changes what is known of one. Its address is who it is and never changes.
import { type EmailAddress, parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { LeadStatus } from "../core/words.ts";
import type { Tx } from "../store/database.ts";
import { insertLead, type LeadValues, leadByAddress, lockLead, updateLead } from "../store/lead.ts";
import { addMembers } from "../store/lead-list.ts";
import { addTags, keepTags } from "../store/lead-tag.ts";
import type { Agent } from "./agent.ts";
import { enrollSoon } from "./enroll-soon.ts";
import { requireLists } from "./lead-lists.ts";

/** So many fields, and so many characters in all of them, are more than any template prints. */
const MOST_FIELDS = 200;
const LONGEST_FIELDS = 100_000;

export interface NewLead {
  readonly workspaceId: WorkspaceId;
  /** As typed. */
  readonly email: string;
  readonly values: LeadValues;
  readonly tags: readonly string[];
  readonly lists: readonly ListId[];
  /** Where it comes from, for people. */
  readonly source: string;
}

/** @throws AgentError invalid_input; not_found for a list; already_exists, with the id of the lead that has the address */
export async function addLead(agent: Pick<Agent, "db" | "clock" | "jobs">, lead: NewLead): Promise<LeadId> {
  const { workspaceId, lists, tags, values } = lead;
  const address = readAddress(lead.email);
  const at = agent.clock.now();
  checkCustom(values.custom);
  return agent.db.transaction(async (tx) => {
    await requireLists(tx, workspaceId, lists);
    const id = await insertLead(tx, workspaceId, { ...values, address, source: lead.source }, at);
    if (id === null) throw await takenBy(tx, workspaceId, address);
    for (const list of lists) await addMembers(tx, workspaceId, list, [id], at);
    await addTags(tx, workspaceId, [id], tags);
    await enrollSoon(agent, tx, workspaceId);
    return id;
  });
}

function readAddress(email: string): EmailAddress {
  const address = parseEmailAddress(email);
  if (!address) throw new AgentError("invalid_input", "The address is none that can be written to.");
  return address;
}

async function takenBy(tx: Tx, workspaceId: WorkspaceId, { address, identityKey }: EmailAddress): Promise<AgentError> {
  const existing = await leadByAddress(tx, workspaceId, identityKey);
  return new AgentError("already_exists", `There is a lead ${address} already.`, { detail: { leadId: existing?.id ?? null } });
}

/** What is absent stays; null takes a value away, in `custom` field by field. */
export interface LeadChange {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly company?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
  /** From then on no automation touches the status. */
  readonly status?: LeadStatus | undefined;
  /** All that it has from now on. */
  readonly tags?: readonly string[] | undefined;
}

export interface LeadEdit {
  readonly workspaceId: WorkspaceId;
  readonly leadId: LeadId;
  readonly change: LeadChange;
  /** The version that the change was made from; null does not care. */
  readonly ifMatch: string | null;
}

/** @throws AgentError not_found, precondition_failed, invalid_input */
export async function changeLead(agent: Pick<Agent, "db" | "clock">, { workspaceId, leadId, change, ifMatch }: LeadEdit): Promise<void> {
  const { tags, status, custom, ...values } = change;
  await agent.db.transaction(async (tx) => {
    const lead = await lockLead(tx, workspaceId, leadId);
    if (!lead) throw new AgentError("not_found", "There is no such lead.");
    if (ifMatch !== null && ifMatch !== lead.version) {
      throw new AgentError("precondition_failed", "Somebody changed the lead since it was read; read it again.");
    }
    const merged = mergedCustom(lead.custom, custom ?? {});
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    await updateLead(tx, workspaceId, leadId, { ...lead, ...given, custom: merged, status: status ?? null }, agent.clock.now());
    if (tags === undefined) return;
    await keepTags(tx, workspaceId, leadId, tags);
    await addTags(tx, workspaceId, [leadId], tags);
  });
}

function mergedCustom(old: Lead["custom"], change: Readonly<Record<string, unknown>>): Lead["custom"] {
  const merged = Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== null));
  if (Object.keys(change).length > 0) checkCustom(merged);
  return merged;
}

type Lead = Pick<LeadValues, "custom">;

function checkCustom(custom: Lead["custom"]): void {
  if (Object.keys(custom).length > MOST_FIELDS || JSON.stringify(custom).length > LONGEST_FIELDS) {
    throw new AgentError(
      "invalid_input",
      `A lead has at most ${MOST_FIELDS} custom fields, with ${LONGEST_FIELDS} characters in all of them.`,
    );
  }
}
