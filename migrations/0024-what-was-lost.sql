-- What was lost: a second factor, the key that signs a domain's mail, or what the owner of a mailbox had granted.

-- A link to reset a password may also take the second factor away.
alter table password_reset add column removes_second_factor boolean not null default false;

-- A selector without a key: the workspace came from an installation that kept it. Mail of the domain has to be signed, and is not sent until it can be.
alter table sending_domain drop constraint sending_domain_check;
alter table sending_domain add constraint sending_domain_key_check
  check ((selector is null) = (public_key is null) and (private_key is null or selector is not null));

-- Whoever began to connect a mailbox may be elsewhere, and asks what became of it. Of those who are on the way at this moment nobody comes back.
delete from grant_request;
alter table grant_request
  add column id uuid not null default new_id(),
  -- who began it, as in audit_entry
  add column actor jsonb not null check (jsonb_typeof(actor) = 'object'),
  -- somebody came back from the provider; from then on it leads nowhere
  add column taken_at timestamptz,
  -- connected, unless there is an error
  add column ended_at timestamptz,
  add column mailbox_id uuid,
  add column error_code text,
  add column error_message text,
  -- serves: what became of one
  add constraint grant_request_id unique (workspace_id, id),
  add foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete set null (mailbox_id),
  add check (ended_at is null or taken_at is not null),
  add check ((error_code is null) = (error_message is null) and (error_code is null or ended_at is not null));
