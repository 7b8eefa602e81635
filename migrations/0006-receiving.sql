-- What came in, what it was judged to be, and what happened to our messages afterwards.

create table inbound_message (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  mailbox_id uuid not null,
  folder text not null,
  uid_validity bigint not null,
  uid bigint not null,
  -- SHA-256 of the content: two mails that share a Message-ID lose neither, one mail in two folders is stored once
  fingerprint bytea not null,
  -- our receive time; the sender's Date is hostile text
  received_at timestamptz not null,
  sent_date timestamptz,
  message_id text,
  from_address text, from_name text,
  subject text,
  verdict text not null check (verdict in ('bounce', 'complaint', 'auto_reply', 'unsubscribe_request', 'reply', 'own', 'unrelated')),
  -- the rule that decided, and the header or phrase it saw
  verdict_why jsonb not null default '[]' check (jsonb_typeof(verdict_why) = 'array'),
  disposition text not null check (disposition in ('matched', 'unmatched', 'ignored')),
  disposition_reason text not null,
  match_method text check (match_method in ('in_reply_to', 'references', 'plus_address', 'quoted_original', 'original_recipient', 'subject_and_address', 'address', 'person')),
  answered_message_id uuid,
  enrollment_id uuid, campaign_id uuid, lead_id uuid,
  -- a guess for a person to confirm; never acted on
  suggested_lead_id uuid,
  interest_level text not null default 'not_analyzed'
    check (interest_level in ('not_analyzed', 'needs_review', 'positive', 'requested_info', 'objection', 'neutral', 'negative', 'unsubscribe', 'not_now', 'referral', 'wrong_person')),
  -- the new text the person wrote: no quote, no signature
  visible_text text,
  handled_at timestamptz,
  primary key (workspace_id, id),
  constraint inbound_uid_once unique (workspace_id, mailbox_id, folder, uid_validity, uid),
  constraint inbound_content_once unique (workspace_id, mailbox_id, fingerprint),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade,
  foreign key (workspace_id, answered_message_id) references message (workspace_id, id),
  foreign key (workspace_id, enrollment_id) references enrollment (workspace_id, id) on delete set null (enrollment_id),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id),
  foreign key (workspace_id, lead_id) references lead (workspace_id, id) on delete set null (lead_id),
  foreign key (workspace_id, suggested_lead_id) references lead (workspace_id, id) on delete set null (suggested_lead_id),
  check ((disposition = 'matched') = (match_method is not null))
);
-- serves: the inbox, newest first; the tray of unmatched mail
create index inbound_newest on inbound_message (workspace_id, disposition, received_at desc);
-- serves: what a lead wrote; the deletion of a lead
create index inbound_lead on inbound_message (workspace_id, lead_id, received_at);
-- serves: what an enrollment received
create index inbound_enrollment on inbound_message (workspace_id, enrollment_id, received_at);
-- serves: threads that answer an inbound message
create index inbound_message_header on inbound_message (workspace_id, message_id);

-- The raw mail, only for what is tied to a message, a lead or a bounce: a person's mailbox is private.
create table inbound_body (
  workspace_id uuid not null,
  inbound_message_id uuid not null,
  received_at timestamptz not null,
  raw bytea not null,
  primary key (workspace_id, inbound_message_id, received_at),
  foreign key (workspace_id, inbound_message_id) references inbound_message (workspace_id, id) on delete cascade
) partition by range (received_at);
create table inbound_body_default partition of inbound_body default;

-- Every judgement of a reply, by whom and on which words. The newest stands in inbound_message.interest_level.
create table reply_analysis (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  inbound_message_id uuid not null,
  at timestamptz not null,
  analyst text not null,
  analyst_version text not null,
  interest_level text not null,
  confidence real not null check (confidence between 0 and 1),
  evidence text,
  why jsonb not null default '[]',
  primary key (workspace_id, id),
  foreign key (workspace_id, inbound_message_id) references inbound_message (workspace_id, id) on delete cascade
);
-- serves: the judgements of one reply
create index reply_analysis_inbound on reply_analysis (workspace_id, inbound_message_id, at);

-- What happened to a message after it was sent: append-only, never an overwrite. Its key holds the time (partitioned by month).
create table engagement_event (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  at timestamptz not null,
  kind text not null check (kind in ('open', 'click', 'reply', 'auto_reply', 'bounce', 'complaint', 'unsubscribe')),
  message_id uuid,
  campaign_id uuid, enrollment_id uuid, lead_id uuid, mailbox_id uuid,
  inbound_message_id uuid,
  evidence jsonb not null default '{}' check (jsonb_typeof(evidence) = 'object'),
  primary key (workspace_id, at, id)
) partition by range (at);
create table engagement_event_default partition of engagement_event default;
-- serves: the events of one message
create index engagement_event_message on engagement_event (workspace_id, message_id, at);
-- serves: the events of one lead
create index engagement_event_lead on engagement_event (workspace_id, lead_id, at);
-- serves: counts of a campaign by kind
create index engagement_event_campaign on engagement_event (workspace_id, campaign_id, kind, at);
