-- What was lost: a second factor, or the key that signs a domain's mail.

-- A link to reset a password may also take the second factor away.
alter table password_reset add column removes_second_factor boolean not null default false;

-- A selector without a key: the workspace came from an installation that kept it. Mail of the domain has to be signed, and is not sent until it can be.
alter table sending_domain drop constraint sending_domain_check;
alter table sending_domain add constraint sending_domain_key_check
  check ((selector is null) = (public_key is null) and (private_key is null or selector is not null));
