// What somebody wants of a mailbox, checked.
import { z } from "zod";
import { AgentError } from "../core/errors.ts";
import { isZone } from "../core/sending-window.ts";

/** PostgreSQL's text holds no NUL. */
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\0]*$/, "must not contain NUL characters");

const server = z.strictObject({
  // a name, an IPv4 or an IPv6 address
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[\p{L}\p{N}._:%-]+$/u, "must be the name or address of a server"),
  port: z.coerce.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls", "none"]).optional(),
});

const mails = z.coerce.number().int().min(1).max(100_000);

/** Of a mailbox that is there already, what is left out stays as it is, and what is null is taken away. */
export const mailboxRequest = z.strictObject({
  email: z.string(),
  fromName: text(100).trim().min(1).nullish(),
  /** Custom for a new mailbox. */
  provider: z.enum(["gmail", "microsoft365", "hostinger", "custom"]).optional(),
  /** Where the provider is custom; without `imap` it is a relay. */
  smtp: server.optional(),
  imap: server.nullish(),
  /** The address, unless the servers want another name. */
  username: text(255).optional(),
  /** Null: the server takes mail without a login. A new mailbox needs one or the other. */
  password: z.string().min(1).max(1_000).nullish(),
  imapPassword: z.string().min(1).max(1_000).optional(),
  /** Where the answers to a relay's mail arrive. */
  replyMailbox: z.string().nullish(),
  extraFolders: z.array(text(500)).max(50).optional(),
  /** Who puts copies of sent mails into the Sent folder; `auto`: as the provider is known to, else as its first mail shows. */
  sentCopies: z.enum(["auto", "provider", "agent", "nobody"]).optional(),
  timeZone: z.string().refine(isZone, "must be an IANA time zone such as Europe/Berlin").optional(),
  dailyCap: z.coerce.number().int().min(0).max(100_000).optional(),
  minGapSeconds: z.coerce.number().int().min(0).max(86_400).optional(),
  /** Mails to one mail domain by day and by hour; 0: no limit, null: as the settings say. */
  domainDailyCap: z.coerce.number().int().min(0).max(100_000).nullish(),
  domainHourlyCap: z.coerce.number().int().min(0).max(100_000).nullish(),
  rampUp: z.strictObject({ from: z.iso.date().refine((day) => day >= "1970"), start: mails, step: mails }).nullish(),
  /** Stores it although nobody knows whether it works; a campaign starts only once it was tested. */
  skipTest: z.boolean().default(false),
});

export type MailboxRequest = z.input<typeof mailboxRequest>;
/** Checked. */
export type CheckedRequest = z.output<typeof mailboxRequest>;

export function checkedRequest(given: MailboxRequest): CheckedRequest {
  const parsed = mailboxRequest.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AgentError("invalid_input", `The mailbox cannot be added:\n${z.prettifyError(parsed.error)}`, {
    detail: { issues: parsed.error.issues },
  });
}
