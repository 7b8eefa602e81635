// Sequences with their steps and texts: reading them whole, and the statements that an edit is made of.
import type { CampaignId, SequenceId, StepId, VariantId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Delay } from "../core/sending-window.ts";
import type { StepText, StoredStep } from "../core/sequence.ts";
import type { Trigger } from "../core/words.ts";
import type { Actor } from "./audit.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export interface StepWithText extends StoredStep {
  readonly id: StepId;
  /** The variant the file writes (`A`); null when it was retired. Others belong to tests of variants. */
  readonly variantId: VariantId | null;
}

export interface SequenceWithSteps {
  readonly id: SequenceId;
  readonly kind: "main" | "sub";
  readonly name: string;
  readonly trigger: Trigger | null;
  readonly isActive: boolean;
  /** By position, the retired ones among them. */
  readonly steps: readonly StepWithText[];
}

/** The variant that a campaign file writes. */
const WRITTEN = "A";

/** Every sequence of a campaign, the main one first, inactive ones too. */
export async function sequencesOfCampaign(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<SequenceWithSteps[]> {
  const { rows } = await q.query<SequenceWithSteps>(
    `select s.id, s.kind, s.name, s.trigger, s.is_active as "isActive", coalesce((
       select jsonb_agg(jsonb_build_object('id', step.id, 'lineage', step.lineage, 'position', step.position, 'retired', step.retired_at is not null,
         'delay', jsonb_build_object('days', step.delay_days, 'workingDays', step.delay_working_days, 'minutes', step.delay_minutes), 'variantId', v.id,
         'text', case when v.id is not null then jsonb_build_object('subject', v.subject, 'bodyText', v.body_text, 'bodyHtml', v.body_html) end)
         order by step.position, step.retired_at nulls first)
       from step left join variant v on v.workspace_id = step.workspace_id and v.step_id = step.id and v.name = $3 and v.retired_at is null
       where step.workspace_id = s.workspace_id and step.sequence_id = s.id), '[]') as steps
     from sequence s where s.workspace_id = $1 and s.campaign_id = $2 order by s.kind, s.name`,
    [workspaceId, campaignId, WRITTEN],
  );
  return rows;
}

export interface NewSequence {
  readonly campaignId: CampaignId;
  readonly name: string;
  /** Null: the main sequence. */
  readonly sub: { readonly parentId: SequenceId; readonly trigger: Trigger } | null;
}

/** With its first version, which `author` makes. */
export async function insertSequence(
  tx: Tx,
  workspaceId: WorkspaceId,
  sequence: NewSequence,
  author: Actor | null,
  at: Instant,
): Promise<SequenceId> {
  const { rows } = await tx.query<{ id: SequenceId }>(
    `with added as (
       insert into sequence (workspace_id, campaign_id, kind, name, parent_id, trigger) values ($1, $2, $3, $4, $5, $6)
       returning workspace_id, id)
     insert into sequence_version (workspace_id, sequence_id, number, created_at, actor, actor_id, actor_name)
     select workspace_id, id, 1, $7, $8, $9, $10 from added returning sequence_id as id`,
    [
      workspaceId,
      sequence.campaignId,
      sequence.sub ? "sub" : "main",
      sequence.name,
      sequence.sub?.parentId ?? null,
      sequence.sub?.trigger ?? null,
      at,
      author?.kind ?? null,
      author?.id ?? null,
      author?.name ?? null,
    ],
  );
  return only(rows).id;
}

/** Nothing enters these any more. Also makes room for triggers that change hands: one active sub-sequence per trigger. */
export async function deactivateSequences(tx: Tx, workspaceId: WorkspaceId, ids: readonly SequenceId[]): Promise<void> {
  await tx.query("update sequence set is_active = false where workspace_id = $1 and id = any($2)", [workspaceId, ids]);
}

export async function activateSubSequence(tx: Tx, workspaceId: WorkspaceId, id: SequenceId, name: string, trigger: Trigger): Promise<void> {
  await tx.query("update sequence set is_active = true, name = $3, trigger = $4 where workspace_id = $1 and id = $2 and kind = 'sub'", [
    workspaceId,
    id,
    name,
    trigger,
  ]);
}

/** Inserts a step at a position beyond all others; `placeSteps` gives it its own. */
export async function insertStep(tx: Tx, workspaceId: WorkspaceId, sequenceId: SequenceId, lineage: string, delay: Delay): Promise<StepId> {
  const { rows } = await tx.query<{ id: StepId }>(
    `insert into step (workspace_id, sequence_id, lineage, delay_days, delay_working_days, delay_minutes, position)
     select $1, $2, $3, $4, $5, $6, coalesce(max(position), 0) + 1 from step where workspace_id = $1 and sequence_id = $2
     returning id`,
    [workspaceId, sequenceId, lineage, delay.days, delay.workingDays, delay.minutes],
  );
  return only(rows).id;
}

export async function setStepDelay(tx: Tx, workspaceId: WorkspaceId, id: StepId, delay: Delay): Promise<void> {
  await tx.query("update step set delay_days = $3, delay_working_days = $4, delay_minutes = $5 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    delay.days,
    delay.workingDays,
    delay.minutes,
  ]);
}

/** Sets the place of every step of a sequence and which of them are in use. */
export async function placeSteps(
  tx: Tx,
  workspaceId: WorkspaceId,
  sequenceId: SequenceId,
  steps: readonly { readonly lineage: string; readonly position: number; readonly retired: boolean }[],
  at: Instant,
): Promise<void> {
  // A unique index is checked row by row, so swapped places would collide: first everything moves out of the way.
  await tx.query(
    `update step set position = position + (select max(position) from step where workspace_id = $1 and sequence_id = $2) + $3
     where workspace_id = $1 and sequence_id = $2`,
    [workspaceId, sequenceId, steps.length],
  );
  await tx.query(
    `update step set position = place.position, retired_at = case when place.retired then coalesce(step.retired_at, $6) end
     from unnest($3::text[], $4::integer[], $5::boolean[]) as place (lineage, position, retired)
     where step.workspace_id = $1 and step.sequence_id = $2 and step.lineage = place.lineage`,
    [workspaceId, sequenceId, steps.map((step) => step.lineage), steps.map((step) => step.position), steps.map((step) => step.retired), at],
  );
}

export async function insertText(tx: Tx, workspaceId: WorkspaceId, stepId: StepId, text: StepText): Promise<void> {
  await tx.query("insert into variant (workspace_id, step_id, name, subject, body_text, body_html) values ($1, $2, $3, $4, $5, $6)", [
    workspaceId,
    stepId,
    WRITTEN,
    text.subject,
    text.bodyText,
    text.bodyHtml,
  ]);
}

/** Rewrites a text that no mail was made of; false when one was: what was sent stays as it was. */
export async function rewriteUnusedText(
  tx: Tx,
  workspaceId: WorkspaceId,
  variant: { readonly campaignId: CampaignId; readonly id: VariantId },
  text: StepText,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update variant set subject = $4, body_text = $5, body_html = $6
     where workspace_id = $1 and id = $3 and not exists (
       select from message m where m.workspace_id = $1 and m.campaign_id = $2 and m.variant_id = $3)`,
    [workspaceId, variant.campaignId, variant.id, text.subject, text.bodyText, text.bodyHtml],
  );
  return rowCount === 1;
}

export async function retireText(tx: Tx, workspaceId: WorkspaceId, id: VariantId, at: Instant): Promise<void> {
  await tx.query("update variant set retired_at = $3 where workspace_id = $1 and id = $2 and retired_at is null", [workspaceId, id, at]);
}
