// What does a claimed message say? What is needed to write it, and the bytes that were written: frozen, so that every attempt sends the same.
import type { CampaignId, MessageId, VariantId, WorkspaceId } from "../core/ids.ts";
import type { ThreadMail } from "../core/outgoing-message.ts";
import { CHECKED, type Queryable } from "./database.ts";
import type { Lease } from "./lease.ts";
import { type Message, SENT_ELSEWHERE } from "./message.ts";

export interface ClaimedMessage
  extends Pick<Message, "workspaceId" | "id" | "kind" | "campaignId" | "enrollmentId" | "stepId" | "messageId" | "recipient"> {
  /** An earlier attempt froze its bytes. */
  readonly frozen: boolean;
  readonly variant: { readonly subject: string | null; readonly bodyText: string; readonly bodyHtml: string | null };
  readonly lead: Readonly<{
    email: string;
    firstName: string | null;
    lastName: string | null;
    company: string | null;
    title: string | null;
    phone: string | null;
    custom: Record<string, unknown>;
  }>;
  readonly campaign: Readonly<{
    name: string;
    postalAddress: string | null;
    optOut: "link" | "reply";
    mergeDefaults: Record<string, string>;
  }>;
  /** What this enrollment was sent and what was answered, oldest first: what a mail without a subject of its own threads under. */
  readonly thread: readonly ThreadMail[];
}

/** More answers of one lead than this are a flood: the newest are enough to thread under. */
const LATEST_ANSWERS = 40;

/**
 * Of what another tool sent only a mail whose Message-ID it told has a subject here, and can be threaded under.
 * A mail of ours stands where it went onto the wire: one that was proven to have been sent by its answer was recorded no earlier than the answer.
 * Of an answer only its Message-ID is taken: its subject is hostile text that nobody needs.
 */
export const THREAD = `
  select jsonb_agg(jsonb_build_object('messageId', mail.message_id, 'subject', mail.subject, 'answers', mail.answers)
    order by mail.at, mail.answers nulls first, mail.id)
  from (
    (select sent.id, sent.message_id, sent.subject, null as answers, coalesce(sent.transmitting_at, sent.sent_at) as at from message sent
     where sent.enrollment_id = m.enrollment_id and sent.state = 'sent'
       and (sent.reason is distinct from '${SENT_ELSEWHERE}' or sent.subject is not null))
    union all
    (select answer.id, answer.message_id, null, answered.message_id, answer.received_at from inbound_message answer
     join message answered on answered.id = answer.answered_message_id
     where answer.workspace_id = m.workspace_id and answer.enrollment_id = m.enrollment_id and answer.verdict = 'reply'
       and answer.message_id is not null
     order by answer.received_at desc, answer.id desc limit ${LATEST_ANSWERS})) mail`;

/** What its words and its campaign have in common with others is named here, and asked once: see variantTexts and campaignTexts. */
export interface UnwordedMessage extends Omit<ClaimedMessage, "variant" | "campaign"> {
  readonly campaignId: CampaignId;
  readonly variantId: VariantId;
}

/** What is needed to write those of the given messages that are still claimed under this lease, in the order of their slots. */
export async function claimedMessages(q: Queryable, lease: Lease, ids: readonly MessageId[]): Promise<UnwordedMessage[]> {
  const { rows } = await q.query<UnwordedMessage>(
    `select m.workspace_id as "workspaceId", m.id, m.kind, m.campaign_id as "campaignId", m.enrollment_id as "enrollmentId", m.step_id as "stepId",
       m.message_id as "messageId", m.recipient, m.variant_id as "variantId",
       exists (select from message_body body
         where body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at) as frozen,
       jsonb_build_object('email', lead.email, 'firstName', lead.first_name, 'lastName', lead.last_name, 'company', lead.company,
         'title', lead.title, 'phone', lead.phone, 'custom', lead.custom) as lead,
       coalesce((${THREAD}), '[]') as thread
     from message m
     join lead on lead.id = m.lead_id
     where m.id = any($2) and (m.workspace_id = $1) ${CHECKED} and m.state = 'claimed' and m.fence = $3 and m.variant_id is not null and m.campaign_id is not null
     order by m.slot_at, m.id`,
    [lease.workspaceId, ids, lease.fence],
  );
  return rows;
}

/**
 * Of messages that follow what only another tool sent: the subject of the last step that it sent. With nothing to thread under they go out as new mails
 * under the words that the lead knows.
 */
export async function subjectsElsewhere(
  q: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly MessageId[],
): Promise<Map<MessageId, string>> {
  const { rows } = await q.query<{ id: MessageId; subject: string }>(
    `select distinct on (m.id) m.id, earlier.subject from message m
     join message told on told.enrollment_id = m.enrollment_id and told.visit = m.visit
       and told.reason = '${SENT_ELSEWHERE}'
     join step on step.workspace_id = told.workspace_id and step.id = told.step_id
     join variant earlier on earlier.workspace_id = step.workspace_id and earlier.step_id = step.id and earlier.subject is not null
     where m.id = any($2) and (m.workspace_id = $1) ${CHECKED}
     order by m.id, step.position desc, earlier.retired_at nulls first`,
    [workspaceId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.subject]));
}

export async function variantTexts(
  q: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly VariantId[],
): Promise<Map<VariantId, ClaimedMessage["variant"]>> {
  const { rows } = await q.query<ClaimedMessage["variant"] & { id: VariantId }>(
    `select v.id, v.subject, v.body_text as "bodyText", v.body_html as "bodyHtml" from variant v where v.workspace_id = $1 and v.id = any($2)`,
    [workspaceId, [...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function campaignTexts(
  q: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly CampaignId[],
): Promise<Map<CampaignId, ClaimedMessage["campaign"]>> {
  const { rows } = await q.query<ClaimedMessage["campaign"] & { id: CampaignId }>(
    `select c.id, c.name, coalesce(c.postal_address, w.postal_address) as "postalAddress", c.opt_out as "optOut", c.merge_defaults as "mergeDefaults"
     from campaign c join workspace w on w.id = c.workspace_id where c.workspace_id = $1 and c.id = any($2)`,
    [workspaceId, [...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface RenderedMessage {
  readonly id: MessageId;
  readonly subject: string;
  readonly inReplyTo: string | null;
  readonly raw: Buffer;
}

/**
 * Freezes bytes with the messages that are claimed under this lease and have none yet. Bytes that somebody else froze stay: see frozenMessages.
 * Gives the messages whose bytes these are now.
 */
export async function freezeBodies(q: Queryable, lease: Lease, rendered: readonly RenderedMessage[]): Promise<Set<MessageId>> {
  if (rendered.length === 0) return new Set();
  let end = 0;
  const { rows } = await q.query<{ id: MessageId }>(
    // all bytes in one value, which travels as it is: in an array they would be written out in hexadecimal
    `with new as (
       select id, subject, in_reply_to, substr($6::bytea, ends - size + 1, size) as raw
       from unnest($3::uuid[], $4::text[], $5::text[], $7::integer[], $8::integer[]) as new (id, subject, in_reply_to, size, ends)),
     claimed as (
       select m.id, m.created_at from message m
       where m.id = any($3) and (m.workspace_id = $1) ${CHECKED} and m.state = 'claimed' and m.fence = $2 for update of m),
     frozen as (
       insert into message_body (workspace_id, message_id, created_at, raw)
       select $1, claimed.id, claimed.created_at, new.raw from claimed join new on new.id = claimed.id
       on conflict do nothing returning message_id)
     update message m set subject = new.subject, in_reply_to = new.in_reply_to from new join frozen on frozen.message_id = new.id
     where m.id = any($3) and (m.workspace_id = $1) ${CHECKED} and m.id = new.id
     returning m.id`,
    [
      lease.workspaceId,
      lease.fence,
      rendered.map((one) => one.id),
      rendered.map((one) => one.subject),
      rendered.map((one) => one.inReplyTo),
      Buffer.concat(rendered.map((one) => one.raw)),
      rendered.map((one) => one.raw.length),
      rendered.map((one) => (end += one.raw.length)),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/** A claimed message with the bytes that go onto the wire. */
export interface FrozenMessage {
  readonly id: MessageId;
  readonly recipient: string;
  readonly raw: Buffer;
}

/** Those of the given messages that are still claimed under this lease and were written, with the bytes that stand in the database. By slot. */
export async function frozenMessages(q: Queryable, lease: Lease, ids: readonly MessageId[]): Promise<FrozenMessage[]> {
  const { rows } = await q.query<FrozenMessage>(
    `select m.id, m.recipient, body.raw from message m
     join message_body body on body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at
     where m.id = any($2) and (m.workspace_id = $1) ${CHECKED} and m.state = 'claimed' and m.fence = $3
     order by m.slot_at, m.id`,
    [lease.workspaceId, ids, lease.fence],
  );
  return rows;
}
