// What does a claimed message say? What is needed to write it, and the bytes that were written: frozen, so that every attempt sends the same.
import type { MessageId } from "../core/ids.ts";
import type { ThreadMail } from "../core/outgoing-message.ts";
import { HIDDEN_WORKSPACE, type Queryable } from "./database.ts";
import { SENT_ELSEWHERE } from "./enrollment-continue.ts";
import type { Lease } from "./lease.ts";
import { MESSAGE_COLUMNS, type Message } from "./message.ts";

export interface ClaimedMessage extends Message {
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
     where sent.workspace_id = m.workspace_id and sent.enrollment_id = m.enrollment_id and sent.state = 'sent'
       and (sent.reason is distinct from '${SENT_ELSEWHERE}' or sent.subject is not null))
    union all
    (select answer.id, answer.message_id, null, answered.message_id, answer.received_at from inbound_message answer
     join message answered on answered.workspace_id = answer.workspace_id and answered.id = answer.answered_message_id
     where answer.workspace_id = m.workspace_id and answer.enrollment_id = m.enrollment_id and answer.verdict = 'reply'
       and answer.message_id is not null
     order by answer.received_at desc, answer.id desc limit ${LATEST_ANSWERS})) mail`;

/**
 * The subject of the step before that another tool sent, for a follow-up that has none and nothing to thread under: it goes out as a new mail under
 * the words that the lead knows.
 */
const SUBJECT_ELSEWHERE = `
  select earlier.subject from message told
  join step on step.workspace_id = told.workspace_id and step.id = told.step_id
  join variant earlier on earlier.workspace_id = step.workspace_id and earlier.step_id = step.id and earlier.subject is not null
  where told.workspace_id = m.workspace_id and told.enrollment_id = m.enrollment_id and told.visit = m.visit and told.reason = '${SENT_ELSEWHERE}'
    and not exists (
      select from message sent where sent.workspace_id = m.workspace_id and sent.enrollment_id = m.enrollment_id and sent.state = 'sent'
        and (sent.reason is distinct from '${SENT_ELSEWHERE}' or sent.subject is not null))
  order by step.position desc, earlier.retired_at nulls first limit 1`;

/** Everything that is needed to write those of the given messages that are still claimed under this lease, in the order of their slots. */
export async function claimedMessages(q: Queryable, lease: Lease, ids: readonly MessageId[]): Promise<ClaimedMessage[]> {
  const { rows } = await q.query<ClaimedMessage>(
    `select ${MESSAGE_COLUMNS},
       exists (select from message_body body
         where body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at) as frozen,
       jsonb_build_object('subject', coalesce(v.subject, (${SUBJECT_ELSEWHERE})), 'bodyText', v.body_text, 'bodyHtml', v.body_html) as variant,
       jsonb_build_object('email', lead.email, 'firstName', lead.first_name, 'lastName', lead.last_name, 'company', lead.company,
         'title', lead.title, 'phone', lead.phone, 'custom', lead.custom) as lead,
       jsonb_build_object('name', c.name, 'postalAddress', coalesce(c.postal_address, w.postal_address), 'optOut', c.opt_out,
         'mergeDefaults', c.merge_defaults) as campaign,
       coalesce((${THREAD}), '[]') as thread
     from message m
     join workspace w on w.id = m.workspace_id
     join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id
     join lead on lead.workspace_id = m.workspace_id and lead.id = m.lead_id
     join variant v on v.workspace_id = m.workspace_id and v.id = m.variant_id
     where m.workspace_id = $1 and m.id = any($2) and m.state = 'claimed' and m.fence = $3
     order by m.slot_at, m.id`,
    [lease.workspaceId, ids, lease.fence],
  );
  return rows;
}

export interface RenderedMessage {
  readonly id: MessageId;
  readonly subject: string;
  readonly inReplyTo: string | null;
  readonly raw: Buffer;
}

/** Freezes bytes with the messages that are claimed under this lease and have none yet. Bytes that somebody else froze stay: see frozenMessages. */
export async function freezeBodies(q: Queryable, lease: Lease, rendered: readonly RenderedMessage[]): Promise<void> {
  if (rendered.length === 0) return;
  await q.query(
    `with new as (
       select * from unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[]) as new (id, subject, in_reply_to, raw)),
     claimed as (
       select m.id, m.created_at from message m join new on new.id = m.id
       where m.workspace_id = $1 and m.state = 'claimed' and m.fence = $2 for update of m),
     frozen as (
       insert into message_body (workspace_id, message_id, created_at, raw)
       select $1, claimed.id, claimed.created_at, new.raw from claimed join new on new.id = claimed.id
       on conflict do nothing returning message_id)
     update message m set subject = new.subject, in_reply_to = new.in_reply_to from new join frozen on frozen.message_id = new.id
     where m.workspace_id = ${HIDDEN_WORKSPACE} and m.id = new.id`,
    [
      lease.workspaceId,
      lease.fence,
      rendered.map((one) => one.id),
      rendered.map((one) => one.subject),
      rendered.map((one) => one.inReplyTo),
      rendered.map((one) => one.raw),
    ],
  );
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
     where m.workspace_id = $1 and m.id = any($2) and m.state = 'claimed' and m.fence = $3
     order by m.slot_at, m.id`,
    [lease.workspaceId, ids, lease.fence],
  );
  return rows;
}
