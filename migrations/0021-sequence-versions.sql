-- Versions of sequences. `step` and `variant` hold the newest one; what it replaced is kept, for those who look back and for leads that stay in it.

create table sequence_version (
  workspace_id uuid not null,
  sequence_id uuid not null,
  number integer not null check (number > 0),
  created_at timestamptz not null,
  -- who made it, as in audit_entry; null: nobody said so
  actor text check (actor in ('user', 'api_key', 'command_line')),
  actor_id uuid,
  actor_name text,
  -- one phrase per change against the version before
  changes text[] not null default '{}',
  primary key (workspace_id, sequence_id, number),
  foreign key (workspace_id, sequence_id) references sequence (workspace_id, id) on delete cascade
);
insert into sequence_version (workspace_id, sequence_id, number, created_at)
  select s.workspace_id, s.id, 1, c.created_at from sequence s join campaign c on c.workspace_id = s.workspace_id and c.id = s.campaign_id;

alter table variant add constraint variant_of_step unique (workspace_id, step_id, id);

-- A step as it stood in a version that another one has replaced.
create table past_step (
  workspace_id uuid not null,
  sequence_id uuid not null,
  version integer not null,
  step_id uuid not null,
  position integer not null check (position > 0),
  delay_days integer not null,
  delay_working_days integer not null,
  delay_minutes integer not null,
  -- sent to nobody in that version; it only keeps its place
  retired boolean not null,
  -- what it said; null when it had no text
  variant_id uuid,
  primary key (workspace_id, sequence_id, version, step_id),
  foreign key (workspace_id, sequence_id, version) references sequence_version (workspace_id, sequence_id, number) on delete cascade,
  foreign key (workspace_id, sequence_id, step_id) references step (workspace_id, sequence_id, id) on delete cascade,
  foreign key (workspace_id, step_id, variant_id) references variant (workspace_id, step_id, id)
);

alter table campaign
  -- what becomes of the leads inside when a sequence is edited: they go over to the new version, or stay in theirs
  add column on_edit text not null default 'move' check (on_edit in ('move', 'stay'));

alter table enrollment
  -- the version that it stays in; null: it follows the newest one
  add column stays_in_version integer,
  add constraint enrollment_stays_in_version_of_its_sequence
    foreign key (workspace_id, sequence_id, stays_in_version) references sequence_version (workspace_id, sequence_id, number);
-- serves: which versions the planner still has to know; the leads that an edit takes out of theirs
create index enrollment_stays_in_version on enrollment (workspace_id, sequence_id, stays_in_version)
  where stays_in_version is not null and state in ('active', 'held', 'awaiting_reply');

-- the version of the sequence that a step was sent from
alter table message add column sequence_version integer check (sequence_version > 0);
update message set sequence_version = 1 where kind = 'step';
