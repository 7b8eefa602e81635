// How does a mail say that one can opt out? In the recipient's language where we know it, else in English.

interface Words {
  /** On the link. */
  readonly unsubscribe: string;
  /** Where there is no link. `STOP` stays as it is in every language: it is what unsubscribe requests are recognized by. */
  readonly replyStop: string;
}

const ENGLISH: Words = { unsubscribe: "Unsubscribe", replyStop: "If you would rather not hear from me, reply STOP." };
const WORDS: Readonly<Record<string, Words>> = {
  en: ENGLISH,
  de: { unsubscribe: "Abmelden", replyStop: "Wenn Sie nichts mehr von mir hören möchten, antworten Sie mit STOP." },
  fr: { unsubscribe: "Se désinscrire", replyStop: "Si vous préférez ne plus recevoir mes messages, répondez STOP." },
  es: { unsubscribe: "Darse de baja", replyStop: "Si prefiere no recibir más mensajes míos, responda STOP." },
  pt: { unsubscribe: "Cancelar inscrição", replyStop: "Se preferir não receber mais mensagens minhas, responda STOP." },
  it: { unsubscribe: "Annulla iscrizione", replyStop: "Se preferisce non ricevere altri miei messaggi, risponda STOP." },
  nl: { unsubscribe: "Afmelden", replyStop: "Als u liever niets meer van mij hoort, antwoord dan STOP." },
};

/** @param language `de`, `de-AT`, `pt_BR` in any case of letters; anything else is English */
export function optOutWords(language: string | null): Words {
  const [code = ""] = (language ?? "").trim().toLowerCase().split(/[-_]/, 1);
  return Object.hasOwn(WORDS, code) ? (WORDS[code] ?? ENGLISH) : ENGLISH;
}
