-- One process listens to a mailbox, whichever reads it.
alter table mailbox_lease drop constraint mailbox_lease_purpose_check;
alter table mailbox_lease add constraint mailbox_lease_purpose_check check (purpose in ('send', 'read', 'watch'));

-- An answer without thread headers names its mail by the address that it went to.

-- serves: which of a mailbox's latest mails does this reply address belong to
create index message_sent_from on message (workspace_id, mailbox_id, created_at desc) include (message_id) where state in ('sent', 'uncertain');
