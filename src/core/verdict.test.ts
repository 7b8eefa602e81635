import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMail } from "../mail/parse.ts";
import { answeredCandidates } from "./thread.ts";
import { classify } from "./verdict.ts";

const circumstances = { ownAddresses: new Set(["us@our.example"]), receivedAt: new Date("2026-11-24T10:00:00Z") };
const kindOf = async (text: string) => classify(await parseMail(Buffer.from(text)), circumstances).kind;

const report = (type: string, fields: string) =>
  `Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nAuto-Submitted: auto-replied\nX-Autoreply: yes\nPrecedence: bulk\nSubject: Out of office\nContent-Type: multipart/report; boundary=b\n\n--b\n\nI am out of the office\n--b\nContent-Type: message/${type}\n\n${fields}\n--b--\n`;

test("a bounce that carries every mark of an auto-reply is a bounce", async () => {
  expect(await kindOf(report("delivery-status", "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1"))).toBe("bounce");
});

test("the same report about a delay is an auto-reply", async () => {
  expect(await kindOf(report("delivery-status", "Final-Recipient: rfc822; a@example.org\nAction: delayed\nStatus: 4.4.1"))).toBe(
    "auto_reply",
  );
});

test("a complaint is a complaint before anything else", async () => {
  expect(await kindOf(report("feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: a@example.org"))).toBe("complaint");
});

test("a prose bounce with auto-reply headers is a bounce", async () => {
  const text =
    "From: Mail Delivery System <mailer-daemon@mx.example>\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed\n\nlead@example.org\n  550 user unknown: your message could not be delivered\n";
  expect(await kindOf(text)).toBe("bounce");
});

test("a sieve vacation with a null return path is an auto-reply", async () => {
  const text =
    "Return-Path: <>\nFrom: lead@example.org\nAuto-Submitted: auto-replied (vacation)\nPrecedence: bulk\nX-Auto-Response-Suppress: All\nIn-Reply-To: <m1@our.example>\nSubject: Re: offer\n\nI am away; your mail could not be delivered to my desk.\n";
  expect(await kindOf(text)).toBe("auto_reply");
});

test("mail from our own or a colleague's address is our own, in any case of letters", async () => {
  expect(await kindOf("From: Us <US@Our.Example>\nSubject: Re: offer\n\nDear Ann")).toBe("own");
});

test("everything else is a human's", async () => {
  expect(await kindOf("From: ann@example.org\nSubject: Re: offer\n\nTell me more.")).toBe("human");
  expect(await kindOf("")).toBe("human");
});

test("whatever arrives gets one verdict with reasons, in bounded time", async () => {
  const line = fc.oneof(
    fc.constantFrom(
      "From: MAILER-DAEMON@x.example",
      "Return-Path: <>",
      "Subject: Undelivered Mail Returned to Sender",
      "Content-Type: multipart/report; boundary=b",
      "--b",
      "Content-Type: message/delivery-status",
      "Content-Type: message/feedback-report",
      "Content-Type: message/rfc822",
      "Final-Recipient: rfc822; a@b.example",
      "Action: failed",
      "Status: 5.1.1",
      "X-Failed-Recipients: a@b.example",
      "Auto-Submitted: auto-replied",
      "References: <a@b.example>",
      "To: a+b@c.example",
      "",
    ),
    fc.string({ maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
      const mail = await parseMail(Buffer.from(lines.join("\r\n")));
      const verdict = classify(mail, circumstances);
      expect(verdict.why.length).toBeGreaterThan(0);
      expect(answeredCandidates(mail).length).toBeLessThanOrEqual(100);
      expect(["complaint", "bounce", "auto_reply", "own", "human"]).toContain(verdict.kind);
    }),
    { numRuns: 300 },
  );
});

test("random bytes get a verdict", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (bytes) => {
      expect(classify(await parseMail(bytes), circumstances).why.length).toBeGreaterThan(0);
    }),
  );
});
