-- Mailboxes, who may send from them right now, what they may still send today, and how far their folders were read.

create table mailbox (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  email text not null,
  identity_key text not null check (identity_key = lower(identity_key) and identity_key like '%_@_%'),
  from_name text,
  provider text not null check (provider in ('gmail', 'microsoft365', 'hostinger', 'custom')),
  smtp_host text not null, smtp_port integer not null check (smtp_port between 1 and 65535),
  smtp_security text not null check (smtp_security in ('tls', 'starttls', 'none')),
  smtp_username text, smtp_secret bytea,
  -- all null: a relay, which only sends
  imap_host text, imap_port integer check (imap_port between 1 and 65535),
  imap_security text check (imap_security in ('tls', 'starttls', 'none')),
  imap_username text, imap_secret bytea,
  -- where the answers to a relay's mail arrive
  reply_mailbox_id uuid,
  -- read besides INBOX, Junk and Sent
  extra_folders text[] not null default '{}',
  time_zone text not null default 'UTC',
  daily_cap integer not null check (daily_cap between 0 and 100000),
  min_gap_seconds integer not null check (min_gap_seconds between 0 and 86400),
  -- on day n after ramp_up_from (0-based) at most ramp_up_start + n * ramp_up_step mails, until the daily cap is reached
  ramp_up_from date, ramp_up_start integer check (ramp_up_start > 0), ramp_up_step integer check (ramp_up_step > 0),
  state text not null default 'active' check (state in ('active', 'paused')),
  pause_reason text, pause_detail text, paused_at timestamptz,
  -- the server asked to slow down or did not answer: nothing is sent before this moment; counts the times in a row
  backoff_until timestamptz, backoff_count integer not null default 0,
  -- set when the very code that sends and reads has logged in and worked
  smtp_tested_at timestamptz, imap_tested_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  constraint mailbox_identity unique (workspace_id, identity_key),
  foreign key (workspace_id, reply_mailbox_id) references mailbox (workspace_id, id),
  check (reply_mailbox_id is null or imap_host is null),
  check ((imap_host is null) = (imap_port is null) and (imap_host is null) = (imap_security is null)),
  check ((state = 'paused') = (paused_at is not null) and (state = 'paused') = (pause_reason is not null)),
  check ((ramp_up_from is null) = (ramp_up_start is null) and (ramp_up_from is null) = (ramp_up_step is null))
);

-- Who works on a mailbox right now: at most one sender and one reader per mailbox, on however many machines.
-- expires_at is the database's clock, not domain time: it measures whether a process is alive.
create table mailbox_lease (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  purpose text not null check (purpose in ('send', 'read')),
  holder text not null,
  fence bigint not null,
  expires_at timestamptz not null,
  primary key (workspace_id, mailbox_id, purpose),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);

-- What a mailbox may send on one of its local days. The CHECK is the cap: no race can exceed it.
create table send_budget (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  day date not null,
  cap integer not null check (cap >= 0),
  used integer not null default 0 check (used >= 0 and used <= cap),
  -- written by a person from the same account
  by_hand integer not null default 0 check (by_hand >= 0),
  last_slot_at timestamptz,
  primary key (workspace_id, mailbox_id, day),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);

-- How far a folder was read. A changed UIDVALIDITY makes a new row (RFC 3501 §2.3.1.1).
create table inbox_cursor (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  folder text not null,
  role text not null check (role in ('inbox', 'junk', 'sent', 'other')),
  uid_validity bigint not null,
  last_uid bigint not null check (last_uid >= 0),
  -- when the folder was last read to its end, domain time
  read_to_end_at timestamptz,
  seen bigint not null default 0, stored bigint not null default 0, duplicates bigint not null default 0,
  created_at timestamptz not null,
  primary key (workspace_id, mailbox_id, folder, uid_validity),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);
