-- Enrollments and the send ledger.

create table enrollment (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  campaign_id uuid not null,
  lead_id uuid not null,
  -- a lead keeps its mailbox
  mailbox_id uuid not null,
  state text not null default 'active'
    check (state in ('active', 'held', 'awaiting_reply', 'finished', 'replied', 'unsubscribed', 'bounced', 'complained', 'failed', 'removed')),
  -- why it is in this state: the last reason code of its history
  reason text not null,
  sequence_id uuid not null,
  -- how often it entered a sequence
  visit integer not null default 1 check (visit > 0),
  -- what is sent next, and after which moment its delay counts
  next_step_id uuid,
  anchor_at timestamptz not null,
  -- when it acts next. null while active: waits for the planner. awaiting_reply: end of the reply window. held: until when, null = a person
  next_at timestamptz,
  -- 0 follow-up, 1 first mail to a new lead
  priority smallint not null default 1 check (priority in (0, 1)),
  pause_epoch integer not null,
  -- the message that is on its way; nothing else is claimed until it has an outcome
  pending_message_id uuid,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  constraint enrollment_once unique (workspace_id, campaign_id, lead_id),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id),
  foreign key (workspace_id, lead_id) references lead (workspace_id, id) on delete cascade,
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id),
  constraint enrollment_sequence_of_its_campaign
    foreign key (workspace_id, campaign_id, sequence_id) references sequence (workspace_id, campaign_id, id),
  foreign key (workspace_id, next_step_id) references step (workspace_id, id),
  check (state <> 'active' or next_step_id is not null),
  check (state <> 'awaiting_reply' or next_at is not null)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
-- serves: the claim of due work, one range per (campaign, mailbox, priority), however many enrollments wait
create index enrollment_due on enrollment (workspace_id, campaign_id, mailbox_id, pause_epoch, priority, next_at, lead_id)
  where state = 'active' and pending_message_id is null and next_at is not null;
-- serves: the planner's next batch
create index enrollment_unplanned on enrollment (workspace_id, campaign_id, id)
  where state = 'active' and pending_message_id is null and next_at is null;
-- serves: the shift after a resume
create index enrollment_epoch on enrollment (workspace_id, campaign_id, pause_epoch) where state in ('active', 'held', 'awaiting_reply');
-- serves: holds and reply windows that end
create index enrollment_ending on enrollment (state, next_at) where state in ('held', 'awaiting_reply') and next_at is not null;
-- serves: the enrollments of a lead (stop everywhere, why)
create index enrollment_lead on enrollment (workspace_id, lead_id);

-- Each change of an enrollment with a reason code: the answer to "why was this lead (not) written to?".
create table enrollment_event (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  enrollment_id uuid not null,
  at timestamptz not null,
  reason text not null,
  from_state text, to_state text,
  detail jsonb not null default '{}',
  primary key (workspace_id, id),
  foreign key (workspace_id, enrollment_id) references enrollment (workspace_id, id) on delete cascade
);
-- serves: the history of an enrollment
create index enrollment_event_history on enrollment_event (workspace_id, enrollment_id, at);

-- The send ledger: one row per outgoing email, never deleted.
create table message (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  kind text not null check (kind in ('step', 'answer', 'test', 'notice')),
  -- names the intent of the kinds that no step names
  idempotency_key text,
  campaign_id uuid,
  enrollment_id uuid, visit integer, step_lineage text, step_id uuid, variant_id uuid,
  -- the enrollment's version when this was claimed: a reply or a removal since then makes them differ
  enrollment_version integer,
  lead_id uuid,
  mailbox_id uuid not null,
  -- RFC 5322 msg-id with its angle brackets, derived from the intent, so the same step always has the same one
  message_id text not null check (message_id like '<%@%>'),
  in_reply_to text,
  recipient text not null,
  recipient_key text not null,
  subject text,
  state text not null check (state in ('queued', 'claimed', 'transmitting', 'sent', 'deferred', 'failed', 'uncertain', 'cancelled')),
  -- the moment the planner gave it; the next step's delay counts from here while it was kept
  slot_at timestamptz not null,
  -- the local day whose budget it debited; null after a refund
  budget_day date,
  -- the fence of the lease under which it was claimed
  fence bigint,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  transmitting_at timestamptz, sent_at timestamptz,
  -- what the server said last
  smtp_code integer, smtp_enhanced text, smtp_response text,
  -- why failed, uncertain, deferred or cancelled
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  constraint message_id_once unique (message_id),
  constraint message_step_once unique (workspace_id, enrollment_id, visit, step_lineage),
  constraint message_idempotency unique (workspace_id, kind, idempotency_key),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id),
  foreign key (workspace_id, enrollment_id) references enrollment (workspace_id, id) on delete set null (enrollment_id),
  foreign key (workspace_id, lead_id) references lead (workspace_id, id) on delete set null (lead_id),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id),
  foreign key (workspace_id, step_id) references step (workspace_id, id),
  check ((kind = 'step') = (step_lineage is not null) and (kind = 'step') = (visit is not null)),
  check (kind = 'step' or idempotency_key is not null),
  check ((state = 'sent') = (sent_at is not null)),
  check ((state = 'deferred') = (next_attempt_at is not null)),
  check (state not in ('claimed', 'transmitting') or (fence is not null and budget_day is not null)),
  check (state not in ('failed', 'uncertain', 'deferred', 'cancelled') or reason is not null)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
-- serves: retries and put-back messages of a mailbox
create index message_waiting on message (workspace_id, mailbox_id, next_attempt_at) where state in ('queued', 'deferred');
-- serves: recovery of what a dead process left behind
create index message_in_flight on message (workspace_id, mailbox_id, fence) where state in ('claimed', 'transmitting');
-- serves: what a person must decide
create index message_uncertain on message (workspace_id, created_at) where state = 'uncertain';
-- serves: the last mails to an address (threads, matching by subject, bounces of the last 30 days)
create index message_recipient on message (workspace_id, recipient_key, sent_at desc);
-- serves: the messages of a campaign, newest first; rates
create index message_campaign on message (workspace_id, campaign_id, created_at desc);
-- serves: the messages of a lead
create index message_lead on message (workspace_id, lead_id, created_at);
-- serves: the foreign keys of a deleted enrollment, the thread of a lead
create index message_enrollment on message (workspace_id, enrollment_id, created_at);

-- A recipient domain that a mailbox leaves alone for a while: its policy refused several of our mails within an hour.
create table recipient_domain_pause (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  domain text not null,
  until timestamptz not null,
  reason text not null,
  primary key (workspace_id, mailbox_id, domain),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);

-- The bytes that were (or will be) on the wire, by month of the message.
create table message_body (
  workspace_id uuid not null,
  message_id uuid not null,
  created_at timestamptz not null,
  raw bytea not null,
  primary key (workspace_id, message_id, created_at),
  foreign key (workspace_id, message_id) references message (workspace_id, id)
) partition by range (created_at);
create table message_body_default partition of message_body default;

-- A suppression outlives everything: the database itself refuses to put a mail to a suppressed address onto the wire.
create function refuse_suppressed() returns trigger language plpgsql as $$
begin
  if exists (
    select from suppression s
    where s.workspace_id = new.workspace_id
      and s.key in (new.recipient_key, split_part(new.recipient_key, '@', 2))
      and (s.campaign_id is null or s.campaign_id = new.campaign_id)
  ) then
    raise exception 'message % goes to a suppressed address', new.id using errcode = 'MA001';
  end if;
  return new;
end $$;
create trigger message_not_to_suppressed before insert or update of state on message
  for each row when (new.state = 'transmitting' and new.kind in ('step', 'answer')) execute function refuse_suppressed();
