import fc from "fast-check";
import { expect, test } from "vitest";
import { unsubscribeRequest } from "./unsubscribe-request.ts";
import { visibleReply } from "./visible-reply.ts";

const SUBJECT = "Re: Stop losing leads";
const ask = (newText: string, subject = SUBJECT) => unsubscribeRequest({ newText, subject });

/** Requests, each a whole reply; those of several words also stand in the middle of a letter. */
const REQUESTS = [
  "STOP",
  "stop.",
  "Stop please",
  "Unsubscribe",
  "unsubscribe me",
  "Please unsubscribe",
  "please unsubscribe me from this list",
  "UNSUBSCRIBE!!!",
  "Remove me",
  "Remove me from your list",
  "Please remove me from your mailing list.",
  "Kindly take me off your list",
  "take us off this list please",
  "Not interested. Please remove me.",
  "Not interested, unsubscribe",
  "No thanks, please take me off your list",
  "Stop emailing me",
  "Stop contacting us!",
  "please stop sending me these emails",
  "Do not contact me again",
  "Please don't email me anymore.",
  "don't contact us.",
  "No more emails please",
  "I no longer wish to receive these emails",
  "I don't want to receive any more emails from you",
  "I would like to be removed from your database",
  "I want to unsubscribe",
  "How do I unsubscribe?",
  "How can I unsubscribe from your emails?",
  "Could you please remove my email address from your database?",
  "Please delete my data",
  "please delete my data under GDPR",
  "Opt out",
  "opt me out please",
  "Leave me alone",
  "We are not interested and would appreciate it if you could remove us from your list.",
  "Hi Bob, please remove me from\nyour mailing\nlist. Thanks",
  "Hi,\nremove me\nthanks",
  "Cease and desist",
  "I withdraw my consent",
  "please refrain from contacting me",
  "Stop spamming me",
  "Can you stop mailing me?",
  "Please remove info@acme.example from your list",
  "Please do not send me any further emails",
  "Bitte keine weiteren Mails",
  "Bitte keine weiteren E-Mails mehr.",
  "Keine Mails mehr!",
  "Nehmen Sie mich aus dem Verteiler",
  "Bitte nehmen Sie mich aus Ihrem Verteiler.",
  "nehmen sie uns bitte aus ihrem E-Mail-Verteiler",
  "Bitte aus dem Verteiler nehmen",
  "Bitte löschen Sie meine Daten.",
  "Löschen Sie bitte meine E-Mail-Adresse aus Ihrer Datenbank",
  "Bitte entfernen Sie mich von Ihrer Liste",
  "Tragen Sie mich bitte aus",
  "Melden Sie mich bitte ab",
  "Abmelden",
  "Bitte abmelden",
  "Schicken Sie mir keine E-Mails mehr",
  "Bitte schreiben Sie mir nicht mehr",
  "Kontaktieren Sie mich bitte nicht mehr",
  "Ich möchte keine weiteren Mails erhalten",
  "Ich möchte nicht mehr kontaktiert werden",
  "Hiermit widerspreche ich der Nutzung meiner Daten",
  "Bitte sehen Sie von weiteren Kontaktaufnahmen ab",
  "Lassen Sie mich in Ruhe",
  "Kein Interesse, bitte aus dem Verteiler löschen",
  "Bitte nicht mehr kontaktieren",
  "Bitte keine weitere Werbung",
  "Bitte streichen Sie mich aus Ihrer Liste",
  "Stopp",
  "Désabonnez-moi",
  "Désinscription",
  "Merci de me désinscrire de votre liste",
  "Merci de ne plus me contacter",
  "Veuillez me retirer de votre liste de diffusion",
  "Veuillez supprimer mon adresse",
  "Ne me contactez plus",
  "Je ne souhaite plus recevoir vos mails",
  "Je ne veux plus recevoir de mails de votre part",
  "Arrêtez de m'écrire",
  "Cessez de m'envoyer des mails",
  "Retirez-moi de votre liste svp",
  "Plus de mails svp",
  "Merci de bien vouloir supprimer mes coordonnées",
  "STOP svp",
  "Pouvez-vous me désabonner ?",
  "Prière de ne plus nous solliciter",
  "Nous ne souhaitons plus être contactés",
  "Baja",
  "Por favor, denme de baja",
  "Quiero darme de baja",
  "Dar de baja por favor",
  "Elimínenme de su lista",
  "Por favor elimine mi correo de su lista",
  "No me envíen más correos",
  "No me contacten más",
  "Deje de enviarme correos",
  "No deseo recibir más correos",
  "No quiero recibir más mensajes",
  "Bórreme de su base de datos por favor",
  "Sáquenme de la lista",
  "No más correos por favor",
  "Solicito que eliminen mis datos",
  "No me escriba más",
  "Cancelar suscripción",
  "Descadastrar",
  "Por favor, remova meu e-mail da sua lista",
  "Remova-me da lista",
  "Não me envie mais e-mails",
  "Não quero receber mais e-mails",
  "Parem de me enviar emails",
  "Me tire da sua lista",
  "Retire o meu email da vossa lista",
  "Não desejo receber mensagens",
  "Por favor, não me contactem mais",
  "Quero cancelar a inscrição",
  "Por favor me descadastre",
  "Exclua meu contato da base",
  "Cancelar inscrição",
  "Chega de emails",
  "Disiscrivimi",
  "Cancellatemi dalla lista",
  "Per favore rimuovetemi dalla vostra mailing list",
  "Non contattatemi più",
  "Non mi scriva più",
  "Non desidero ricevere altre email",
  "Non voglio più ricevere email",
  "Smettetela di scrivermi",
  "Vi prego di cancellare il mio indirizzo",
  "Si prega di rimuovere la mia mail",
  "Basta mail",
  "Toglietemi dalla lista",
  "Rimuovimi",
  "Non inviatemi più mail",
  "Vi prego di eliminare i miei dati",
  "Cancellazione",
  "Afmelden",
  "Uitschrijven",
  "Schrijf mij uit",
  "Graag uitschrijven",
  "Haal me van de lijst",
  "Haal mij aub uit uw bestand",
  "Verwijder mij uit uw mailinglijst",
  "Geen mails meer aub",
  "Stuur me geen mails meer",
  "Stop met mailen",
  "Neem geen contact meer op",
  "Mail me niet meer",
  "Ik wil geen mails meer ontvangen",
  "Ik wil niet meer benaderd worden",
  "Gelieve mij uit te schrijven",
  "Kunt u mij uitschrijven",
  "Verwijder mijn gegevens",
];
const NO_REQUESTS = [
  "Not interested",
  "We are not interested.",
  "I don't want to stop our conversation",
  "How do I unsubscribe my users from your tool?",
  "No thanks",
  "Can we unsubscribe at any time?",
  "Please don't remove me from the list",
  "Don't stop emailing me",
  "Our unsubscribe rate is 2 %",
  "We want to stop using our current vendor",
  "Stop by our office on Tuesday",
  "I can't stop thinking about this",
  "Please remove the second item from the quote",
  "Does your tool handle opt-out requests?",
  "How does your tool handle unsubscribe links?",
  "Let's stop here and talk on Monday",
  "Please contact me next week",
  "Don't contact me before Monday",
  "Please do not email me at this address but at ann@new.example",
  "Could you send me the list?",
  "We removed the old tool from our stack",
  "Can you delete duplicates in the CRM?",
  "please send no more than three slides",
  "I will take you off hold",
  "I have no more questions",
  "Do you offer unsubscribe management?",
  "The trial can be cancelled? ok",
  "Take me off guard",
  "Remove the blocker and we can talk",
  "We unsubscribed from HubSpot last year",
  "Kein Interesse",
  "Nein danke",
  "Bitte keine Sorge",
  "Keine weiteren Fragen",
  "Bitte nehmen Sie mich in den Verteiler auf",
  "Wie kann man Kunden abmelden?",
  "Ich melde mich nächste Woche",
  "Bitte löschen Sie den Termin am Montag",
  "Wir haben keine Mails erhalten",
  "Bitte schreiben Sie mir mehr",
  "Nehmen Sie bitte Kontakt auf",
  "Pas intéressé",
  "Non merci",
  "Ne pas hésiter à me contacter",
  "N'hésitez pas à me recontacter",
  "Pouvez-vous m'envoyer plus d'informations ?",
  "Je veux plus de détails",
  "Comment désabonner nos clients ?",
  "Merci de me contacter lundi",
  "No me interesa",
  "No gracias",
  "Quiero darme de baja de mi proveedor actual y contratar con ustedes",
  "Me gustaría recibir más información",
  "No me han enviado el correo",
  "Envíenme más información",
  "No dude en contactarme",
  "Não tenho interesse",
  "Não obrigado",
  "Quero receber mais informações",
  "Não hesite em contactar-me",
  "Envie mais detalhes por email",
  "Pode me enviar a lista?",
  "Non sono interessato",
  "No grazie",
  "Vorrei ricevere altre informazioni",
  "Non esitate a contattarmi",
  "Mi mandi più dettagli",
  "Non mi ha scritto nessuno",
  "Geen interesse",
  "Nee bedankt",
  "Stuur me meer informatie",
  "Ik wil graag meer informatie ontvangen",
  "Schrijf me maandag",
  "Neem contact met me op",
  "Mail me de prijslijst",
  "We gebruiken geen mailing tool meer dan nodig",
  "It's not that we don't want to hear from you, but the team in Berlin decides",
  "The program removes it from the list",
  "Thanks for your interest in our unsubscribe feature",
];

test.each(REQUESTS)("%s asks to stop", (words) => {
  expect(words).toContain(ask(words)?.evidence);
});

test.each(REQUESTS.filter((words) => words.split(/\s/).length >= 3))("%s asks so in a letter, too", (words) => {
  const letter = `Hello Bob,\n\nthank you for your mail of last week, which I read. ${words}\n\nBest regards\nAnn`;
  expect(letter).toContain(ask(letter)?.evidence);
});

test.each(NO_REQUESTS)("%s does not", (words) => {
  expect(ask(words)).toBeNull();
});

test.each(["unsubscribe", "Unsubscribe me", "STOP", "Abmelden", "unsubscribe from newsletter", "unsubscribe a1B2c3D4e5F6g7H8i9J0k1L2m3"])(
  "the subject %s is a request of its own",
  (subject) => {
    expect(ask("", subject)).toMatchObject({ rule: "subject", evidence: subject });
  },
);

test.each(["Re: unsubscribe", "AW: Stop", "Stop losing leads", "How to unsubscribe users", "Your list", ""])(
  "the subject %j is none",
  (subject) => {
    expect(ask("Thanks, noted.", subject)).toBeNull();
  },
);

test("our own footer, quoted below an answer, asks nothing", () => {
  const text = "Thanks, I will read it.\n\nAm 24.11.2026 um 10:00 schrieb Bob <bob@our.example>:\n> Angebot\n> Unsubscribe\n> STOP";
  expect(ask(visibleReply({ text, html: null }))).toBeNull();
});

test("the word in the footer of a long letter is the writer's own", () => {
  const letter = `${"We met at the fair and spoke about the machines that you make. ".repeat(8)}\n\nAcme Ltd\nUnsubscribe`;
  expect(ask(letter)).toBeNull();
  expect(ask(`Unsubscribe\n\n${letter}`)).not.toBeNull();
});

test("whatever stands in a reply: an answer, with evidence that is part of it", () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...REQUESTS, ...NO_REQUESTS), fc.string({ unit: "grapheme", maxLength: 30 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(text, fc.string(), (parts, subject) => {
      const newText = parts.join(" ");
      const found = ask(newText, subject);
      expect(found === null || newText.includes(found.evidence) || subject.includes(found.evidence)).toBe(true);
    }),
  );
});

/** Processor time, not the clock: other tests run beside this one. */
function cost(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1e6;
}

test.each(["please ", "remove ", "i don't want to ", "no, ", "elimine mi ", "stop stop\n", ",", " ", "("])(
  "half a megabyte of %j costs little",
  (part) => {
    expect(cost(() => ask(part.repeat(Math.ceil(500_000 / part.length)), part.repeat(1_000)))).toBeLessThan(2);
  },
);
