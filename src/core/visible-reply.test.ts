import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMail } from "../mail/parse.ts";
import { visibleReply } from "./visible-reply.ts";

const read = (text: string) => visibleReply({ text, html: null });
const readHtml = async (html: string) => visibleReply(await parseMail(Buffer.from(`Content-Type: text/html; charset=utf-8\n\n${html}`)));

/** How programs introduce the mail that is answered. */
const HEADS = [
  "On Tue, 7 Apr 2026 at 10:00, Ann <ann@x.example> wrote:",
  "On 04/19/2026 07:10 AM, Roman T wrote:",
  "Ann Lee on 12 March 2026 at 10:00 wrote:",
  "Ann <ann@x.example> wrote:",
  "---- Ann Smith wrote ----",
  "Am 10.10.2026 um 12:00 schrieb Max Muster <m@x.example>:",
  "Am Mo., 3. Feb. 2026 um 10:11 Uhr schrieb Max Muster <\nm@x.example>:",
  "Max Muster <m@x.example> schrieb am Di., 16. Aug. 2026\num 12:52 Uhr:",
  "Le mar. 3 mars 2026 à 10:00, Jean Dupont <j@x.example> a écrit :",
  "Le 03/03/2026 à 10:00, Jean a écrit :",
  "El mar, 3 mar 2026 a las 10:00, Ana (<a@x.example>) escribió:",
  "Em ter., 3 de mar. de 2026 às 10:00, Ana <a@x.example> escreveu:",
  "Il giorno mar 3 mar 2026 alle ore 10:00 Ugo <u@x.example> ha scritto:",
  "Op di 3 mrt. 2026 om 10:00 schreef Jan <j@x.example>:",
  "W dniu 3 marca 2026 10:00 użytkownik Zoe <z@x.example> napisał:",
  "Dne út 3. 3. 2026 10:00 uživatel Jan <j@x.example> napsal:",
  "вт, 3 мар. 2026 г. в 10:00, Иван <i@x.example>:",
  "ti 3. maalisk. 2026 klo 10.00 Aino (a@x.example) kirjoitti:",
  "Foo Bar <x@y.example> ezt írta (időpont: 2026. jan. 27., K, 10:10):",
  "27 Oca 2026 Sal, 10:10 tarihinde Foo <x@y.example> şunu yazdı:",
  "În mar., 27 ian. 2026 la 10:10, X Y <x@y.example> a scris:",
  "Στις Τρί 3 Μαρ 2026 στις 10:00 π.μ., ο Νίκος <n@x.example> έγραψε:",
  "2026年3月3日(火) 10:00 山田太郎 <y@x.example>:",
  "2026年3月3日 10:00，张三 <z@x.example> 写道：",
  "在 2026年3月3日，上午10:00，张三 <z@x.example> 写道：",
  "于 2026/3/3 10:00, 张三 写道:",
  "2026년 3월 3일 (화) 오전 10:00, 홍길동 <h@x.example>님이 작성:",
  "Den tis 3 mars 2026 kl 10:00 skrev Åsa <a@x.example>:",
  "tir. 3. mar. 2026 kl. 10:00 skrev Ola <o@x.example>:",
  "Vào Th 3, 3 thg 3, 2026 vào lúc 10:00 X Y <x@y.example> đã viết:",
  "בתאריך יום ג׳, 3 במרץ 2026 ב-10:00 מאת X <x@y.example>:",
  "Pada tanggal Sel, 3 Mar 2026 pukul 10.00 X <x@y.example> menulis:",
  "-----Original Message-----\nFrom: Ann",
  "________________________________\nVon: Ann <a@x.example>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Bob\nBetreff: AW: x",
  "De : Ann [mailto:a@x.example]\nEnvoyé : mardi 3 mars 2026 10:00\nÀ : Bob\nObjet : x",
  "De: Ana\nEnviado em: 3 de março de 2026 10:00\nAssunto: x",
  "De: Ana <a@x.example>\nEnviado el: martes, 3 de marzo de 2026 10:00\nPara: Bob\nAsunto: x",
  "De: Ana <a@x.example>\nEnviada em: terça-feira, 3 de março de 2026 10:00\nPara: Bob\nAssunto: x",
  "Da: Ugo <u@x.example>\nInviato: martedì 3 marzo 2026 10:00\nA: Bob\nOggetto: x",
  "Van: Jan <j@x.example>\nVerzonden: dinsdag 3 maart 2026 10:00\nAan: Bob\nOnderwerp: x",
  "发件人: 张三 <z@x.example>\n发送时间: 2026年3月3日 10:00\n收件人: Bob\n主题: x",
  "差出人: 山田 <y@x.example>\n送信日時: 2026年3月3日 10:00\n宛先: Bob\n件名: x",
  "보낸 사람: 홍 <h@x.example>\n보낸 날짜: 2026년 3월 3일\n받는 사람: Bob\n제목: x",
  "-------- Ursprüngliche Nachricht --------\nVon: x",
  "---------- Weitergeleitete Nachricht ---------\nVon: x",
  '------------------ 原始邮件 ------------------\n发件人: "张"<z@x>',
  "-------- Message d'origine --------\nDe : x",
  "--------- Mensaje original --------\nDe: x",
  "Begin forwarded message:\n\nFrom: x",
  "Gebruiker: s@x.example\nVerzonden: maandag 25 november 2026 14:59\nOnderwerp: x\nAan: y",
  "From: s@x.example\n\n<http://x",
  "*From: *Ann <a@x.example>\n*Date: *Tuesday, March 3, 2026 at 10:00 AM\n*To: *Bob\n*Subject: *Re: x",
  '----- Mail original -----\nDe: "x" <a@x.example>',
  "On Mar 3, 2026, at 10:00, Ann Lee via Salesforce\n<ann@verylong.example.com>\nwrote:",
  "2026-03-03 17:21 GMT+01:00 Ann Lee <a@x.example>:",
  "Ann Lee <a@x.example> schrieb:",
  "Am Dienstag, 3. März 2026, 10:00:00 MEZ hat Ann <a@x.example> Folgendes geschrieben:",
  "Le mardi 3 mars 2026 à 10:00:00 UTC+1, Ann <a@x.example> a écrit :",
  "El martes, 3 de marzo de 2026, 10:00:00 CET, Ana <a@x.example> escribió:",
  "Op dinsdag 3 maart 2026 10:00:00 CET schreef Jan <j@x.example>:",
  "Il martedì 3 marzo 2026 alle ore 10:00:00 CET, Ugo <u@x.example> ha scritto:",
  "Em terça-feira, 3 de março de 2026 10:00:00 BRT, Ana <a@x.example> escreveu:",
  'Gesendet: Dienstag, 03. März 2026 um 10:00 Uhr\nVon: "Ann" <a@x.example>\nAn: b@x.example\nBetreff: x',
  "Sent from Outlook\n\nFrom: Ann <a@x.example>\nSent: Tuesday",
  'Sent: Tuesday, March 03, 2026 at 10:00 AM\nFrom: "Ann" <a@x.example>\nTo: b@x.example\nSubject: x',
  "Отправлено из Почты\n\nОт: Иван <i@x.example>\nОтправлено: 3 марта 2026 г. 10:00\nКому: Bob\nТема: x",
  '03.03.2026, 10:00, "Иван" <i@x.example>:',
  "Вторник, 3 марта 2026, 10:00 +03:00 от Иван <i@x.example>:",
  "On Tuesday, March 3rd, 2026 at 10:00 AM, Ann <a@x.example> wrote:",
  "------- Original Message -------\nOn Tuesday, March 3rd, 2026 at 10:00 AM, Ann <a@x.example> wrote:",
  "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Tuesday",
];

describe.each(HEADS)("below %s", (head) => {
  test("marked lines are the old mail", () => {
    expect(read(`Thanks a lot.\n\n${head}\n\n> Buy our stuff\n> now\n`)).toBe("Thanks a lot.");
  });
  test("unmarked lines are the old mail", () => {
    expect(read(`Thanks a lot.\n\n${head}\n\nBuy our stuff\nnow\n`)).toBe("Thanks a lot.");
  });
});

test.each([
  "Call me at 10:30 on 12 May 2026 please:\nI am there\n\nor not",
  "Date: 12 May 2026\nTime: 10:00\nAddress: Foo 1\n\nSee you",
  "As I wrote on Monday: no interest.",
  "On Monday we are free, as I wrote earlier:\n- 10:00\n- 11:00",
  "From: Berlin\nTo: Munich\nthat is our route",
  "We have 3 offers:\n1. a\n2. b",
  "Sent you a mail yesterday",
  "Sent from my desk, which is easier",
  "Gesendet habe ich es gestern schon, bitte prüfen Sie das",
  "Our prices in 2026 are:\n100",
  "Send me details to ann@x.example:\nthanks",
  "I like it -- really\n\n- one\n- two",
  "Our points:\n-- the first\n-- the second",
  "My colleague said 3 things:\n- a\n- b",
  "This is confidential between us: we are in.",
])("%j is all the person's", (text) => {
  expect(read(text)).toBe(text);
});

test("answers between the quoted lines are kept, the quotes are not", () => {
  const text = "On Tue, 24 Nov 2026, Bob <b@x.example> wrote:\n> What does it cost?\n\nToo much.\n\n> When can we talk?\nNever.";
  expect(read(text)).toBe("Too much.\n\nNever.");
});

test("an answer below the quote, and one on the line of the attribution", () => {
  expect(read("On 04/19/2026 07:10 AM, Bob wrote:\n\n>\n> Test\nBelow.")).toBe("Below.");
  expect(read("Yes On Wed, Apr 4, 2026 at 3:59 PM, bob@x.example wrote:\n> Hi")).toBe("Yes");
});

test("an attribution in the middle of nothing leaves nothing to judge", () => {
  expect(read("On Tue, 24 Nov 2026 at 10:00, Bob <b@x.example> wrote:\n\nInterested?")).toBe("");
  expect(read("> only a quote")).toBe("");
});

test("a line that was wrapped out of the quote is no answer", () => {
  const long = "> a quoted line that is long enough to have been broken by a mail program of the";
  expect(read(`No.\n\nOn 24.11.2026 10:00, Bob <b@x.example> wrote:\n${long}\nlast century\n> and more`)).toBe("No.");
});

test.each([
  "-- \nAnn Lee\nAcme Ltd",
  "--\nAnn",
  "—\nAnn",
  "____________\nAnn Lee | Sales",
  "-Ann Lee",
  "Sent from my iPhone",
  "Get Outlook for iOS<https://aka.example/o>",
  "Von meinem iPhone gesendet",
  "Envoyé de mon iPhone",
  "Enviado desde mi iPhone",
  "Enviado do meu iPhone",
  "Inviato da iPhone",
  "Verstuurd vanaf mijn iPhone",
  "从我的iPhone发送",
  "iPhoneから送信",
  "Mit freundlichen Grüßen\n\nAnn Lee\nAcme GmbH",
  "Cordialement,\nAnne",
  "Med venlig hilsen\nAnn",
  "**********\nThis email is confidential and intended solely for the addressee.\n**********",
  "This message and any attachments are confidential and intended for the addressee only.",
  "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt.",
])("%j below an answer is cut", (footer) => {
  expect(read(`I will look at it.\n\n${footer}`)).toBe("I will look at it.");
});

test("a P.S. below the closing is not lost", () => {
  expect(read("Danke.\n\nViele Grüße\nAnn\n\nPS: Bitte keine Mails mehr.")).toContain("keine Mails mehr");
});

test("code between fences keeps its dashes", () => {
  const text = "Try this:\n\n```\na\n--\nb\n```\n\nDone.";
  expect(read(text)).toBe(text);
});

test.each([
  [
    'Yes.<br><div class="gmail_quote"><div class="gmail_attr">E le 3ra o Mati, Bob a ngwadile:<br></div><blockquote class="gmail_quote">Buy</blockquote></div>',
    "Gmail in a language we do not know",
  ],
  ['Yes.<div class="moz-cite-prefix">Bob scripsit die Martis:<br></div><blockquote type="cite">Buy</blockquote>', "Thunderbird"],
  [
    'Yes.<div><hr><div id="divRplyFwdMsg"><b>From:</b> Bob &lt;b@x.example&gt;<br><b>Sent:</b> Tuesday<br><b>To:</b> Ann<br><b>Subject:</b> x</div><div>Buy</div></div>',
    "Outlook",
  ],
  ['Yes.<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Bob kirjoitteli tiistaina vain</div><div>Buy</div></div>', "Yahoo"],
  ['Yes.<div><blockquote type="cite">On 24 Nov 2026, at 10:00, Bob &lt;b@x.example&gt; wrote:<br>Buy</blockquote></div>', "Apple Mail"],
])("HTML: %s", async (html) => {
  expect(await readHtml(html)).toBe("Yes.");
});

test("what HTML calls a quote is looked for in the text, and not believed blindly", () => {
  expect(visibleReply({ text: "Yes, that works.", html: '<div class="gmail_attr">Something else entirely</div>' })).toBe(
    "Yes, that works.",
  );
});

const anyMail = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HEADS, "> quoted", "--", "Sent from my iPhone", "***", "confidential", "", "Yes, please."),
      fc.string({ unit: "grapheme", maxLength: 40 }),
    ),
    { maxLength: 20 },
  )
  .map((lines) => lines.join("\n"));

test("whatever comes in: only lines that were there come out", () => {
  const bare = (line: string) => line.replaceAll(/\s/g, "");
  fc.assert(
    fc.property(anyMail, fc.option(fc.string()), (text, html) => {
      const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map(bare);
      for (const line of visibleReply({ text, html }).split("\n")) expect(lines.some((given) => given.startsWith(bare(line)))).toBe(true);
    }),
  );
});

/** Processor time, not the clock: other tests run beside this one. */
function cost(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1e6;
}

test.each([
  ">",
  ">\n",
  "\n",
  "On 1 ",
  "On Mon, 3 Mar 2026 10:00 <\n",
  "From: a@b\n",
  "From: \nTo: \n",
  "-",
  "---------\n",
  "@",
  "a@b<\n",
  "<",
  " ",
  "Disclaimer: a\n\n",
  "****\nconfidential\n\n",
  "a wrote:\n",
  "mfg\n",
  "> a\nbbb\n",
])("half a megabyte of %j costs little", (part) => {
  const text = part.repeat(Math.ceil(500_000 / part.length));
  expect(cost(() => visibleReply({ text, html: `<div class="gmail_attr">${text}` }))).toBeLessThan(4);
});
