-- Lists of the API: newest first, a page at a time.

-- serves: the enrollments of a campaign, the latest change first
create index enrollment_latest_change on enrollment (workspace_id, campaign_id, updated_at desc, id desc);

-- serves: the messages of a workspace, newest first
create index message_newest on message (workspace_id, created_at desc, id desc);
-- serves: the messages of a mailbox, newest first
create index message_mailbox_newest on message (workspace_id, mailbox_id, created_at desc, id desc);

-- serves: the inbox of a workspace, whatever a mail was tied to, newest first
create index inbound_received on inbound_message (workspace_id, received_at desc, id desc);
-- serves: what came in for a campaign, newest first; its count of replies
create index inbound_campaign on inbound_message (workspace_id, campaign_id, received_at desc, id desc);
