-- A lead that a person took out of everything: no campaign takes it in again until an import names it anew.
alter table lead add column removed_at timestamptz;
