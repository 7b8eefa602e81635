-- The ledger's rows change three times on their way out. PostgreSQL writes a changed row into every index of its table, unless no index mentions what
-- has changed and the page has room (heap-only tuples): so indexes name a mail's phase, which stays the same from its claim to its record, and not its
-- state, and a page is half filled when its rows are new. Measured in docs/adr/0009-send-speed.md.

alter table message
  add column phase text generated always as (
    case
      when state in ('queued', 'deferred') then 'waiting'
      when state in ('claimed', 'transmitting') then 'in_flight'
      when state = 'uncertain' then 'uncertain'
    end) stored;
alter table message set (fillfactor = 50);
alter table lead set (fillfactor = 90);

drop index message_waiting;
drop index message_in_flight;
drop index message_uncertain;
-- serves: retries and put-back messages of a mailbox
create index message_waiting on message (workspace_id, mailbox_id, next_attempt_at) where phase = 'waiting';
-- serves: recovery of what a dead process left behind
create index message_in_flight on message (workspace_id, mailbox_id, fence) where phase = 'in_flight';
-- serves: what a person must decide
create index message_uncertain on message (workspace_id, created_at) where phase = 'uncertain';

-- the order among the few mails to one address is sorted out afterwards
drop index message_recipient;
-- serves: the last mails to an address (threads, matching by subject, bounces of the last 30 days)
create index message_recipient on message (workspace_id, recipient_key);

-- message_step_once begins with the same columns
drop index message_enrollment;
-- message_mailbox_newest finds the same mails
drop index message_sent_from;

-- steps have no such key
alter table message drop constraint message_idempotency;
create unique index message_idempotency on message (workspace_id, kind, idempotency_key) where idempotency_key is not null;

-- the mailbox names the workspace
alter table message drop constraint message_workspace_id_fkey;
