-- Words that people stick to leads, filters that they keep, and what the list of leads is asked for.

create table lead_tag (
  workspace_id uuid not null,
  -- as core/lead-tag.ts writes it: lower case, so that VIP and vip are one
  tag text not null check (tag = btrim(tag) and length(tag) between 1 and 100),
  lead_id uuid not null,
  -- serves: the leads with a tag, the tags of a workspace with their counts
  primary key (workspace_id, tag, lead_id),
  foreign key (workspace_id, lead_id) references lead (workspace_id, id) on delete cascade
);
-- serves: the tags of a lead, the deletion of a lead
create index lead_tag_lead on lead_tag (workspace_id, lead_id);

-- A filter of leads under a name: the words of the API's leads.list, checked by the same schema.
create table segment (
  workspace_id uuid not null references workspace,
  id uuid not null default new_id(),
  name text not null check (btrim(name) <> ''),
  filter jsonb not null check (jsonb_typeof(filter) = 'object'),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
-- names are unique whatever their case; serves: the list of segments by name
create unique index segment_name on segment (workspace_id, lower(name));

-- Partial, so that a lead that was just imported, which is in none of them, costs the import nothing.

-- serves: the leads of a status that few have, newest first
create index lead_status_newest on lead (workspace_id, status, created_at desc, id desc) where status <> 'new';
-- serves: the leads of a score band that few have, newest first
create index lead_score_newest on lead (workspace_id, score_band, created_at desc, id desc) where score_band <> 'cold';
-- serves: the leads that cannot be reached, newest first
create index lead_unreachable_newest on lead (workspace_id, reachability, created_at desc, id desc) where reachability <> 'ok';
-- serves: the leads that a person removed, newest first
create index lead_removed_newest on lead (workspace_id, created_at desc, id desc) where removed_at is not null;

-- serves: the list of suppressions, newest first, of one reason
create index suppression_reason on suppression (workspace_id, reason, id desc);

-- A list may be deleted; the imports that filled it are remembered without it.
alter table lead_import
  drop constraint lead_import_workspace_id_list_id_fkey,
  add constraint lead_import_list foreign key (workspace_id, list_id) references lead_list (workspace_id, id) on delete set null (list_id);
-- serves: the deletion of a list
create index lead_import_of_list on lead_import (workspace_id, list_id) where list_id is not null;
-- serves: whether a campaign uses a list
create index campaign_of_list on campaign (workspace_id, list_id) where list_id is not null;
