-- Leads, the lists they stand in, imports with what they rejected, and who must not be written to.

create table lead (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  -- as it was typed: what mail is delivered to
  email text not null check (email <> ''),
  -- who it is: trimmed, NFC, lower-cased, domain as A-label (core/email-address.ts)
  identity_key text not null check (identity_key = lower(identity_key) and identity_key like '%_@_%'),
  email_domain text generated always as (split_part(identity_key, '@', 2)) stored,
  first_name text, last_name text, company text, title text, phone text,
  time_zone text,
  custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object'),
  status text not null default 'new' check (status in ('new', 'contacted', 'engaged', 'qualified', 'converted', 'lost')),
  status_set_by_person boolean not null default false,
  score_band text not null default 'cold' check (score_band in ('cold', 'warm', 'hot')),
  reachability text not null default 'ok' check (reachability in ('ok', 'bounced', 'unsubscribed', 'complained')),
  source text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  -- serves: import merge, reply matching by address
  constraint lead_identity unique (workspace_id, identity_key)
);
-- serves: the list of leads, newest first
create index lead_newest on lead (workspace_id, created_at desc, id desc);

-- serves: everybody of a company, when one of them replied
create index lead_domain on lead (workspace_id, email_domain);

create table lead_list (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  name text not null check (btrim(name) <> ''),
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
-- serves: a list named in a campaign file or an import
create unique index lead_list_name on lead_list (workspace_id, lower(name));

create table lead_list_member (
  workspace_id uuid not null,
  list_id uuid not null,
  lead_id uuid not null,
  added_at timestamptz not null,
  primary key (workspace_id, list_id, lead_id),
  foreign key (workspace_id, list_id) references lead_list (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references lead (workspace_id, id) on delete cascade
);
-- serves: the lists of a lead, the deletion of a lead
create index lead_list_member_lead on lead_list_member (workspace_id, lead_id);

create table lead_import (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  file_name text not null,
  list_id uuid,
  on_duplicate text not null check (on_duplicate in ('skip', 'fill', 'overwrite')),
  state text not null default 'running' check (state in ('running', 'completed', 'failed')),
  started_at timestamptz not null,
  ended_at timestamptz,
  counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
  error_code text,
  primary key (workspace_id, id),
  foreign key (workspace_id, list_id) references lead_list (workspace_id, id)
);
-- serves: the list of imports, newest first
create index lead_import_newest on lead_import (workspace_id, started_at desc);

-- Every row that was not taken, with its reason: given back as a CSV, so that nothing is lost.
create table lead_import_rejection (
  workspace_id uuid not null,
  import_id uuid not null,
  row_number integer not null check (row_number > 0),
  code text not null,
  reason text not null,
  cells text[] not null,
  primary key (workspace_id, import_id, row_number),
  foreign key (workspace_id, import_id) references lead_import (workspace_id, id) on delete cascade
);

-- An address or a domain that must not be written to. Holds no reference to a lead on purpose: deleting, erasing or
-- importing a lead again never makes a suppressed address mailable.
create table suppression (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  kind text not null check (kind in ('address', 'domain')),
  -- the identity key of an address, or a domain as A-label
  key text not null check (key = lower(key) and (kind = 'domain') = (position('@' in key) = 0)),
  -- null: the whole workspace
  campaign_id uuid,
  reason text not null check (reason in ('unsubscribe', 'bounce', 'complaint', 'import', 'person')),
  evidence jsonb not null default '{}' check (jsonb_typeof(evidence) = 'object'),
  created_at timestamptz not null,
  primary key (workspace_id, id),
  -- serves: the check before every send
  constraint suppression_key unique nulls not distinct (workspace_id, key, campaign_id)
);
