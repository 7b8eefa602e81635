// The versions of a sequence: an edit of one that has run keeps what it replaces. The newest version stands in `step` and `variant`.
import type { SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { PlacedStep, StoredStep } from "../core/sequence.ts";
import type { Actor } from "./audit.ts";
import { only, type Queryable, type Tx } from "./database.ts";
import { RUNNING } from "./enrollment.ts";

/** Keeps the newest version as it stands, and begins the next one: what changes from here on belongs to that. Gives the number of the version that it kept. */
export async function beginVersion(
  tx: Tx,
  version: {
    readonly workspaceId: WorkspaceId;
    readonly sequenceId: SequenceId;
    readonly author: Actor | null;
    readonly changes: readonly string[];
  },
  at: Instant,
): Promise<number> {
  const { workspaceId, sequenceId, author, changes } = version;
  const { rows } = await tx.query<{ kept: number }>(
    `with newest as (select max(number) as number from sequence_version where workspace_id = $1 and sequence_id = $2),
     kept as (
       insert into past_step (workspace_id, sequence_id, version, step_id, position, delay_days, delay_working_days, delay_minutes, retired,
         variant_id)
       select step.workspace_id, step.sequence_id, newest.number, step.id, step.position, step.delay_days, step.delay_working_days,
         step.delay_minutes, step.retired_at is not null, (select v.id from variant v
           where v.workspace_id = step.workspace_id and v.step_id = step.id and v.retired_at is null order by v.name limit 1)
       from newest join step on step.workspace_id = $1 and step.sequence_id = $2)
     insert into sequence_version (workspace_id, sequence_id, number, created_at, actor, actor_id, actor_name, changes)
     select $1, $2, newest.number + 1, $3, $4, $5, $6, $7 from newest
     returning number - 1 as kept`,
    [workspaceId, sequenceId, at, author?.kind ?? null, author?.id ?? null, author?.name ?? null, changes],
  );
  return only(rows).kept;
}

/** The older versions that a lead stays in, each with all its steps. */
export async function versionsStayedIn(tx: Tx, workspaceId: WorkspaceId, sequenceId: SequenceId): Promise<PlacedStep[][]> {
  const { rows } = await tx.query<{ steps: PlacedStep[] }>(
    `select jsonb_agg(jsonb_build_object('lineage', step.lineage, 'position', past.position, 'retired', past.retired)) as steps
     from past_step past join step on step.workspace_id = past.workspace_id and step.id = past.step_id
     where past.workspace_id = $1 and past.sequence_id = $2 and exists (
       select from enrollment e where e.workspace_id = past.workspace_id and e.sequence_id = past.sequence_id
         and e.stays_in_version = past.version and e.state in ${RUNNING})
     group by past.version`,
    [workspaceId, sequenceId],
  );
  return rows.map((row) => row.steps);
}

export interface SequenceVersion {
  readonly number: number;
  readonly createdAt: Instant;
  /** Who made it; null when nobody said so. */
  readonly actor: Actor["kind"] | null;
  readonly actorName: string | null;
  /** One phrase per change against the version before. */
  readonly changes: readonly string[];
  readonly isNewest: boolean;
  /** Steps that it sends. */
  readonly steps: number;
  /** Leads that go by it and may still be written to. */
  readonly leads: number;
  /** Mails that were sent from it. */
  readonly sent: number;
}

/** Of one sequence, the newest first. */
export async function versionsOf(q: Queryable, workspaceId: WorkspaceId, sequenceId: SequenceId): Promise<SequenceVersion[]> {
  const { rows } = await q.query<SequenceVersion>(
    `select v.number, v.created_at as "createdAt", v.actor, v.actor_name as "actorName", v.changes, newest.number = v.number as "isNewest",
       case when newest.number = v.number
         then (select count(*) from step where step.workspace_id = $1 and step.sequence_id = $2 and step.retired_at is null)
         else (select count(*) from past_step past
           where past.workspace_id = $1 and past.sequence_id = $2 and past.version = v.number and not past.retired) end as steps,
       (select count(*) from enrollment e
        where e.workspace_id = $1 and e.campaign_id = s.campaign_id and e.sequence_id = $2 and e.state in ${RUNNING}
          and coalesce(e.stays_in_version, newest.number) = v.number) as leads,
       (select count(*) from message m join step on step.workspace_id = m.workspace_id and step.id = m.step_id
        where m.workspace_id = $1 and m.campaign_id = s.campaign_id and step.sequence_id = $2 and m.kind = 'step' and m.state = 'sent'
          and m.sequence_version = v.number) as sent
     from sequence s
     join sequence_version v on v.workspace_id = s.workspace_id and v.sequence_id = s.id
     cross join lateral (
       select max(number) as number from sequence_version latest where latest.workspace_id = s.workspace_id and latest.sequence_id = s.id) newest
     where s.workspace_id = $1 and s.id = $2 order by v.number desc`,
    [workspaceId, sequenceId],
  );
  return rows;
}

/** A step as it stands, or stood, in one version. */
export interface StepOfVersion extends StoredStep {
  readonly id: StepId;
}

/** The steps that a version sends, in order; null when there is no such version. */
export async function stepsOfVersion(
  q: Queryable,
  workspaceId: WorkspaceId,
  sequenceId: SequenceId,
  number: number,
): Promise<StepOfVersion[] | null> {
  const { rows } = await q.query<{ steps: StepOfVersion[] }>(
    `select coalesce((
       select jsonb_agg(jsonb_build_object('id', known.id, 'lineage', known.lineage, 'position', known.position, 'retired', false,
         'delay', jsonb_build_object('days', known.delay_days, 'workingDays', known.delay_working_days, 'minutes', known.delay_minutes),
         'text', case when v.id is not null then jsonb_build_object('subject', v.subject, 'bodyText', v.body_text, 'bodyHtml', v.body_html) end)
         order by known.position)
       from (
         select step.id, step.lineage, step.position, step.delay_days, step.delay_working_days, step.delay_minutes,
           (select written.id from variant written
            where written.workspace_id = step.workspace_id and written.step_id = step.id and written.retired_at is null
            order by written.name limit 1) as variant_id
         from step where step.workspace_id = $1 and step.sequence_id = $2 and step.retired_at is null and not exists (
           select from sequence_version newer
           where newer.workspace_id = $1 and newer.sequence_id = $2 and newer.number > version.number)
         union all
         select past.step_id, step.lineage, past.position, past.delay_days, past.delay_working_days, past.delay_minutes, past.variant_id
         from past_step past join step on step.workspace_id = past.workspace_id and step.id = past.step_id
         where past.workspace_id = $1 and past.sequence_id = $2 and past.version = version.number and not past.retired) known
       left join variant v on v.workspace_id = $1 and v.step_id = known.id and v.id = known.variant_id), '[]') as steps
     from sequence_version version where version.workspace_id = $1 and version.sequence_id = $2 and version.number = $3`,
    [workspaceId, sequenceId, number],
  );
  return rows[0]?.steps ?? null;
}
