import fc from "fast-check";
import { expect, test } from "vitest";
import { processorTime } from "../../test/support/processor-time.ts";
import { parseMail } from "../mail/parse.ts";
import { readBounce, readComplaint } from "./bounce.ts";

const parse = (text: string) => parseMail(Buffer.from(text));

interface Report {
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string;
  readonly prose?: string;
  readonly container?: string;
  readonly recipient?: string;
}

/** A delivery report as an MTA writes it, about a mail to lead@example.org. */
function report({ action = "failed", status = "5.0.0", diagnostic, prose = "Sorry.", container = "report", recipient }: Report): string {
  return `Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: us@our.example
Subject: Delivery report
Content-Type: multipart/${container}; report-type=delivery-status; boundary=b

--b

${prose}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

${recipient ?? "Final-Recipient: rfc822; lead@example.org"}
Action: ${action}
Status: ${status}
${diagnostic ? `Diagnostic-Code: smtp; ${diagnostic}\n` : ""}
--b
Content-Type: text/rfc822-headers

Message-ID: <m1@our.example>
To: lead@example.org
--b--
`;
}

const bounceOf = async (given: Report) => readBounce(await parse(report(given)));

test.each(["report", "mixed"])("a failure in multipart/%s names recipient, status and the mail that failed", async (container) => {
  expect(await bounceOf({ container, status: "5.1.1", diagnostic: "550 5.1.1 <lead@example.org>: User unknown" })).toMatchObject({
    recipients: ["lead@example.org"],
    action: "failed",
    status: "5.1.1",
    class: "hard",
    originalMessageId: "<m1@our.example>",
  });
});

test.each(["delayed", "relayed", "delivered", "expanded"])(
  "Action: %s is no failure, whatever the status and words say",
  async (action) => {
    expect(await bounceOf({ action, status: "5.1.1", diagnostic: "550 user unknown", prose: "could not be delivered" })).toBeNull();
  },
);

test("a report that says only 5.0.0 is judged by the code in its diagnostic", async () => {
  expect(await bounceOf({ diagnostic: "550 5.1.1 sorry" })).toMatchObject({ status: "5.1.1", class: "hard" });
  expect(await bounceOf({ diagnostic: "552 5.2.2 sorry" })).toMatchObject({ status: "5.2.2", class: "soft" });
});

test("a report without a diagnostic is judged by its prose", async () => {
  expect(await bounceOf({ prose: "lead@example.org: 550 5.1.1 no such user" })).toMatchObject({ status: "5.1.1", class: "hard" });
});

test.each([
  ["5.1.1", "550 5.1.1 User unknown", "hard"],
  ["5.1.10", "550 5.1.10 RecipientNotFound", "hard"],
  ["5.4.4", "Host or domain name not found. Name service error for name=gone.example", "hard"],
  ["5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "hard"],
  ["5.0.0", "550 No such user here", "hard"],
  ["5.2.2", "552 5.2.2 Mailbox full", "soft"],
  ["5.3.4", "552 5.3.4 Message size exceeds fixed limit", "soft"],
  ["5.1.1", "550 5.1.1 <lead@example.org> mailbox is full", "soft"],
  ["5.2.1", "550 5.2.1 account disabled", "soft"],
  ["5.0.0", "retry timeout exceeded", "soft"],
  ["4.4.1", "connect to mx.example: Connection refused", "soft"],
  ["4.1.1", "450 4.1.1 User unknown", "soft"],
  ["5.7.1", "550 5.7.1 Message rejected", "blocked"],
  ["5.7.26", "550 5.7.26 unauthenticated", "blocked"],
  ["5.1.1", "550 5.7.1 IP address blacklisted", "blocked"],
  ["5.0.0", "554 rejected due to spam content", "blocked"],
  ["5.1.8", "550 5.1.8 sender address rejected: domain not found", "blocked"],
  ["5.0.0", "SMTP error after MAIL FROM:<us@our.example>: 550 no such domain", "blocked"],
])("status %s, %s: %s", async (status, diagnostic, expected) => {
  expect((await bounceOf({ status, diagnostic }))?.class).toBe(expected);
});

test("what we wrote to outranks where it was forwarded, but not a host-local name", async () => {
  const forwarded = "Original-Recipient: rfc822; lead@example.org\nFinal-Recipient: rfc822; ann@elsewhere.example";
  expect((await bounceOf({ recipient: forwarded }))?.recipients).toEqual(["lead@example.org"]);
  const local = "Original-Recipient: rfc822; lead@localhost\nFinal-Recipient: rfc822; lead@example.org";
  expect((await bounceOf({ recipient: local }))?.recipients).toEqual(["lead@example.org"]);
});

test("one recipient whose trouble may pass keeps the whole report from being hard", async () => {
  const two =
    "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; b@example.org\nDiagnostic-Code: smtp; 552 mailbox full";
  expect(await bounceOf({ recipient: two })).toMatchObject({ class: "soft", recipients: ["a@example.org", "b@example.org"] });
});

test("Exim's report is matched by its References where it embeds nothing", async () => {
  const mail = await parse(
    "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: lead@example.org\nReferences: <m1@our.example>\nSubject: Mail delivery failed\n\nA message that you sent could not be delivered.\n\n  lead@example.org\n    Unrouteable address\n",
  );
  expect(readBounce(mail)).toMatchObject({ recipients: ["lead@example.org"], class: "hard", originalMessageId: "<m1@our.example>" });
});

test("a daemon's prose is a bounce, and the returned mail's words are not the daemon's", async () => {
  const mail = await parse(
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: us@our.example\nSubject: failure notice\n\nHi. I wasn't able to deliver your message.\n\n<lead@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <m1@our.example>\nOur spam filter costs less. Write to other@example.net: now\n",
  );
  expect(readBounce(mail)).toMatchObject({
    recipients: ["lead@example.org"],
    status: "5.1.1",
    class: "hard",
    originalMessageId: "<m1@our.example>",
  });
});

test.each([
  [
    "a person who says that delivery failed",
    "From: Ann <ann@example.org>\nSubject: Re: parcel\n\nThe parcel could not be delivered, user unknown.",
  ],
  [
    "a person who forwards a bounce",
    "From: ann@example.org\nSubject: Fwd: failure notice\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n",
  ],
  [
    "a vacation reply with a null return path",
    "Return-Path: <>\nFrom: ann@example.org\nSubject: Away\n\nI could not be reached until Monday.",
  ],
  [
    "a company that writes from mail@",
    "From: mail@firma.example\nSubject: Re: Angebot\n\nWir konnten Ihre Preise nicht finden; the link could not be found.",
  ],
  [
    "a daemon that is still trying",
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Warning: message delayed\n\nlead@example.org: could not be delivered yet. We will continue to try for 4 days.",
  ],
  ["a daemon without a failure phrase", "From: MAILER-DAEMON@mx.example\nSubject: Statistics\n\nAll is well."],
])("%s is no bounce", async (_, text) => {
  expect(readBounce(await parse(text))).toBeNull();
});

const feedback = (type: string) =>
  parse(
    `From: fbl@provider.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nComplaint\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ${type}\nUser-Agent: x/1\nOriginal-Rcpt-To: lead@example.org\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <m1@our.example>\nTo: lead@example.org\n\nbuy\n--b--\n`,
  );

test("a feedback report is a complaint about one of our mails", async () => {
  expect(readComplaint(await feedback("abuse"))).toMatchObject({
    feedbackType: "abuse",
    recipients: ["lead@example.org"],
    originalMessageId: "<m1@our.example>",
  });
});

test.each(["not-spam", "auth-failure"])("a report of type %s accuses nobody", async (type) => {
  expect(readComplaint(await feedback(type))).toBeNull();
});

test("hostile prose costs bounded time", async () => {
  const piece = fc.constantFrom(
    "mailbox ",
    "user ",
    "not ",
    "exceed ",
    "a@",
    "b.",
    "<",
    "to: ",
    "message ",
    "5.1.1 ",
    "-",
    "\n",
    "original ",
    "quota ",
    "exceed",
    "a",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
      const body = pieces.join("").repeat(4_000);
      const mail = await parse(`From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\ncould not be delivered\n${body}`);
      const spent = processorTime();
      const bounce = readBounce(mail);
      expect(spent()).toBeLessThan(2_000); // 5 ms typical
      expect(bounce?.recipients.length ?? 0).toBeLessThanOrEqual(50);
    }),
    { numRuns: 60 },
  );
});
