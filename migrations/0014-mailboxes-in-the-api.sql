-- What the API needs of mailboxes and of the run history.

-- Two people who change a mailbox at once: the second is told (If-Match). Counts what people change, not what happens to its health.
alter table mailbox add column version integer not null default 1;

-- serves: the runs that failed, or are at work, among the many that went well
create index automation_run_not_ok on automation_run (outcome, started_at desc) where outcome <> 'ok';
