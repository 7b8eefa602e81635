-- Mailboxes that log in by OAuth instead of a password.

-- Null: a password, or no login at all. One or the other, never both.
alter table mailbox add column oauth_provider text check (oauth_provider in ('google', 'microsoft', 'custom'));
alter table mailbox add constraint mailbox_login_check
  check (oauth_provider is null or (smtp_secret is null and imap_secret is null));

-- One process at a time asks for another access token: a refresh token that its provider has replaced must not be shown again.
alter table mailbox_lease drop constraint mailbox_lease_purpose_check;
alter table mailbox_lease add constraint mailbox_lease_purpose_check check (purpose in ('send', 'read', 'watch', 'token', 'copy'));

-- What the mailbox's owner granted at the provider. The tokens are sealed, and bound to this row and their column.
create table mailbox_grant (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  -- who signed in there: the provider's name for the account, and its address as it was then
  subject text not null,
  account text,
  refresh_secret bytea not null,
  access_secret bytea not null,
  access_expires_at timestamptz not null,
  -- counts the tokens: whoever renews them names the one that was read
  generation integer not null default 1,
  granted_at timestamptz not null,
  renewed_at timestamptz not null,
  primary key (workspace_id, mailbox_id),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);

-- Somebody was sent to a provider to grant access, and has not come back yet. Taken once.
create table grant_request (
  workspace_id uuid not null references workspace,
  -- SHA-256 of the `state` that travels through the browser, and of what only the one who began it knows
  state_hash bytea not null,
  begun_by_hash bytea not null,
  provider text not null check (provider in ('google', 'microsoft', 'custom')),
  redirect_uri text not null,
  -- sealed: the PKCE verifier and the nonce
  secret bytea not null,
  -- the mailbox as it is to become
  mailbox jsonb not null,
  expires_at timestamptz not null,
  primary key (workspace_id, state_hash)
);
-- serves: deleting those that nobody came back to
create index grant_request_expiry on grant_request (expires_at);
