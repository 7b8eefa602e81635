import { expect, test } from "vitest";
import { parseMail } from "../mail/parse.ts";
import { readAutoReply } from "./auto-reply.ts";

const AT = new Date("2026-11-24T10:00:00Z");
const read = async (text: string) => readAutoReply(await parseMail(Buffer.from(`From: Ann <ann@example.org>\n${text}`)), AT);

test("a sieve vacation reply is an absence until its date", async () => {
  const vacation =
    "Return-Path: <>\nAuto-Submitted: auto-replied (vacation)\nPrecedence: bulk\nX-Auto-Response-Suppress: All\nIn-Reply-To: <m1@our.example>\nSubject: Re: offer\n\nI am on holiday until 12 December.\n";
  expect(await read(vacation)).toMatchObject({ kind: "out_of_office", returnDate: "2026-12-12" });
});

test.each([
  "Automatic reply: your offer",
  "Out of Office: your offer",
  "Automatische Antwort: Angebot",
  "Abwesenheitsnotiz: Angebot",
  "Réponse automatique : votre offre",
  "Absence du bureau",
  "Respuesta automática: oferta",
  "Fuera de la oficina",
  "Risposta automatica: offerta",
  "Resposta automática: oferta",
  "Fora do escritório",
  "Automatisch antwoord: aanbod",
  "Afwezig: aanbod",
  "Autosvar: tilbud",
  "Frånvarande",
  "Automaattinen vastaus: tarjous",
  "Automatyczna odpowiedź: oferta",
  "Automatická odpověď: nabídka",
  "Automatikus válasz: ajánlat",
  "Otomatik yanıt: teklif",
  "Автоматический ответ: предложение",
  "Автоматична відповідь: пропозиція",
  "Răspuns automat: ofertă",
  "Αυτόματη απάντηση: προσφορά",
  "自動応答: お見積り",
  "自动答复: 报价",
  "자동 회신: 제안",
])("the subject %s is an automatic answer's", async (subject) => {
  expect(await read(`Subject: ${subject}\n\nhello`)).not.toBeNull();
});

test.each(["X-Autoreply: yes", "X-Autorespond: offer", "Precedence: auto_reply", "Auto-Submitted: auto-generated"])(
  "%s tells",
  async (header) => {
    expect(await read(`${header}\nSubject: Ticket 4711\n\nWe received your mail.`)).toMatchObject({ kind: "other", returnDate: null });
  },
);

test.each([
  "Precedence: bulk",
  "Precedence: list\nList-Id: <news.example>",
  "Auto-Submitted: no",
  "X-Auto-Response-Suppress: All",
  "X-Autoreply: no",
  "Return-Path: <>",
])("%s alone does not tell", async (header) => {
  expect(await read(`${header}\nSubject: Re: offer\n\nSounds good, call me.`)).toBeNull();
});

test("our own words about holidays, quoted in an answer, make no absence", async () => {
  const answer =
    "Auto-Submitted: auto-replied\nSubject: Ticket\n\nWe received your request.\n\n> are you out of the office until 12 December?\n";
  expect(await read(answer)).toMatchObject({ kind: "other", returnDate: null });
});

test.each([
  "Re: Absence management for Acme",
  "AW: Urlaubsplanung bei Acme",
  "Re: Automatic answers to your customers",
  "RE: Auto: leasing",
])("a person who answers our mail under the subject that we gave it, %s, is a person", async (subject) => {
  expect(await read(`In-Reply-To: <m1@our.example>\nSubject: ${subject}\n\nSounds good, call me.`)).toBeNull();
});

test("a robot that puts a reply mark before its own subject is known by its words", async () => {
  expect(await read("Subject: Re: Out of office\n\nI am on vacation until 12 December.")).toMatchObject({ kind: "out_of_office" });
  expect(await read("Subject: Re: Automatic reply\n\nThis is an automated response. We got your mail.")).toMatchObject({ kind: "other" });
});

test("a person who mentions an absence is a person", async () => {
  expect(await read("Subject: Re: offer\n\nI am out of the office until 12 December, let us talk then.")).toBeNull();
});

test("a read receipt and a notice of delay are automatic", async () => {
  const part = (type: string, fields: string) =>
    `Subject: x\nContent-Type: multipart/report; boundary=b\n\n--b\n\nI am out of office\n--b\nContent-Type: ${type}\n\n${fields}\n--b--\n`;
  expect(await read(part("message/disposition-notification", "Disposition: manual-action; displayed"))).toMatchObject({
    kind: "out_of_office",
  });
  const delay = part("message/delivery-status", "Final-Recipient: rfc822; a@example.org\nAction: delayed\nStatus: 4.4.1");
  expect(await read(delay)).toMatchObject({ kind: "other" });
});
