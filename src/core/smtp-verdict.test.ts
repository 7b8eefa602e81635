import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeSmtp, type SendVerdict, type SmtpStage } from "./smtp-verdict.ts";

/** The verdict on a refusal; the reply is written as a server writes it. */
function judge(stage: SmtpStage, response: string): SendVerdict {
  const [, code, enhanced] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(response) ?? [];
  return judgeSmtp({ kind: "refused", stage, reply: { code: Number(code), enhanced: enhanced ?? null, response } });
}

const BACK_OFF = { kind: "mailbox", reason: "throttled", pause: false };
const pause = (reason: string) => ({ kind: "mailbox", reason, pause: true });
const deferred = (reason: string) => ({ kind: "deferred", reason });
const failed = (reason: string) => ({ kind: "failed", reason, suppress: false });
const NO_SUCH_ADDRESS = { kind: "failed", reason: "address", suppress: true };

test("an accepted mail is sent", () => {
  expect(judgeSmtp({ kind: "accepted", reply: { code: 250, enhanced: "2.0.0", response: "250 2.0.0 queued" } })).toEqual({ kind: "sent" });
});

test("a connection lost before DATA is tried again", () => {
  expect(judgeSmtp({ kind: "lost", stage: "before_data" })).toEqual(deferred("connection_lost"));
});

test("a connection lost after DATA is uncertain, never tried again", () => {
  expect(judgeSmtp({ kind: "uncertain", response: "354 go" })).toEqual({ kind: "uncertain", reason: "connection_lost_after_data" });
});

describe("an address that does not exist is suppressed", () => {
  test.each<[SmtpStage, string]>([
    ["rcpt", "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown"],
    ["rcpt", "550 5.1.1"],
    ["dot", "550 5.1.1 no such user"],
    ["rcpt", "550 5.1.2 host unknown"],
    ["rcpt", "501 5.1.3 Bad recipient address syntax"],
    ["rcpt", "551 5.1.6 moved"],
    ["rcpt", "556 5.1.10 null MX"],
    ["rcpt", "550 5.4.4 Host not found"],
    ["rcpt", "550 User unknown"],
    ["rcpt", "550 No such user here"],
    ["rcpt", "550 5.0.0 Unknown user"],
    ["rcpt", "550 5.5.0 Requested action not taken: mailbox unavailable"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(NO_SUCH_ADDRESS);
  });
});

describe("a doubt spares the address", () => {
  test.each<[SmtpStage, string, object]>([
    ["rcpt", "550 Rejected", failed("refused")],
    ["rcpt", "550 5.4.4 Unable to route", failed("refused")],
    ["rcpt", "550 5.2.1 The account is disabled", failed("refused")],
    ["rcpt", "554 User unknown", failed("refused")],
    ["data", "554 5.5.1 Error: no valid recipients", failed("refused")],
    ["rcpt", "550 5.1.1 mailbox is full", deferred("mailbox_full")],
    ["rcpt", "450 4.1.1 User unknown", deferred("temporary_failure")],
    ["rcpt", "450 4.1.2 Domain not found", deferred("temporary_failure")],
    ["rcpt", "550 5.7.1 User unknown", failed("refused_by_policy")],
  ])("at %s: %s", (stage, reply, verdict) => {
    expect(judge(stage, reply)).toEqual(verdict);
  });
});

describe("the recipient's policy fails the message", () => {
  test.each<[SmtpStage, string]>([
    ["rcpt", "550 5.7.1 Recipient not authorized, your IP has been found on a block list"],
    ["dot", "554 5.7.1 Spam message rejected"],
    ["dot", "552 5.7.0 This message was blocked because its content presents a security issue"],
    ["dot", "550 5.7.0 Denied by policy"],
    ["dot", "550 Message rejected as spam by content filter"],
    ["dot", "554 Blocked by Spamhaus"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(failed("refused_by_policy"));
  });
});

describe("a refusal of the sender stops the mailbox", () => {
  test.each<[SmtpStage, string]>([
    ["mail", "550 5.7.1 not allowed"],
    ["mail", "553 Sender is not one of yours"],
    ["mail", "550 5.1.1 sender unknown"],
    ["mail", "501 Syntax error"],
    ["rcpt", "553 5.7.1 <me@team.example>: Sender address rejected: not owned by user ann"],
    ["rcpt", "550 5.1.8 Access denied, bad outbound sender"],
    ["dot", "550-5.7.26 This mail has been blocked because the sender is unauthenticated"],
    ["dot", "550 5.7.515 Access denied, sending domain does not meet the required authentication level"],
    ["dot", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"],
    ["rcpt", "554 5.7.1 <a@b.example>: Relay access denied"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(pause("sender_refused"));
  });
});

describe("a login that is asked for or refused stops the mailbox", () => {
  test.each<[SmtpStage, string]>([
    ["mail", "530 5.7.0 Authentication required"],
    ["mail", "530 Must issue a STARTTLS command first"],
    ["rcpt", "530 5.7.1 Client was not authenticated"],
    ["mail", "535 5.7.8 Authentication failed"],
    ["mail", "534 5.7.9 Application-specific password required"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(pause("smtp_auth"));
  });
});

describe("a used-up daily limit stops the mailbox", () => {
  test.each<[SmtpStage, string]>([
    ["dot", "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com"],
    ["rcpt", "550 5.4.5 limit"],
    ["dot", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"],
    ["rcpt", "550 5.2.2 Submission quota exceeded"],
    ["rcpt", "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"],
    ["rcpt", "451 4.7.1 Daily sending limit reached"],
    ["mail", "550 5.7.1 You have exceeded your daily email sending quota"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(pause("daily_limit"));
  });
});

describe("a server that asks for patience slows the mailbox down and costs the message nothing", () => {
  test.each<[SmtpStage, string]>([
    ["mail", "421 Too busy"],
    ["rcpt", "421 4.7.0 Try again later, closing connection"],
    ["dot", "421-4.7.28 Our system has detected an unusual rate of mail"],
    ["rcpt", "450 4.7.28 rate"],
    ["rcpt", "450 4.7.0 wait"],
    ["mail", "454 4.7.0 Temporary authentication failure"],
    ["rcpt", "451 4.3.2 System not accepting messages"],
    ["mail", "432 4.3.2 Concurrent connections limit exceeded"],
    ["mail", "452 4.3.1 Insufficient system storage"],
    ["mail", "451 4.1.8 Sender domain lookup failed"],
    ["rcpt", "450 4.7.1 Sender rate limit exceeded"],
    ["rcpt", "550 Hourly sending limit exceeded"],
    ["dot", "452 4.4.5 congestion"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(BACK_OFF);
  });
});

describe("a passing trouble defers the message", () => {
  test.each<[SmtpStage, string, string]>([
    ["rcpt", "451 4.7.1 Greylisted, please try again in 5 minutes", "greylisted"],
    ["rcpt", "450 4.7.0 Recipient address rejected: Greylisted", "greylisted"],
    ["mail", "451 Grey-listed, come back later", "greylisted"],
    ["rcpt", "451 4.7.1 Please try again later", "greylisted"],
    ["rcpt", "450 Mailbox busy", "temporary_failure"],
    ["rcpt", "450 4.2.1 The user is receiving mail at a rate that prevents delivery", "temporary_failure"],
    ["data", "451 4.3.0 Queue file write error", "temporary_failure"],
    ["dot", "451 4.6.0 odd", "temporary_failure"],
    ["mail", "452 4.3.4 Message too big for now", "temporary_failure"],
    ["rcpt", "452 4.2.2 Mailbox full", "mailbox_full"],
    ["rcpt", "452 The recipient's mailbox is full", "mailbox_full"],
    ["dot", "552 5.2.2 Over quota", "mailbox_full"],
    ["rcpt", "552 Mailbox full", "mailbox_full"],
  ])("at %s: %s", (stage, reply, reason) => {
    expect(judge(stage, reply)).toEqual(deferred(reason));
  });
});

describe("a mail that is too large or malformed fails, and neither the address nor the mailbox suffers", () => {
  test.each<[SmtpStage, string]>([
    ["mail", "552 5.3.4 Message size exceeds fixed limit"],
    ["mail", "552 Message size exceeds fixed maximum message size"],
    ["dot", "552 Too much"],
    ["dot", "554 5.3.4 big"],
    ["rcpt", "550 5.2.3 too long for this recipient"],
    ["dot", "554 5.6.0 Malformed header"],
    ["dot", "554 5.6.1 media not supported"],
  ])("at %s: %s", (stage, reply) => {
    expect(judge(stage, reply)).toEqual(failed("message"));
  });
});

test("no temporary reply ever fails a message or suppresses an address", () => {
  const temporary = fc.record({
    stage: fc.constantFrom<SmtpStage>("mail", "rcpt", "data", "dot"),
    code: fc.integer({ min: 400, max: 499 }),
    enhanced: fc.option(fc.tuple(fc.nat(9), fc.nat(99)).map(([subject, detail]) => `4.${subject}.${detail}`)),
    words: fc.constantFrom("user unknown", "blocked as spam", "mailbox full", "host not found", "no", "sender address rejected"),
  });
  fc.assert(
    fc.property(temporary, ({ stage, code, enhanced, words }) => {
      const verdict = judgeSmtp({ kind: "refused", stage, reply: { code, enhanced, response: `${code} ${enhanced ?? ""} ${words}` } });
      expect(["deferred", "mailbox"]).toContain(verdict.kind);
    }),
  );
});

test("an address is suppressed by nothing but the codes that prove it does not exist", () => {
  const proofs = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"]);
  const permanent = fc.record({
    stage: fc.constantFrom<SmtpStage>("mail", "rcpt", "data", "dot"),
    code: fc.integer({ min: 500, max: 559 }),
    enhanced: fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 30 })).map(([subject, detail]) => `5.${subject}.${detail}`),
  });
  fc.assert(
    fc.property(permanent, ({ stage, code, enhanced }) => {
      const response = `${code} ${enhanced} no such user, host not found`;
      const verdict = judgeSmtp({ kind: "refused", stage, reply: { code, enhanced, response } });
      expect(verdict.kind === "failed" && verdict.suppress && !proofs.has(enhanced)).toBe(false);
    }),
  );
});
