-- What a claim costs in the ledger, and rows that are found by their own keys, whatever the statistics know of their workspace (CHECKED in
-- store/database.ts).

create unique index lead_by_id on lead (id);
create unique index enrollment_by_id on enrollment (id);
create unique index message_by_id on message (id);

-- What is in flight is no phase any more: a mail that was recorded as sent had to leave the index of those, and was written into all others anew. A
-- dead process's mails are found by the fences since the last taking of their mailbox that left nothing in flight.
alter table message drop column phase;
alter table message
  add column phase text generated always as (
    case when state in ('queued', 'deferred') then 'waiting' when state = 'uncertain' then 'uncertain' end) stored;
-- serves: retries and put-back messages of a mailbox
create index message_waiting on message (mailbox_id, next_attempt_at) where phase = 'waiting';
-- serves: recovery of what a dead process left behind
create index message_fence on message (mailbox_id, fence) where fence is not null;
-- serves: what a person must decide
create index message_uncertain on message (workspace_id, created_at) where phase = 'uncertain';
-- Under no older fence is anything in flight.
alter table mailbox_lease add column settled_fence bigint not null default 0;

-- The steps of an enrollment are found by it alone: its key is unique in the installation, and the foreign key names the workspace. With the workspace
-- in front, PostgreSQL took any index that begins with it as long as its statistics knew of few messages, and read all of them for each lead.
alter table message drop constraint message_step_once;
alter table message add constraint message_step_once unique (enrollment_id, visit, step_lineage);

-- UUIDv7 (RFC 9562) in one expression, which PostgreSQL inlines: a tenth of what the query before cost for every row.
create or replace function new_id() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;

-- A mail of a few kilobytes is not compressed: that took half of the time in which it was written.
alter table message_body alter column raw set storage external;
