-- Backups: when the last one was made, what this installation was restored from, and whose mail since then is not known yet.

alter table installation
  -- when the last backup of this installation began
  add column backed_up_at timestamptz,
  -- the backup whose state this installation began with, and when it was restored
  add column restored_from timestamptz,
  add column restored_at timestamptz,
  add constraint installation_restored check ((restored_from is null) = (restored_at is null));

-- After a restore: what went out of this mailbox since this moment may not stand in the ledger. Nothing is sent until it is known.
alter table mailbox add column sent_unknown_since timestamptz;

-- A mail of ours that the ledger cannot explain after a restore went to this address: its campaign leaves it alone.
alter table suppression drop constraint suppression_reason_check;
alter table suppression add constraint suppression_reason_check
  check (reason in ('unsubscribe', 'bounce', 'complaint', 'import', 'person', 'restore'));
