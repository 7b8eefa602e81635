-- Who may do what: people with a login, the workspaces they belong to, keys for programs, and what was changed by whom.
-- Times here are real time, not domain time: a sandbox whose days last seconds must not sign anybody out.

create table user_account (
  id uuid primary key default new_id(),
  email text not null,
  identity_key text not null check (identity_key = lower(identity_key) and identity_key like '%_@_%'),
  name text not null check (btrim(name) <> ''),
  -- argon2id, PHC string
  password_hash text not null check (password_hash like '$argon2id$%'),
  -- sealed (core/encrypted-secret.ts); counts only once confirmed
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  -- the last time step that was used: a code that was looked at over a shoulder does not work again (RFC 6238 §5.2)
  totp_last_step bigint,
  failed_sign_ins integer not null default 0 check (failed_sign_ins >= 0),
  locked_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint user_account_identity unique (identity_key),
  constraint user_account_totp_confirmed check (totp_confirmed_at is null or totp_secret is not null)
);

-- For a person who lost the second factor: each works once.
create table recovery_code (
  user_id uuid not null references user_account on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  used_at timestamptz,
  primary key (user_id, code_hash)
);

-- An opaque token in a cookie; only its SHA-256 stands here.
create table user_session (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id uuid not null references user_account on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip inet,
  user_agent text check (length(user_agent) <= 400)
);
-- serves: the sessions of a person, and their end when the password changes
create index user_session_user on user_session (user_id);
-- serves: the removal of sessions that are over
create index user_session_expires on user_session (expires_at);

create table member (
  workspace_id uuid not null references workspace on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null,
  primary key (workspace_id, user_id)
);
-- serves: the workspaces of a person who signed in
create index member_user on member (user_id);

-- A team that nobody owns could never be mended. Deferred, so that ownership can be handed over in one transaction. The row lock
-- makes two owners who leave at the same time wait for each other.
create function workspace_keeps_an_owner() returns trigger language plpgsql as $$
begin
  perform from workspace where id = old.workspace_id for no key update;
  if found
    and exists (select from member where workspace_id = old.workspace_id)
    and not exists (select from member where workspace_id = old.workspace_id and role = 'owner') then
    raise exception 'a workspace keeps an owner' using errcode = 'check_violation', constraint = 'workspace_keeps_an_owner';
  end if;
  return null;
end $$;
create constraint trigger member_owner after update or delete on member deferrable initially deferred
  for each row when (old.role = 'owner') execute function workspace_keeps_an_owner();

create table invitation (
  workspace_id uuid not null references workspace on delete cascade,
  id uuid not null default new_id(),
  email text not null,
  identity_key text not null check (identity_key = lower(identity_key) and identity_key like '%_@_%'),
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  token_hash bytea not null check (length(token_hash) = 32),
  invited_by uuid references user_account on delete set null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id),
  constraint invitation_token unique (token_hash)
);
-- one that is open per address; serves: the open invitations of a team
create unique index invitation_open on invitation (workspace_id, identity_key) where accepted_at is null and revoked_at is null;

create table api_key (
  workspace_id uuid not null references workspace on delete cascade,
  id uuid not null default new_id(),
  name text not null check (btrim(name) <> ''),
  -- the first characters of the key, by which a person knows it again
  prefix text not null,
  token_hash bytea not null check (length(token_hash) = 32),
  -- core/permissions.ts
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by uuid references user_account on delete set null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (workspace_id, id),
  constraint api_key_token unique (token_hash)
);

-- The link that makes the first account. One row: the newest link is the only one, and none works once there is an account.
create table setup_link (
  only_row boolean primary key default true check (only_row),
  token_hash bytea not null check (length(token_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- Every change that a person or a program asked for, written in the transaction that made it. Rows are only ever added.
create table audit_entry (
  workspace_id uuid not null references workspace on delete cascade,
  id uuid not null default new_id(),
  at timestamptz not null,
  actor text not null check (actor in ('user', 'api_key', 'command_line')),
  -- of the account or key, which may be gone by now; its name as it was
  actor_id uuid,
  actor_name text not null,
  -- the operation's id in the API, e.g. campaigns.start
  action text not null,
  -- what it was done to: {"campaignId": …}
  target jsonb not null default '{}' check (jsonb_typeof(target) = 'object'),
  -- what was asked for, without secrets
  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
  ip inet,
  primary key (workspace_id, id)
);
-- serves: the audit log, newest first
create index audit_entry_newest on audit_entry (workspace_id, at desc, id desc);

-- A write that is asked for again with the same key gets the answer of the first time (draft-ietf-httpapi-idempotency-key-header).
create table idempotency_key (
  workspace_id uuid not null references workspace on delete cascade,
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  -- of method, path and body: another request under the same key is a mistake
  request_hash bytea not null check (length(request_hash) = 32),
  -- null while the first one is at work
  status integer,
  body jsonb,
  created_at timestamptz not null,
  primary key (workspace_id, actor_id, key)
);
-- serves: the removal of keys after a day
create index idempotency_key_created on idempotency_key (created_at);
