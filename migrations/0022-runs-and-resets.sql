-- What the API shows of the engine and who edits it (runs by workspace, versions of what several people may edit at once); links to reset a password.

alter table schedule add column version integer not null default 1 check (version > 0);
alter table workspace add column version integer not null default 1 check (version > 0);

drop index automation_run_latest;
-- serves: the runs that a workspace sees, its own and those over all workspaces (null), newest first
create index automation_run_of_workspace on automation_run (workspace_id, started_at desc, id desc);
-- serves: the same of one automation, and when each ran last
create index automation_run_of_automation on automation_run (workspace_id, automation, started_at desc, id desc);

-- A link with which a person sets a new password. Only who runs commands on the machine makes one; the newest of a person is the only one.
create table password_reset (
  user_id uuid primary key references user_account on delete cascade,
  token_hash bytea not null check (length(token_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint password_reset_token unique (token_hash)
);
