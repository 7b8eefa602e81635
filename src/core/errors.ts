// The one base of every error we throw on purpose: a stable code, and whether trying again can help. Nobody matches on message text.

export interface ErrorOptions {
  readonly cause?: unknown;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** Facts for the log and the API, never secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An error with a code of docs/reference/errors.md. `message` says what happened and what to do, in one sentence a person can act on. */
export class AgentError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AgentError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.detail = options.detail ?? {};
  }
}

/** Every code, with what it means. docs/reference/errors.md is generated from this table. */
export const ERROR_CODES = {
  config_invalid: "The configuration file or environment holds a value that is not allowed.",
  data_directory_in_use: "Another process of this product runs on the same data directory.",
  data_directory_unusable:
    "The data directory cannot be used: wrong owner, wrong permissions, or a path that the database user cannot reach.",
  database_unavailable: "The database does not answer.",
  database_full: "The disk of the database is full. Nothing is lost; work goes on once there is space.",
  database_start_failed: "The embedded database did not start.",
  database_unusable: "The database cannot be used: it is too old, read-only or not in UTF-8, or its user may not create tables.",
  migration_changed: "A migration that already ran has other content now.",
  migration_unknown: "The database was migrated by a newer version of the product.",
  port_unavailable: "The web server cannot listen on its address and port.",
  not_found: "No such thing in this workspace.",
  already_exists: "Something with this name or address exists already.",
  in_use: "Other things depend on it; the detail names them.",
  suppression_protected: "A person asked not to be written to; that is only taken back with evidence that they changed their mind.",
  invalid_input: "The input does not have the expected form.",
  file_too_large: "The uploaded file holds more than http.max_upload_megabytes allows.",
  upload_broken: "The upload broke off before its end; what came in until then was taken.",
  csv_unreadable: "The CSV file cannot be read: unknown encoding, no header, or no column with an address.",
  spreadsheet_unreadable: "The file looks like a spreadsheet, but is none that can be read, or is larger than imports.spreadsheet_* allow.",
  campaign_file_invalid: "The campaign file does not have the expected form.",
  wrong_state: "What was asked for does not fit the state that this is in now.",
  campaign_not_ready: "The campaign cannot start yet; the detail lists everything that is missing.",
  campaign_state: "The campaign is in a state that does not allow this.",
  template_invalid: "A subject or body is not valid Liquid, or uses a tag or filter that is not allowed.",
  missing_variable: "A message needs a value that the lead lacks and no default fills.",
  secret_key_missing: "The key that encrypts credentials is missing or not the one they were encrypted with.",
  archive_damaged: "A backup or an export is torn, was changed, or is no such file; nothing was taken from it.",
  installation_not_empty: "A backup is restored into a new installation only, and this one is in use.",
  smtp_unreachable: "The SMTP server does not answer.",
  smtp_tls: "The SMTP server's certificate or TLS set-up was refused.",
  smtp_auth: "The SMTP server refused the user name or password.",
  smtp_rejected: "The SMTP server refused the sender or the connection.",
  imap_unreachable: "The IMAP server does not answer.",
  imap_tls: "The IMAP server's certificate or TLS set-up was refused.",
  imap_auth: "The IMAP server refused the user name or password.",
  imap_failed: "The IMAP server answered with an error.",
  dkim_key_invalid: "The key cannot sign mail: it is no RSA key in PEM, or a sample that it signed does not verify.",
  dkim_signing_failed: "A mail could not be signed with the key of its domain, and was not sent.",
  uidvalidity_changed: "A folder was rebuilt by its server; it is read again from its identity, not from the old cursor.",
  sign_in_refused: "The address, the password or the code is not right, or the account waits after too many wrong ones.",
  second_factor_required: "The password was right; the code of the authenticator app is needed, too.",
  second_factor_wrong: "The code of the authenticator app is not right.",
  password_weak: "The password is too short, too long, or too easy to guess.",
  link_invalid: "A set-up or invitation link was used, was replaced by a newer one, or has expired.",
  unauthenticated: "Nobody is signed in, or the key is unknown, revoked or expired.",
  forbidden: "Whoever asked may not do this; the detail names the permission that is missing.",
  installation_wide: "It acts on every workspace of the installation, so only who owns all of them may change it.",
  last_owner: "A team keeps at least one owner.",
  too_many_requests: "Too many requests in a short time; wait as long as Retry-After says.",
  idempotency_conflict: "The Idempotency-Key was used for another request.",
  request_in_progress: "The first request with this Idempotency-Key is still at work.",
  precondition_failed: "Somebody changed it since it was read (If-Match); read it again.",
  server_unreachable: "The server named by --server does not answer.",
  oauth_not_set_up: "The operator has not registered this product at the OpenID provider, or not told it the client id.",
  oauth_unreachable: "The OpenID provider does not answer, or cannot answer now.",
  oauth_client: "The OpenID provider does not accept the client id or secret of this installation.",
  oauth_revoked: "What a mailbox's owner granted at the OpenID provider was taken back, or has run out; connect the mailbox again.",
  oauth_failed: "The OpenID provider refused, or its answer was not as expected.",
  lease_lost: "Another process took over the mailbox while this one worked on it.",
  internal: "Something that should not happen did; the log holds the cause.",
} as const satisfies Readonly<Record<string, string>>;

export type ErrorCode = keyof typeof ERROR_CODES;
