// Every limit and interval an operator may change, with its default and meaning. docs/reference/configuration.md is generated from here.
import { z } from "zod";

const seconds = (fallback: number, means: string) => z.coerce.number().positive().default(fallback).describe(`${means} (seconds)`);
const count = (fallback: number, means: string) => z.coerce.number().int().min(1).default(fallback).describe(means);
const limit = (means: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(`${means}; 0: no limit. Public mail providers such as gmail.com are not counted: two people there have nothing in common`);
const flag = (fallback: boolean, means: string) =>
  z
    .union([z.boolean(), z.enum(["true", "false", "1", "0", "yes", "no"]).transform((text) => ["true", "1", "yes"].includes(text))])
    // not default(): of what is transformed, that stands in no JSON Schema, and so neither in the reference nor in what people are shown
    .prefault(fallback)
    .describe(means);
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const networks = (means: string) =>
  z
    .union([z.string().transform((listed) => listed.split(/[\s,]+/).filter(Boolean)), z.array(z.string())])
    .pipe(z.array(network))
    .default([])
    .describe(means);
const text = (means: string) => z.string().min(1).optional().describe(means);

const http = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address the web server listens on"),
  port: z.coerce.number().int().min(0).max(65_535).default(7300).describe("Port the web server listens on; 0 takes a free one"),
  public_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where recipients reach this server (https), for opt-out links. Without it campaigns must use `opt_out: reply`"),
  trusted_proxies: networks(
    "Addresses and networks of reverse proxies, separated by commas: what their X-Forwarded-For and X-Forwarded-Proto say is believed. Needed behind https, so that sessions are bound to it and limits count per client",
  ),
  requests_per_minute: count(600, "Requests to the API by one person or key before they have to wait"),
  max_upload_megabytes: count(500, "Most that an uploaded file may hold"),
});

const engine = z.strictObject({
  tick_ms: count(1_000, "How often the schedule is looked at, real milliseconds"),
  parallel_mailboxes: count(8, "Mailboxes that one process sends from, or reads, at the same time"),
});

const sending = z.strictObject({
  interval_seconds: seconds(60, "How often due steps are looked for"),
  batch: count(100, "Messages claimed at once"),
  catch_up_seconds: seconds(
    300,
    "A slot missed by at most this much is kept as planned; what is later is planned anew, so nothing bursts out",
  ),
  lease_seconds: seconds(30, "A process that is silent for this long loses its mailboxes to another"),
  connections_per_mailbox: count(2, "SMTP connections per mailbox, where its gap allows more than one at a time"),
  connections_per_relay: count(
    10,
    "SMTP connections per relay without a gap. After a crash at most one mail per connection is uncertain; where the server allows fewer, fewer are used",
  ),
  connect_timeout_seconds: seconds(20, "Wait for an SMTP connection and greeting"),
  reply_timeout_seconds: seconds(120, "Wait for an SMTP reply"),
  retry_first_minutes: z.coerce.number().positive().default(5).describe("Wait before the second attempt of a deferred message (minutes)"),
  retry_factor: z.coerce.number().min(1).default(3).describe("Each further wait is this much longer"),
  retry_max_hours: z.coerce.number().positive().default(12).describe("No wait is longer than this (hours)"),
  retry_attempts: count(8, "Attempts before a deferred message fails"),
  refusals_before_domain_pause: count(
    3,
    "Recipients of one domain that refuse a mailbox by policy within an hour before the mailbox leaves that domain alone",
  ),
  max_invalid_percent: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(5)
    .describe(
      "A campaign does not start while more of its addresses are known to be invalid (percent). Providers review senders at 5 % bounces",
    ),
  domain_pause_hours: z.coerce.number().positive().default(24).describe("For how long it does (hours)"),
  sent_copy_wait_minutes: z.coerce
    .number()
    .positive()
    .default(10)
    .describe("After the first mail of a mailbox, how long its provider has to put a copy into the Sent folder before we do (minutes)"),
  domain_daily_cap: limit("Mails a day from one mailbox to one mail domain, unless the mailbox says otherwise"),
  domain_hourly_cap: limit("The same by the hour"),
  domain_daily_cap_together: limit("Mails a day from all mailboxes of a workspace to one mail domain, divided among those that send"),
  reply_plus_address: flag(
    false,
    "Answers go to `name+token@domain`, which tells what they answer where a mail program drops the thread headers. Not every provider takes such mail",
  ),
});

const receiving = z.strictObject({
  interval_seconds: seconds(300, "How often every inbox is read; IDLE reports new mail at once where the server can"),
  stale_after_seconds: seconds(
    900,
    "Follow-ups wait while their reply inbox was not read to its end for longer than this, or than three intervals",
  ),
  batch: count(50, "Messages fetched at once"),
  max_message_bytes: count(10_000_000, "Of a longer mail only this much is read (bytes)"),
  timeout_seconds: seconds(60, "Wait for an IMAP reply"),
  command_timeout_seconds: seconds(1_800, "Wait for the end of an IMAP reply, however long it is"),
  out_of_office_days: count(7, "How long an out-of-office notice without a date holds a lead (days)"),
  sent_copy_days: count(7, "Copies of uncertain messages are searched for in the Sent folder for this long (days)"),
  sent_copy_searches: count(20, "Uncertain messages of a mailbox that are searched for in one reading"),
  match_days: count(30, "A bounce or a reply without thread headers is matched to mail of the last days only"),
});

const mailboxes = z.strictObject({
  daily_cap: z.coerce.number().int().min(0).default(40).describe("Mails a day from a new mailbox, unless it says otherwise"),
  min_gap_seconds: z.coerce.number().int().min(0).default(90).describe("Least time between two mails of a mailbox (seconds)"),
  allow_private_hosts: flag(
    true,
    "Mail servers and OpenID providers may stand in private networks or on this machine. Switch off where people who are not operators add mailboxes",
  ),
});

const imports = z.strictObject({
  spreadsheet_megabytes: count(50, "Most that a spreadsheet may hold; unlike a CSV, which flows through, it is read as a whole"),
  spreadsheet_unpacked_megabytes: count(200, "Most that it may unpack to: a spreadsheet is a ZIP, and a hostile one unpacks without end"),
  spreadsheet_memory_megabytes: count(1_000, "Memory that reading a spreadsheet may take before it is given up"),
  spreadsheet_seconds: seconds(120, "Time that it may take"),
});

const addresses = z.strictObject({
  domain_days: count(7, "What DNS said of a domain that leads have addresses at, whether it takes mail, holds for so long (days)"),
  dns_at_once: count(20, "Domains that are asked about at a time"),
  dns_seconds: z.coerce
    .number()
    .min(0)
    .default(60)
    .describe("Time that asking may take after an import, and in a check of addresses; the rest stays open. 0: nobody is asked (seconds)"),
});

const client = {
  client_id: text("The client id of your own registration there"),
  client_secret: text("Its secret"),
};

const oauth = z.strictObject({
  google: z.strictObject(client).prefault({}),
  microsoft: z
    .strictObject({
      ...client,
      tenant: z.string().min(1).default("common").describe("Directory (tenant) id, where the registration is for one organization only"),
    })
    .prefault({}),
  custom: z
    .strictObject({
      ...client,
      issuer: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe("Another OpenID provider, by its issuer"),
      scopes: z
        .string()
        .min(1)
        .default("openid email offline_access")
        .describe("What is asked for there, and whatever its mail servers want"),
    })
    .prefault({}),
  request_seconds: seconds(600, "How long the link by which a mailbox is connected may be used"),
  renew_before_seconds: seconds(300, "An access token is renewed when it lasts for less than this"),
  timeout_seconds: seconds(15, "Wait for an answer of the provider"),
});

const domains = z.strictObject({
  interval_seconds: seconds(21_600, "How often the DNS of every sending domain is checked"),
  stop_after_hours: z.coerce
    .number()
    .min(0)
    .default(72)
    .describe("A domain of whose mail neither SPF nor DKIM can pass is only warned about for this long; then its mailboxes stop (hours)"),
  dns_servers: z
    .string()
    .default("")
    .refine((written) => dnsServers(written).every(isServerAddress), "must be addresses, or address:port, separated by commas")
    .describe("Addresses of the DNS servers to ask, separated by commas; the system's when empty"),
  dns_timeout_seconds: seconds(5, "Wait for a DNS answer"),
});

export function dnsServers(written: string): string[] {
  return written
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function isServerAddress(written: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(written) ?? [];
  return z.union([z.ipv4(), z.ipv6()]).safeParse(bracketed ?? plain ?? written).success;
}

const company = z.strictObject({
  at_most: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      "People of one company who are in campaigns at a time, unless the campaign says otherwise; the others wait for their turn; 0: any number",
    ),
  cool_off_days: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_650)
    .default(0)
    .describe("Nobody of a company is newly written to for so long after the last mail of a conversation there that has ended (days)"),
  away_after_refusal: flag(false, "Nobody of a company is newly written to after somebody there has refused or opted out"),
});

const backup = z.strictObject({
  warn_after_days: z.coerce.number().positive().default(2).describe("`doctor` warns when the last backup is older (days)"),
});

const log = z.strictObject({
  level: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info").describe("Least severity that is logged"),
});

/** All settings, resolved. Keys of the file are these paths; environment variables are MARKETING_AGENT_ and the path in capitals, joined by `_`. */
export const settingsSchema = z.strictObject({
  data_dir: z
    .string()
    .min(1)
    .default("data")
    .describe(
      "Where the embedded database, the key and the logs live. When root starts the product in a folder that is closed to others, a directory under /var/lib/marketing-agent",
    ),
  database_url: text("A PostgreSQL server (15 or newer) to use instead of the embedded one. Secret; also read from DATABASE_URL"),
  database_connections: count(12, "Connections to the database per process"),
  secret_key: text("32 bytes, base64 or hex, that encrypt credentials. Secret; made in the data directory when absent"),
  workspace: z.string().min(1).default("default").describe("The workspace that the command line works on"),
  http: http.prefault({}),
  engine: engine.prefault({}),
  sending: sending.prefault({}),
  receiving: receiving.prefault({}),
  mailboxes: mailboxes.prefault({}),
  imports: imports.prefault({}),
  addresses: addresses.prefault({}),
  oauth: oauth.prefault({}),
  domains: domains.prefault({}),
  company: company.prefault({}),
  backup: backup.prefault({}),
  log: log.prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;

/** Settings that must never be logged or shown; each may also come from a file named by the variable with `_FILE` appended. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  "database_url",
  "secret_key",
  "oauth.google.client_secret",
  "oauth.microsoft.client_secret",
  "oauth.custom.client_secret",
]);
