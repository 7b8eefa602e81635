// What would this step say to that lead? Written by the composer that writes what is sent, as if the steps before it had gone out.
import { AgentError } from "../core/errors.ts";
import type { CampaignId, LeadId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { ThreadMail } from "../core/outgoing-message.ts";
import { mailboxFor } from "../core/send-plan.ts";
import type { StepText } from "../core/sequence.ts";
import type { Queryable } from "../store/database.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import { type PreviewFacts, previewFacts } from "../store/preview.ts";
import { type SequenceWithSteps, type StepWithText, sequencesOfCampaign } from "../store/sequence.ts";
import type { Agent } from "./agent.ts";
import { senderOf } from "./render-claimed.ts";
import { type MessageSender, type Preview, previewStep, type StepDraft, type Unwritten } from "./render-message.ts";

export interface PreviewRequest {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  /** Its name in the file. */
  readonly step: string;
  /** The name of its sub-sequence; null for the main sequence. */
  readonly sequence: string | null;
}

export interface ShownPreview extends Preview {
  readonly from: string;
  readonly to: string;
}

export interface Draft {
  readonly stepId: StepId;
  readonly mailbox: Mailbox;
  readonly sender: MessageSender;
  readonly draft: StepDraft;
}

/** Changes nothing. Throws what `draftOf` throws, and `missing_variable` or `template_invalid` for what cannot be written. */
export async function previewFor(agent: Agent, request: PreviewRequest): Promise<ShownPreview> {
  const { sender, draft } = await draftOf(agent, agent.db, request);
  const written = previewStep(agent.settings.http.public_url ?? null, sender, draft, agent.clock.now());
  if (!written.ok) throw unwritten(written);
  return { ...written.preview, from: sender.email, to: draft.recipient };
}

export function unwritten({ code, message, variable }: Unwritten): AgentError {
  return new AgentError(code, message, { detail: variable === undefined ? {} : { variable } });
}

/** Throws `not_found`, and `campaign_not_ready` when there is no mailbox to send from. */
export async function draftOf(agent: Agent, q: Queryable, request: PreviewRequest): Promise<Draft> {
  const { workspaceId, campaignId, leadId } = request;
  const facts = await previewFacts(q, workspaceId, campaignId, leadId);
  if (!facts) throw new AgentError("not_found", "There is no such campaign or lead.");
  const { step, before } = placeOf(await sequencesOfCampaign(q, workspaceId, campaignId), request);
  const mailboxId = facts.mailboxId ?? mailboxFor(leadId, facts.mailboxIds);
  const mailbox = mailboxId && (await mailboxById(q, workspaceId, mailboxId));
  if (!mailbox) throw new AgentError("campaign_not_ready", "The campaign has no mailbox to send from.");
  const sender = await senderOf(agent, mailbox);
  const draft = { ...facts, variant: textOf(step) };
  const thread = [...facts.thread, ...assumed(agent, sender, draft, unsent(before, facts), agent.clock.now())];
  const variant = thread.length > 0 ? draft.variant : afterAnotherTool(draft.variant, before);
  return { stepId: step.id, mailbox, sender, draft: { ...draft, variant, thread } };
}

/** With nothing to thread under, a follow-up goes out under the subject of the step that the other tool sent last (as in render-claimed.ts). */
function afterAnotherTool(variant: StepText, before: readonly StepWithText[]): StepText {
  return { ...variant, subject: variant.subject ?? before.findLast((step) => step.text?.subject)?.text?.subject ?? null };
}

interface Place {
  readonly step: StepWithText;
  /** What a lead gets before it. */
  readonly before: readonly StepWithText[];
}

function placeOf(sequences: readonly SequenceWithSteps[], { step: lineage, sequence: name }: PreviewRequest): Place {
  const steps = (one: SequenceWithSteps | undefined) => one?.steps.filter((step) => !step.retired) ?? [];
  const main = steps(sequences.find(({ kind }) => kind === "main"));
  const own = name === null ? main : steps(sequences.find((one) => one.kind === "sub" && one.isActive && sameName(one.name, name)));
  const index = own.findIndex((step) => step.lineage === lineage);
  const step = own[index];
  if (!step) throw new AgentError("not_found", `There is no step "${lineage}" in ${name === null ? "the sequence" : `"${name}"`}.`);
  // A sub-sequence answers a reply, so at least the first mail went out.
  return { step, before: [...(name === null ? [] : main.slice(0, 1)), ...own.slice(0, index)] };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unsent(before: readonly StepWithText[], { writtenSteps }: PreviewFacts): readonly StepWithText[] {
  return before.filter((step) => !writtenSteps.includes(step.id));
}

/** The mails before it, by their subjects: what a mail without one threads under. One that could not be written is left out. */
function assumed(
  agent: Agent,
  sender: MessageSender,
  draft: Omit<StepDraft, "variant">,
  steps: readonly StepWithText[],
  at: Instant,
): ThreadMail[] {
  const mails: ThreadMail[] = [];
  for (const [index, step] of steps.entries()) {
    const written = previewStep(
      agent.settings.http.public_url ?? null,
      sender,
      { ...draft, variant: textOf(step), thread: [...draft.thread, ...mails] },
      at,
    );
    if (written.ok) mails.push({ messageId: `<preview-${index}@preview.invalid>`, subject: written.preview.subject });
  }
  return mails;
}

function textOf({ lineage, text }: StepWithText): StepText {
  if (!text) throw new AgentError("not_found", `The step "${lineage}" has no text.`);
  return text;
}
