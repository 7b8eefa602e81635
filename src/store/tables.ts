// Every table, and whether a backup of the installation and the export of a workspace hold its rows; else why not. A test compares it with the schema.

interface TableRule {
  /** True, or why a backup leaves its rows out. */
  readonly backup: true | string;
  /** How the rows of one workspace are found, and which columns are left out; or why its export leaves them out. */
  readonly workspace: { readonly by: "workspace_id" | "id"; readonly without?: readonly string[] } | string;
  /** An installation that nothing was done with yet may hold rows of it: they give way to a backup. */
  readonly beginsFilled?: true;
}

const OWNED = { backup: true, workspace: { by: "workspace_id" } } as const satisfies TableRule;

const PEOPLE = "people sign in to an installation; the other one has its own";

export const TABLES: Readonly<Record<string, TableRule>> = {
  applied_migration: {
    backup: "the manifest names them, and the restore runs them",
    workspace: "belongs to the installation",
    beginsFilled: true,
  },
  installation: { backup: true, workspace: "belongs to the installation", beginsFilled: true },
  workspace: { backup: true, workspace: { by: "id" }, beginsFilled: true },
  schedule: { backup: true, workspace: "belongs to the installation", beginsFilled: true },
  automation_run: {
    backup: true,
    workspace: "the history of the installation's automations, which run over all workspaces",
    beginsFilled: true,
  },
  lead: OWNED,
  lead_list: OWNED,
  lead_list_member: OWNED,
  lead_import: OWNED,
  lead_import_rejection: OWNED,
  suppression: OWNED,
  // passwords go apart, and only under a passphrase
  mailbox: { backup: true, workspace: { by: "workspace_id", without: ["smtp_secret", "imap_secret"] } },
  mailbox_lease: {
    // fences count on from there: messages in flight name the one they were claimed under
    backup: true,
    workspace: { by: "workspace_id" },
    beginsFilled: true,
  },
  send_budget: OWNED,
  inbox_cursor: OWNED,
  campaign: OWNED,
  campaign_mailbox: OWNED,
  sequence: OWNED,
  step: OWNED,
  variant: OWNED,
  campaign_pause: OWNED,
  campaign_event: OWNED,
  enrollment: OWNED,
  enrollment_event: OWNED,
  message: OWNED,
  recipient_domain_pause: OWNED,
  message_body: OWNED,
  inbound_message: OWNED,
  inbound_body: OWNED,
  reply_analysis: OWNED,
  engagement_event: OWNED,
  user_account: { backup: true, workspace: PEOPLE },
  recovery_code: { backup: true, workspace: PEOPLE },
  user_session: { backup: "a session that was ended since the backup must not come back", workspace: PEOPLE },
  member: { backup: true, workspace: PEOPLE },
  invitation: { backup: true, workspace: PEOPLE },
  api_key: { backup: true, workspace: "opens the API of this installation" },
  setup_link: { backup: "a new installation prints a new link", workspace: "belongs to the installation", beginsFilled: true },
  audit_entry: OWNED,
  idempotency_key: {
    backup: "answers to requests of the last day, whose effects may be newer than the backup",
    workspace: "answers to requests to this installation",
  },
  // its tokens are sealed with the key of this installation, and granted to its own registration at the provider
  mailbox_grant: { backup: true, workspace: "was granted to this installation: the other one asks again" },
  grant_request: { backup: "nobody comes back to it after a restore", workspace: "somebody is on the way to this installation" },
  // its key stays: it is sealed with the key of this installation, and its selector goes on signing here; that there was one is told to the other
  sending_domain: { backup: true, workspace: { by: "workspace_id", without: ["private_key"] } },
  domain_check: { backup: true, workspace: "is asked of DNS again" },
  sent_copy: OWNED,
  send_quota: OWNED,
  company_lock: { backup: "only something to lock; made when it is needed", workspace: "only something to lock; made when it is needed" },
  password_reset: { backup: "a link that was used since the backup must not work again", workspace: PEOPLE },
  recipient_domain: { backup: "is asked of DNS again", workspace: "is asked of DNS again" },
  lead_tag: OWNED,
  sequence_version: OWNED,
  past_step: OWNED,
  segment: OWNED,
};
