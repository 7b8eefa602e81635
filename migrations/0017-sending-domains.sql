-- The domains that a workspace sends from: with which key their mail is signed, and what DNS says about them.

create table sending_domain (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  -- A-label
  domain text not null check (domain = lower(domain) and domain like '%_._%'),
  -- all null: its mail is not signed by us
  selector text check (selector ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  public_key text,
  private_key bytea,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  constraint sending_domain_once unique (workspace_id, domain),
  check ((selector is null) = (private_key is null) and (selector is null) = (public_key is null))
);

-- What DNS said last about a domain, check by check.
create table domain_check (
  workspace_id uuid not null,
  domain_id uuid not null,
  check_kind text not null check (check_kind in ('spf', 'dkim', 'dmarc', 'mx')),
  result text not null check (result in ('pass', 'warning', 'fail', 'unknown')),
  sentence text not null,
  -- what to put into DNS: host, type, value
  record jsonb check (jsonb_typeof(record) = 'object'),
  -- since when it fails; an unknown answer neither begins nor ends that
  failing_since timestamptz,
  checked_at timestamptz not null,
  primary key (workspace_id, domain_id, check_kind),
  foreign key (workspace_id, domain_id) references sending_domain (workspace_id, id) on delete cascade,
  check (result = 'unknown' or (result = 'fail') = (failing_since is not null))
);

-- Who puts a copy of what was sent into the Sent folder: the provider by itself, we, or nobody. null: not known yet; the first mail shows it.
alter table mailbox add column sent_copies text check (sent_copies in ('provider', 'agent', 'nobody'));

-- Copies that may have to be put into the Sent folder. A row goes when its copy stands there, or when nobody has to put one there.
create table sent_copy (
  workspace_id uuid not null,
  message_id uuid not null,
  mailbox_id uuid not null,
  -- when to look, or to look again
  due_at timestamptz not null,
  attempts integer not null default 0,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id) references message (workspace_id, id) on delete cascade,
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);
-- serves: the copies of a mailbox that are due, and which mailboxes have some
create index sent_copy_due on sent_copy (workspace_id, mailbox_id, due_at);

-- One process at a time puts copies into a mailbox's folders.
alter table mailbox_lease drop constraint mailbox_lease_purpose_check;
alter table mailbox_lease add constraint mailbox_lease_purpose_check check (purpose in ('send', 'read', 'watch', 'copy'));
