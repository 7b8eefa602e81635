-- Identifiers, the installation, workspaces, and the engine's own tables (schedule, run history).

-- UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then random bits, so new rows land at the end of every index.
-- Written here because the SQL floor is PostgreSQL 15; 18 has uuidv7() built in.
create function new_id() returns uuid language sql volatile parallel safe as $$
  select (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(r, 14, 3)
    || substr(r, 17)
  )::uuid
  from (select replace(gen_random_uuid()::text, '-', '') as r) random_bits
$$;

-- One row: which installation this database belongs to. A cloned database carries the id of its origin.
create table installation (
  only_row boolean primary key default true check (only_row),
  instance_id uuid not null default new_id(),
  created_at timestamptz not null default now()
);
insert into installation default values;

create table workspace (
  id uuid primary key default new_id(),
  name text not null check (btrim(name) <> ''),
  -- Shown in every mail (CAN-SPAM 15 U.S.C. §7704(a)(5)); a campaign may override it.
  postal_address text check (btrim(postal_address) <> ''),
  created_at timestamptz not null default now()
);
-- serves: the workspace named on a command line
create unique index workspace_name on workspace (lower(name));

-- What the agent does on its own, and when. One row per automation; next_run_at is domain time.
create table schedule (
  automation text primary key,
  every_seconds integer check (every_seconds > 0),
  daily_at time,
  time_zone text,
  next_run_at timestamptz not null,
  paused boolean not null default false,
  check ((every_seconds is null) <> (daily_at is null)),
  check ((daily_at is null) = (time_zone is null))
);

-- One row per run of an automation: what it counted, how it ended. workspace_id is null for runs over all workspaces.
create table automation_run (
  id uuid primary key default new_id(),
  automation text not null,
  workspace_id uuid references workspace,
  trigger text not null check (trigger in ('schedule', 'event', 'person')),
  dry_run boolean not null default false,
  started_at timestamptz not null,
  ended_at timestamptz,
  duration_ms integer check (duration_ms >= 0),
  outcome text not null default 'running' check (outcome in ('running', 'ok', 'failed')),
  counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
  error_code text,
  error_message text,
  check ((outcome = 'running') = (ended_at is null)),
  check ((outcome = 'failed') = (error_code is not null))
);
-- serves: the latest runs of one automation
create index automation_run_latest on automation_run (automation, started_at desc);
-- serves: the latest runs of all, and the removal of old ones
create index automation_run_started on automation_run (started_at desc);
