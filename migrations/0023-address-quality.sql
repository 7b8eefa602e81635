-- What is known of an address without having written to it. Null: nothing. It never suppresses: an invalid one is only left out of campaigns.
alter table lead
  add column address_quality text check (address_quality in ('good', 'doubtful', 'invalid')),
  add column address_quality_reason text check (address_quality_reason in ('verification', 'disposable', 'no_reply', 'role')),
  add constraint lead_address_quality_has_reason check ((address_quality is null) = (address_quality_reason is null));
