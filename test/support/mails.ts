// Mails that come in, as text: a person's reply, a vacation notice, a bounce as a report and in prose, a complaint.
import { userUnknown, writeDeliveryReport } from "../../src/sandbox/delivery-report.ts";

/** The mail of ours that something answers or reports on. */
export interface OurMail {
  /** With its brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** Who sent it, and gets what comes back. */
  readonly from: string;
  /** Quoted below a reply, and returned with a bounce. */
  readonly text?: string;
}

interface Incoming {
  readonly to: OurMail;
  /** An address, or "Name <address>". */
  readonly from: string;
  readonly text?: string;
  readonly at?: Date;
  /** With its brackets; a new one for every mail by default. */
  readonly messageId?: string;
  /** Further header fields, and null for those to leave out. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

const AT = new Date("2026-03-03T10:00:00Z");
let count = 0;

/** A person answers, above our mail. Leave out `In-Reply-To` and `References` for programs that do not thread. */
export function reply({ to, from, text = "Yes, tell me more.", at = AT, messageId, headers = {} }: Incoming): string {
  const fields = {
    From: from,
    To: to.from,
    Subject: `Re: ${to.subject.replace(/^re: /i, "")}`,
    Date: dateOf(at),
    "Message-ID": messageId ?? newId(from),
    "In-Reply-To": to.messageId,
    References: to.messageId,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    ...headers,
  };
  return lines(...written(fields), "", text, "", `On Tue, Mar 3, 2026 at 9:00 AM <${to.from}> wrote:`, "", ...quoted(to.text ?? "Hello."));
}

/** What a vacation responder says (RFC 3834). @param until as written in the text, such as "9 March 2026" */
export function outOfOffice(mail: Incoming & { readonly until?: string }): string {
  const { to, from, until, at = AT, messageId } = mail;
  const back = until === undefined ? "I am out of the office." : `I am out of the office and will be back on ${until}.`;
  const fields = {
    "Return-Path": "<>",
    From: from,
    To: to.from,
    Subject: `Automatic reply: ${to.subject}`,
    Date: dateOf(at),
    "Message-ID": messageId ?? newId(from),
    "In-Reply-To": to.messageId,
    References: to.messageId,
    "Auto-Submitted": "auto-replied (vacation)",
    Precedence: "bulk",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    ...mail.headers,
  };
  return lines(...written(fields), "", mail.text ?? back);
}

interface Failed {
  readonly to: OurMail;
  /** Whom we wrote to. */
  readonly recipient: string;
  readonly at?: Date;
  /** 5.1.1 by default. */
  readonly status?: string;
  /** What the recipient's server said, reply code first. */
  readonly said?: string;
}

/** A delivery report (RFC 3464), as Postfix writes it, with our mail attached. */
export function bounce({ to, recipient, at = AT, status = "5.1.1", said = `550 ${userUnknown(recipient)}` }: Failed): string {
  const report = writeDeliveryReport({
    sender: to.from,
    recipient,
    raw: Buffer.from(original(to, recipient)),
    remote: `mx1.${domainOf(recipient)}[192.0.2.25]`,
    diagnostic: said,
    status,
    acceptedAt: new Date(at.getTime() - 5_000),
    reportedAt: at,
    queueId: `4T${++count}`,
  });
  return `Return-Path: <>\r\n${report.toString("utf8")}`;
}

/** A bounce in words only, without a delivery-status part: from qmail and its like. */
export function prose({ to, recipient, at = AT, said = "550 5.1.1 No such user here" }: Failed): string {
  const host = `mail.${domainOf(recipient)}`;
  const fields = {
    "Return-Path": "<>",
    From: `MAILER-DAEMON@${host}`,
    To: to.from,
    Subject: "failure notice",
    Date: dateOf(at),
    "Message-ID": newId(host),
  };
  return lines(
    ...written(fields),
    "",
    `Hi. This is the mail program at ${host}.`,
    "I was not able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up.",
    "",
    `<${recipient}>:`,
    `Remote host said: ${said}`,
    "",
    "--- Below this line is a copy of the message.",
    "",
    original(to, recipient),
  );
}

/** The recipient pressed "this is spam", and their provider says so (RFC 5965). */
export function complaint({ to, recipient, at = AT }: Omit<Failed, "status" | "said">): string {
  const boundary = `complaint-${++count}`;
  const fields = {
    From: `feedback@${domainOf(recipient)}`,
    To: to.from,
    Subject: `FW: ${to.subject}`,
    Date: dateOf(at),
    "Message-ID": newId(recipient),
    "MIME-Version": "1.0",
    "Content-Type": `multipart/report; report-type=feedback-report; boundary="${boundary}"`,
  };
  const report = {
    "Feedback-Type": "abuse",
    "User-Agent": "Feedback/1.0",
    Version: "1",
    "Original-Mail-From": `<${to.from}>`,
    "Original-Rcpt-To": `<${recipient}>`,
  };
  const part = (type: string, ...body: string[]) => [`--${boundary}`, `Content-Type: ${type}`, "", ...body, ""];
  return lines(
    ...written(fields),
    "",
    ...part("text/plain", "This is an email abuse report."),
    ...part("message/feedback-report", ...written(report)),
    ...part("message/rfc822", original(to, recipient)),
    `--${boundary}--`,
  );
}

function original(to: OurMail, recipient: string): string {
  const fields = { From: to.from, To: recipient, Subject: to.subject, "Message-ID": to.messageId, Date: dateOf(AT) };
  return lines(...written(fields), "", to.text ?? "Hello.");
}

function written(fields: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
}

function quoted(text: string): string[] {
  return text.split(/\r?\n/).map((line) => `> ${line}`);
}

/** Texts with line feeds become lines of a mail. */
function lines(...parts: readonly string[]): string {
  return `${parts.join("\n").replace(/\r?\n/g, "\r\n").trimEnd()}\r\n`;
}

function newId(from: string): string {
  return `<in-${++count}.${AT.getTime()}@${domainOf(from)}>`;
}

function domainOf(address: string): string {
  return address.replace(/[<>]/g, "").split("@").at(-1) ?? "";
}

function dateOf(at: Date): string {
  return at.toUTCString().replace("GMT", "+0000");
}
