-- Rules of the ledger and of the histories that only the code kept so far.

-- a suppression is looked up by this key, and its keys are lower case
alter table message add constraint message_recipient_key_check check (recipient_key = lower(recipient_key));

alter table reply_analysis add constraint reply_analysis_interest_level_check
  check (interest_level in ('needs_review', 'positive', 'requested_info', 'objection', 'neutral', 'negative', 'unsubscribe', 'not_now', 'referral', 'wrong_person'));

alter table enrollment_event
  add constraint enrollment_event_from_state_check
    check (from_state in ('active', 'held', 'awaiting_reply', 'finished', 'replied', 'unsubscribed', 'bounced', 'complained', 'failed', 'removed')),
  add constraint enrollment_event_to_state_check
    check (to_state in ('active', 'held', 'awaiting_reply', 'finished', 'replied', 'unsubscribed', 'bounced', 'complained', 'failed', 'removed'));

alter table campaign_event
  add constraint campaign_event_from_state_check check (from_state in ('draft', 'scheduled', 'active', 'paused', 'completed', 'archived')),
  add constraint campaign_event_to_state_check check (to_state in ('draft', 'scheduled', 'active', 'paused', 'completed', 'archived'));

-- The campaign of a step is that of its sequence; the step repeats it, so that the keys below can name it. A sequence never changes its campaign.
alter table step add column campaign_id uuid;
update step set campaign_id = sequence.campaign_id from sequence
  where sequence.workspace_id = step.workspace_id and sequence.id = step.sequence_id;
create function take_campaign_of_sequence() returns trigger language plpgsql as $$
begin
  select campaign_id into new.campaign_id from sequence where workspace_id = new.workspace_id and id = new.sequence_id;
  return new;
end $$;
create trigger step_takes_campaign before insert on step for each row execute function take_campaign_of_sequence();
alter table step
  alter column campaign_id set not null,
  add constraint step_of_sequence unique (workspace_id, sequence_id, id),
  add constraint step_of_campaign unique (workspace_id, campaign_id, id),
  add constraint step_sequence_of_its_campaign
    foreign key (workspace_id, campaign_id, sequence_id) references sequence (workspace_id, campaign_id, id) on delete cascade;

-- What comes next is a step of the sequence that the enrollment stands in.
alter table enrollment
  drop constraint enrollment_workspace_id_next_step_id_fkey,
  add constraint enrollment_next_step_of_its_sequence
    foreign key (workspace_id, sequence_id, next_step_id) references step (workspace_id, sequence_id, id);

-- What was sent is a step of the campaign that it was sent for.
alter table message
  drop constraint message_workspace_id_step_id_fkey,
  add constraint message_step_has_campaign check (step_id is null or campaign_id is not null),
  add constraint message_step_of_its_campaign
    foreign key (workspace_id, campaign_id, step_id) references step (workspace_id, campaign_id, id);
