// What do the people of the sandbox write? Whole sentences by hand, several for each topic, in English and German.
import type { Language, Person, Topic } from "./people.ts";

type Wordings = Readonly<Record<Language, readonly [string, ...string[]]>>;

const WORDS: Readonly<Record<Topic, Wordings>> = {
  says_yes: {
    en: [
      "Yes, this sounds interesting. Could we talk on the phone next week? Thursday afternoon would suit me.",
      "That is exactly our problem at the moment. I would like to see it. When do you have time?",
      "Good timing, we were just talking about this. Let's set up a call, any day after 2 pm works for me.",
    ],
    de: [
      "Ja, das klingt interessant. Können wir nächste Woche telefonieren? Donnerstagnachmittag passt mir gut.",
      "Das ist genau unser Thema. Ich würde mir das gerne ansehen, wann haben Sie Zeit?",
    ],
  },
  asks_for_prices: {
    en: [
      "How much does it cost, and how long is the contract?",
      "Could you send me some more information and a price list? I would like to look at it before we talk.",
      "What would this cost for all of our shops? And do the staff need an app?",
    ],
    de: [
      "Was kostet das denn im Monat, und wie lange bindet man sich?",
      "Können Sie mir bitte nähere Informationen und die Preise schicken?",
    ],
  },
  objects: {
    en: [
      "We already use a spreadsheet for this and it does the job. I don't see what a tool would add.",
      "Honestly, my people will not type anything into a phone during the morning rush. We tried that once and it did not work.",
      "That is probably too expensive for a bakery of our size. We have no budget for software like this.",
    ],
    de: [
      "Wir haben dafür bereits eine Lösung und sind damit zufrieden. Warum sollten wir wechseln?",
      "Ich glaube nicht, dass sich das bei uns lohnt. Das ist uns zu teuer und zu aufwendig.",
    ],
  },
  not_now: {
    en: [
      "Not a good time, we are in the middle of a renovation. Please get back to me in a few months.",
      "This is not a priority right now. Maybe try me again after the summer.",
      "We are too busy at the moment, but do ask again next quarter.",
    ],
    de: [
      "Im Moment passt es leider nicht, wir bauen gerade um. Melden Sie sich gerne in ein paar Monaten wieder.",
      "Aktuell haben wir dafür keine Zeit. Bitte fragen Sie im Herbst noch einmal nach.",
    ],
  },
  declines: {
    en: [
      "Thanks, but we are not interested.",
      "No thank you, this is nothing for us.",
      "I'll pass. We have no need for this. Good luck with it.",
    ],
    de: ["Vielen Dank, aber wir haben kein Interesse.", "Nein danke, das ist nichts für uns."],
  },
  opts_out: {
    en: ["Please remove me from your list.", "STOP", "Stop emailing me, please. Take my address off your mailing list."],
    de: ["Bitte nehmen Sie mich aus Ihrem Verteiler.", "Bitte schreiben Sie mir keine weiteren E-Mails und löschen Sie meine Adresse."],
  },
  wrong_person: {
    en: [
      "I think you have the wrong person, I have nothing to do with repairs.",
      "I am not the right person for this. I work in accounting.",
    ],
    de: ["Da sind Sie bei mir falsch, ich bin dafür nicht zuständig."],
  },
  refers: {
    en: [
      "Please contact my colleague Julia Brandt about this, she is in charge of it: julia.brandt@{domain}",
      "I don't look after this, Tom Reuter does. You can reach him at tom.reuter@{domain}.",
    ],
    de: ["Bitte wenden Sie sich an meine Kollegin Julia Brandt, sie kümmert sich darum: julia.brandt@{domain}"],
  },
  says_thanks: {
    en: ["Thanks, that works for me. Talk to you then.", "Perfect, thank you. Looking forward to it."],
    de: ["Danke, das passt mir gut. Bis dann!"],
  },
};

interface Absence {
  readonly subject: string;
  readonly text: string;
}

/** What a person writes about something, without greeting and signature. */
export function wordsAbout(topic: Topic, person: Person): string {
  return chosen(WORDS[topic][person.language], person.wording).replaceAll("{domain}", domainOf(person));
}

/** What their vacation responder says. @param back the first day in the office, written out */
export function absenceWords(person: Person, subject: string, back: string): Absence {
  const domain = domainOf(person);
  if (person.language === "de")
    return {
      subject: `Automatische Antwort: ${subject}`,
      text: `Vielen Dank für Ihre Nachricht.\n\nIch bin zurzeit nicht im Büro und ab ${back} wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an office@${domain}.`,
    };
  return {
    subject: `Automatic reply: ${subject}`,
    text: `Thank you for your message.\n\nI am out of the office and will be back on ${back}. I have limited access to my email until then. For anything urgent please write to office@${domain}.`,
  };
}

function chosen(words: readonly [string, ...string[]], chance: number): string {
  return words[Math.floor(chance * words.length)] ?? words[0];
}

function domainOf({ address }: Person): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
