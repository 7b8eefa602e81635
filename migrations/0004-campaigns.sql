-- Campaigns, their sequences and steps.

create table campaign (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  name text not null check (btrim(name) <> ''),
  goal text,
  state text not null default 'draft' check (state in ('draft', 'scheduled', 'active', 'paused', 'completed', 'archived')),
  state_reason text,
  starts_at timestamptz, ends_at timestamptz,
  at_end text not null default 'complete' check (at_end in ('complete', 'pause')),
  time_zone text not null,
  -- {"monday": [["09:00","17:00"]], …}: core/sending-window.ts
  sending_window jsonb not null check (jsonb_typeof(sending_window) = 'object'),
  holidays date[] not null default '{}',
  use_lead_time_zone boolean not null default true,
  jitter_minutes integer not null default 0 check (jitter_minutes between 0 and 1440),
  reply_window_days integer not null default 14 check (reply_window_days between 0 and 365),
  postal_address text,
  opt_out text not null default 'link' check (opt_out in ('link', 'reply')),
  -- null: every lead of the workspace; otherwise those of one list
  list_id uuid,
  -- what Liquid falls back to when a lead lacks a value: {"first_name": "there"}
  merge_defaults jsonb not null default '{}' check (jsonb_typeof(merge_defaults) = 'object'),
  hold_other_campaigns boolean not null default true,
  hold_company boolean not null default false,
  -- bumped by every resume; only enrollments of the current epoch are sent to
  pause_epoch integer not null default 0,
  paused_at timestamptz,
  activated_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, list_id) references lead_list (workspace_id, id),
  check (ends_at > starts_at),
  check ((state = 'paused') = (paused_at is not null)),
  check (state not in ('active', 'paused') or activated_at is not null)
);
-- serves: a campaign named on a command line; names are unique whatever their case
create unique index campaign_name on campaign (workspace_id, lower(name));
-- serves: the minute's question which campaigns run, start or end
create index campaign_live on campaign (state, workspace_id) where state in ('scheduled', 'active', 'paused');

alter table suppression add foreign key (workspace_id, campaign_id) references campaign (workspace_id, id);

create table campaign_mailbox (
  workspace_id uuid not null,
  campaign_id uuid not null,
  mailbox_id uuid not null,
  primary key (workspace_id, campaign_id, mailbox_id),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id) on delete cascade,
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id)
);
-- serves: the campaigns that a mailbox sends for
create index campaign_mailbox_mailbox on campaign_mailbox (workspace_id, mailbox_id);

create table sequence (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  campaign_id uuid not null,
  kind text not null check (kind in ('main', 'sub')),
  name text not null check (btrim(name) <> ''),
  parent_id uuid,
  parent_kind text generated always as (case when kind = 'sub' then 'main' end) stored,
  trigger text check (trigger in ('any', 'positive', 'requested_info', 'objection', 'neutral', 'negative', 'not_now', 'referral', 'wrong_person')),
  is_active boolean not null default true,
  primary key (workspace_id, id),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id) on delete cascade,
  -- targets of the keys below: a reference names the campaign, and the kind, of what it points to
  constraint sequence_of_campaign unique (workspace_id, campaign_id, id),
  constraint sequence_of_kind unique (workspace_id, campaign_id, id, kind),
  constraint sequence_parent_is_main_of_same_campaign
    foreign key (workspace_id, campaign_id, parent_id, parent_kind) references sequence (workspace_id, campaign_id, id, kind),
  constraint sequence_sub_has_parent_and_trigger
    check ((kind = 'sub') = (parent_id is not null) and (kind = 'sub') = (trigger is not null))
);
create unique index sequence_one_main on sequence (workspace_id, campaign_id) where kind = 'main';
-- serves: the choice of a sub-sequence for a reply
create unique index sequence_one_active_trigger on sequence (workspace_id, parent_id, trigger) where is_active and kind = 'sub';
create unique index sequence_name on sequence (workspace_id, campaign_id, lower(name));

create table step (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  sequence_id uuid not null,
  -- the name of the step in the campaign file; what a lead was already sent is remembered by it, across edits
  lineage text not null check (btrim(lineage) <> ''),
  position integer not null check (position > 0),
  -- after the step before it (or the enrollment): days by the calendar of the lead's zone, then minutes
  delay_days integer not null default 0 check (delay_days between 0 and 3650),
  delay_minutes integer not null default 0 check (delay_minutes between 0 and 525600),
  retired_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, sequence_id) references sequence (workspace_id, id) on delete cascade,
  constraint step_lineage unique (workspace_id, sequence_id, lineage)
);
create unique index step_position on step (workspace_id, sequence_id, position) where retired_at is null;

create table variant (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  step_id uuid not null,
  name text not null default 'A',
  -- null: a follow-up in the thread of the mail before it
  subject text check (btrim(subject) <> ''),
  body_text text not null check (btrim(body_text) <> ''),
  body_html text,
  retired_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, step_id) references step (workspace_id, id) on delete cascade
);
create unique index variant_name on variant (workspace_id, step_id, name) where retired_at is null;

-- Every pause that ended: what the delays of enrollments from before it move by. The epoch is the one that the resume began.
create table campaign_pause (
  workspace_id uuid not null,
  campaign_id uuid not null,
  epoch integer not null,
  paused_at timestamptz not null,
  resumed_at timestamptz not null check (resumed_at >= paused_at),
  primary key (workspace_id, campaign_id, epoch),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id) on delete cascade
);

-- What happened to a campaign, and why.
create table campaign_event (
  workspace_id uuid not null,
  id uuid not null default new_id(),
  campaign_id uuid not null,
  at timestamptz not null,
  reason text not null,
  from_state text, to_state text,
  detail jsonb not null default '{}',
  primary key (workspace_id, id),
  foreign key (workspace_id, campaign_id) references campaign (workspace_id, id) on delete cascade
);
-- serves: the history of a campaign
create index campaign_event_history on campaign_event (workspace_id, campaign_id, at);
