// The mail that comes into a mailbox which does outreach, mail by mail, always the same: answers, machines' mail, and mostly what is none of our concern.
import { drawn } from "../src/core/chance.ts";

/** A mail of ours, which some of what comes in answers. */
export interface SentMail {
  readonly messageId: string;
  readonly recipient: string;
}

export interface Addressed {
  /** Whose mailbox it is. */
  readonly to: string;
  readonly sent: readonly SentMail[];
}

type Writer = (nth: number, about: Addressed) => string;

const KB = 1024;

/** The nth mail. Shares: 8 % replies, 3 % automatic answers, 3 % bounces, 1 % opt-outs, 35 % newsletters, 25 % notifications, 4 % attachments, 1 % hostile. */
export function mailThatComes(nth: number, about: Addressed): Buffer {
  const at = drawn("kind", nth) * 100;
  const [, write] = KINDS.find(([below]) => at < below) ?? [100, privateMail];
  return Buffer.from(write(nth, about).replaceAll(/\r?\n/g, "\r\n"), "latin1");
}

const KINDS: readonly (readonly [below: number, Writer])[] = [
  [8, reply],
  [11, automaticAnswer],
  [14, bounce],
  [15, optOut],
  [50, newsletter],
  [75, notification],
  [79, withAttachment],
  [80, hostile],
  [100, privateMail],
];

const WORDS =
  "oven repair flour Monday invoice meeting budget team order delivery the and of to with for our your next week please thanks price machine " +
  "morning customer summary answer question possible service contract plan number detail office regards";
const LEXICON = WORDS.split(" ");
const LINE = 11;
const LINES = Array.from({ length: 4_000 }, (_, line) =>
  Array.from({ length: LINE }, (_, word) => LEXICON[Math.floor(drawn("word", line, word) * LEXICON.length)]).join(" "),
);

/** So many words, in lines: always the same for the same purpose. */
function prose(nth: number, what: string, words: number): string {
  const from = Math.floor(drawn(what, nth) * (LINES.length - words / LINE));
  return `${LINES.slice(from, from + Math.ceil(words / LINE)).join("\n")}.`;
}

function head(nth: number, from: string, { to }: Addressed, subject: string, more: readonly string[]): string {
  const [, domain = "example.com"] = from.split("@");
  return [
    `Return-Path: <${from}>`,
    `Delivered-To: ${to}`,
    `Received: from mx${nth % 7}.${domain} (mx${nth % 7}.${domain} [192.0.2.${nth % 250}])\n\tby mail.team.example with ESMTPS id ${nth.toString(36)}\n\tfor <${to}>; Wed, 04 Mar 2026 10:00:00 +0100 (CET)`,
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=s1;\n\th=from:to:subject:date:message-id; bh=${"A".repeat(43)}=;\n\tb=${"B".repeat(170)}`,
    "Date: Wed, 04 Mar 2026 10:00:00 +0100",
    `From: Sender ${nth} <${from}>`,
    `To: <${to}>`,
    `Message-ID: <in-${nth}@${domain}>`,
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    ...more,
  ].join("\n");
}

function mailOfOurs(nth: number, { sent }: Addressed): SentMail {
  const mail = sent[Math.floor(drawn("answers", nth) * sent.length)];
  if (!mail) throw new Error("Answers need mails that were sent.");
  return mail;
}

function alternative(plain: string, html: string): string {
  return `Content-Type: multipart/alternative; boundary="=_alt"\n\n--=_alt\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${plain}\n--=_alt\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${html}\n--=_alt--\n`;
}

function quoted(text: string): string {
  return text.replaceAll(/^/gm, "> ");
}

const ANSWERS = ["Yes, let's talk on Tuesday.", "How much does it cost?", "Not interested, sorry.", "Please ask again in autumn.", "Hm."];

function answerTo(nth: number, about: Addressed, text: string, more: readonly string[] = []): string {
  const { messageId, recipient } = mailOfOurs(nth, about);
  const original = prose(nth, "original", 120);
  const plain = `${text}\n\nBest regards\nKim\n\nOn Wed, 4 Mar 2026 at 09:00, Anna Berger <${about.to}> wrote:\n${quoted(original)}`;
  const html = `<div>${text}</div><div class=3D"gmail_quote">On Wed, Anna Berger wrote:<blockquote class=3D"gmail_quote">${original}</blockquote></div>`;
  const headers = [`In-Reply-To: ${messageId}`, `References: ${messageId}`, ...more];
  return `${head(nth, recipient, about, "Re: Oven repairs", headers)}\n${alternative(plain, html)}`;
}

function reply(nth: number, about: Addressed): string {
  return answerTo(nth, about, ANSWERS[nth % ANSWERS.length] ?? "");
}

function automaticAnswer(nth: number, about: Addressed): string {
  const text =
    nth % 2 === 0 ? "I am out of the office until 16 March 2026 and will answer then." : "Thank you for your message. We have received it.";
  return answerTo(nth, about, text, ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"]);
}

function optOut(nth: number, about: Addressed): string {
  return answerTo(nth, about, "Please remove me from your list.");
}

function bounce(nth: number, about: Addressed): string {
  const { messageId, recipient } = mailOfOurs(nth, about);
  const code = nth % 3 === 0 ? "4.2.2" : "5.1.1";
  return `${head(nth, "MAILER-DAEMON@mail.team.example", about, "Undelivered Mail Returned to Sender", ["Auto-Submitted: auto-replied"])}
Content-Type: multipart/report; report-type=delivery-status; boundary="=_dsn"

--=_dsn
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.team.example.

<${recipient}>: host mx.bakery.example said: 550 ${code} User unknown

--=_dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.team.example

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: ${code}
Diagnostic-Code: smtp; 550 ${code} User unknown

--=_dsn
Content-Type: message/rfc822

From: Anna Berger <${about.to}>
To: ${recipient}
Subject: Oven repairs
Message-ID: ${messageId}

${prose(nth, "original", 120)}
--=_dsn--
`;
}

function newsletter(nth: number, about: Addressed): string {
  const cells = 20 + Math.floor(drawn("cells", nth) * 50);
  const html = Array.from(
    { length: cells },
    (_, cell) =>
      `<table width=3D"600" cellpadding=3D"0"><tr><td style=3D"font-family:Arial;color:#333333;padding:12px 24px"><a href=3D"https://news${nth % 40}.example/c/${nth}/${cell}">=\n${prose(nth, `cell ${cell}`, 22)}</a></td></tr></table>=\n`,
  );
  const more = [
    `List-Unsubscribe: <https://news${nth % 40}.example/u/${nth}>`,
    "Precedence: bulk",
    `List-Id: <list.news${nth % 40}.example>`,
  ];
  const plain = `${prose(nth, "plain", 200)}\n\nUnsubscribe: https://news${nth % 40}.example/u/${nth}`;
  return `${head(nth, `hello@news${nth % 40}.example`, about, `This week's offers ${nth}`, more)}\n${alternative(plain, `<html><body>${html.join("")}</body></html>`)}`;
}

function notification(nth: number, about: Addressed): string {
  const html = `<html><body><p>${prose(nth, "note", 150)}</p><p><a href=3D"https://tool${nth % 30}.example/${nth}">Open</a></p></body></html>`;
  return `${head(nth, `no-reply@tool${nth % 30}.example`, about, `Ticket ${nth} was changed`, [])}\n${alternative(prose(nth, "note", 150), html)}`;
}

function privateMail(nth: number, about: Addressed): string {
  const from = `person${nth % 500}@friends${nth % 90}.example`;
  const text = `${prose(nth, "private", 60)}\n\nOn Tue, 3 Mar 2026, Anna wrote:\n${quoted(prose(nth, "before", 150))}`;
  const more = [`In-Reply-To: <own-${nth % 999}@team.example>`, "Content-Type: text/plain; charset=utf-8"];
  return `${head(nth, from, about, `Re: Lunch ${nth % 999}`, more)}\n\n${text}\n`;
}

/** 50 KB to 1 MB. */
function withAttachment(nth: number, about: Addressed): string {
  const size = (50 + drawn("size", nth) ** 3 * 950) * KB;
  const line = Buffer.from(prose(nth, "bytes", 22))
    .toString("base64")
    .replaceAll("=", "")
    .slice(0, 76)
    .padEnd(76, "A");
  const lines = Array.from({ length: Math.floor(size / 77) }, () => line);
  return `${head(nth, `person${nth % 500}@friends${nth % 90}.example`, about, `Documents ${nth}`, [])}
Content-Type: multipart/mixed; boundary="=_mixed"

--=_mixed
Content-Type: text/plain; charset=utf-8

${prose(nth, "letter", 60)}

--=_mixed
Content-Type: application/pdf; name="offer-${nth}.pdf"
Content-Disposition: attachment; filename="offer-${nth}.pdf"
Content-Transfer-Encoding: base64

${lines.join("\n")}
--=_mixed--
`;
}

const HOSTILE: readonly Writer[] = [
  (nth) => `\n\n\nnot a header ${nth}\0\0\n`,
  (nth, about) => `${head(nth, "a@evil.example", about, "deep", [])}\n${nested(80)}`,
  (nth, about) => head(nth, "b@evil.example", about, "headers", [`X-Long: ${"x".repeat(600 * KB)}`, "", "text"]),
  (nth, about) =>
    `${head(nth, "c@evil.example", about, "parts", ['Content-Type: multipart/mixed; boundary="b"'])}\n\n${"--b\n\nx\n".repeat(6_000)}`,
  (nth, about) =>
    head(nth, "d@evil.example", about, `=?utf-8?B?${"/w==".repeat(200)}?=`, [
      "Content-Type: text/plain; charset=nonsense",
      "",
      "\0\u00ff\u00fe",
    ]),
  (nth, about) => head(nth, "e@evil.example", about, "html", ["Content-Type: text/html", "", `${"<div><b>".repeat(40_000)}x`]),
  (nth, about) => head(nth, "f@evil.example", about, "quotes", ["Content-Type: text/plain", "", `${">".repeat(50)} a\n`.repeat(4_000)]),
  (nth, about) => head(nth, "g@evil.example", about, "ids", [`References: ${`<x${nth}@evil.example> `.repeat(5_000)}`, "", "text"]),
];

function hostile(nth: number, about: Addressed): string {
  return HOSTILE[nth % HOSTILE.length]?.(nth, about) ?? "";
}

function nested(depth: number): string {
  const boundary = `n${depth}`;
  const inner = depth === 0 ? "Content-Type: text/plain\n\ndeep\n" : nested(depth - 1);
  return `Content-Type: multipart/mixed; boundary="${boundary}"\n\n--${boundary}\n${inner}\n--${boundary}--\n`;
}
