// The report that a mail server sends when it could not deliver (RFC 3461, 3464), as Postfix writes it.
import type { Instant } from "../core/instant.ts";

export interface FailedDelivery {
  /** Envelope sender of the mail: who gets the report. */
  readonly sender: string;
  readonly recipient: string;
  readonly raw: Uint8Array;
  /** The recipient's server, and what it said, reply code first. */
  readonly remote: string;
  readonly diagnostic: string;
  readonly status: string;
  readonly acceptedAt: Instant;
  readonly reportedAt: Instant;
  /** Of the mail in the queue: letters and digits. */
  readonly queueId: string;
}

export const USER_UNKNOWN = "5.1.1";

/** What a server says to a recipient that it does not know. */
export function userUnknown(address: string): string {
  return `${USER_UNKNOWN} <${address}>: Recipient address rejected: User unknown in virtual mailbox table`;
}

export function writeDeliveryReport(failed: FailedDelivery): Buffer {
  const host = `mx.${failed.sender.slice(failed.sender.lastIndexOf("@") + 1)}`;
  const boundary = `${failed.queueId}.${failed.reportedAt.getTime()}/${host}`;
  const lines = [...header(failed, host, boundary), ...notice(failed, host, boundary), ...report(failed, host, boundary)];
  lines.push("", `--${boundary}`, "Content-Description: Undelivered Message", "Content-Type: message/rfc822", "");
  const end = `\r\n--${boundary}--\r\n`;
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n`), failed.raw, Buffer.from(end)]);
}

function header({ sender, reportedAt, queueId }: FailedDelivery, host: string, boundary: string): string[] {
  return [
    `Date: ${rfc2822(reportedAt)}`,
    `From: MAILER-DAEMON@${host} (Mail Delivery System)`,
    "Subject: Undelivered Mail Returned to Sender",
    `To: ${sender}`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status;`,
    `\tboundary="${boundary}"`,
    "Content-Transfer-Encoding: 8bit",
    `Message-Id: <${reportedAt.getTime()}.${queueId}@${host}>`,
    "",
    "This is a MIME-encapsulated message.",
  ];
}

function notice(failed: FailedDelivery, host: string, boundary: string): string[] {
  return [
    "",
    `--${boundary}`,
    "Content-Description: Notification",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    `This is the mail system at host ${host}.`,
    "",
    "Your message could not be delivered to one or more recipients. It is",
    "attached below.",
    "",
    "                   The mail system",
    "",
    `<${failed.recipient}>: host ${failed.remote} said: ${failed.diagnostic} (in reply to RCPT TO command)`,
  ];
}

function report(failed: FailedDelivery, host: string, boundary: string): string[] {
  return [
    "",
    `--${boundary}`,
    "Content-Description: Delivery report",
    "Content-Type: message/delivery-status",
    "",
    `Reporting-MTA: dns; ${host}`,
    `X-Postfix-Queue-ID: ${failed.queueId}`,
    `X-Postfix-Sender: rfc822; ${failed.sender}`,
    `Arrival-Date: ${rfc2822(failed.acceptedAt)}`,
    "",
    `Final-Recipient: rfc822; ${failed.recipient}`,
    `Original-Recipient: rfc822;${failed.recipient}`,
    "Action: failed",
    `Status: ${failed.status}`,
    `Remote-MTA: dns; ${failed.remote}`,
    `Diagnostic-Code: smtp; ${failed.diagnostic}`,
  ];
}

function rfc2822(at: Instant): string {
  return at.toUTCString().replace("GMT", "+0000");
}
