// Who lives in the sandbox, and what do they do with a mail? Everything is drawn from (seed, address), so a run can be repeated.
import { drawn } from "../core/chance.ts";
import { DAY, MINUTE, SECOND } from "../core/instant.ts";

/** How often each kind of person is met, in a hundred. Real campaigns meet more silence; a demonstration shows what there is. */
const PERSONAS = {
  says_yes: 12,
  asks_for_prices: 10,
  objects: 8,
  not_now: 8,
  declines: 8,
  opts_out: 9,
  out_of_office: 9,
  wrong_person: 5,
  refers: 5,
  /** The address is refused while it is named (RCPT TO). */
  refused: 4,
  /** The address is accepted, and a delivery report follows. */
  bounces: 5,
  silent: 17,
} as const;

export type Persona = keyof typeof PERSONAS;
export type Language = "en" | "de";
export type MailProgram = "gmail" | "iphone" | "outlook" | "thunderbird";

export interface Person {
  readonly address: string;
  /** Null for addresses such as info@. */
  readonly name: string | null;
  readonly persona: Persona;
  /** Which mail they answer: 1 for the first. */
  readonly answersMail: number;
  /** How long they take, in ms of domain time. */
  readonly delayMs: number;
  readonly language: Language;
  readonly program: MailProgram;
  /** In [0, 1): which of several texts they write. */
  readonly wording: number;
  /** Whether they write once more when they get another mail after their answer. */
  readonly writesAgain: boolean;
}

/** What somebody writes about. */
export type Topic = Exclude<Persona, "out_of_office" | "refused" | "bounces" | "silent"> | "says_thanks";

export type Reaction =
  | { readonly kind: "none" }
  | { readonly kind: "answer"; readonly topic: Topic; readonly afterMs: number }
  /** `days` is how long they are away, counted from the notice. */
  | { readonly kind: "absence_notice"; readonly days: number; readonly afterMs: number }
  | { readonly kind: "delivery_report"; readonly afterMs: number };

/** What a person has seen and done so far. */
export interface Acquaintance {
  /** Mails they got, with the one they react to. */
  readonly mails: number;
  /** Answers that reached the mailbox. */
  readonly answers: number;
  /** An answer is being written. */
  readonly answering: boolean;
}

/** Shared mailboxes: nobody's name. */
const NO_NAMES = new Set(["info", "contact", "kontakt", "office", "hello", "sales", "mail", "post"]);

/** The person behind an address. The same seed has the same people. `given` overrides what would be drawn. */
export function personAt(seed: number, address: string, given: Partial<Person> = {}): Person {
  const draw = (what: string) => drawn(seed, what, address.toLowerCase());
  return {
    address,
    name: nameIn(address),
    persona: weighted(PERSONAS, draw("inhabitant")),
    answersMail: weighted({ 1: 60, 2: 27, 3: 13 }, draw("which mail"), Number),
    delayMs: delay(draw("delay")),
    language: draw("language") < 0.25 ? "de" : "en",
    program: weighted({ gmail: 40, iphone: 20, outlook: 25, thunderbird: 15 }, draw("program")),
    wording: draw("wording"),
    writesAgain: draw("again") < 0.6,
    ...given,
  };
}

/** What the person does with the mail that they just got. Refusal comes before it: see `refusesMail`. */
export function reactionTo(person: Person, known: Acquaintance): Reaction {
  switch (person.persona) {
    case "refused":
    case "silent":
      return { kind: "none" };
    case "bounces":
      return { kind: "delivery_report", afterMs: 5 * SECOND + person.wording * MINUTE };
    case "out_of_office":
      // RFC 3834 §2 and §4: one notice for each sender, within seconds.
      return known.mails > 1 ? { kind: "none" } : { kind: "absence_notice", days: 3 + Math.floor(person.wording * 7), afterMs: 2 * SECOND };
    case "says_yes":
    case "asks_for_prices":
    case "objects":
    case "not_now":
    case "declines":
    case "opts_out":
    case "wrong_person":
    case "refers":
      return answer(person, person.persona, known);
    default:
      return person.persona satisfies never;
  }
}

export function refusesMail(person: Person): boolean {
  return person.persona === "refused";
}

function answer(person: Person, topic: Topic, { mails, answers, answering }: Acquaintance): Reaction {
  if (answering) return { kind: "none" };
  if (answers > 0) return secondAnswer(person, topic, answers);
  return mails < person.answersMail ? { kind: "none" } : { kind: "answer", topic, afterMs: person.delayMs };
}

/** Who agreed may say thanks; who asked for prices may agree. Everybody else has said what there was to say. */
function secondAnswer(person: Person, topic: Topic, answers: number): Reaction {
  if (answers > 1 || !person.writesAgain) return { kind: "none" };
  if (topic === "says_yes") return { kind: "answer", topic: "says_thanks", afterMs: person.delayMs };
  if (topic === "asks_for_prices") return { kind: "answer", topic: "says_yes", afterMs: person.delayMs };
  return { kind: "none" };
}

/** From four minutes to two days; half of all answer within three hours. */
function delay(chance: number): number {
  const [shortest, longest] = [4 * MINUTE, 2 * DAY];
  return Math.round(shortest * (longest / shortest) ** chance);
}

function weighted<Key extends string>(weights: Readonly<Record<Key, number>>, chance: number): Key;
function weighted<Key extends string, Value>(weights: Readonly<Record<Key, number>>, chance: number, read: (key: Key) => Value): Value;
function weighted<Key extends string>(
  weights: Readonly<Record<Key, number>>,
  chance: number,
  read: (key: Key) => unknown = String,
): unknown {
  const keys = Object.keys(weights) as Key[];
  let left = chance * keys.reduce((sum, key) => sum + weights[key], 0);
  const found = keys.find((key) => (left -= weights[key]) < 0) ?? keys.at(-1);
  return read(found as Key);
}

/** "sabine.krueger@" is Sabine Krueger, "m.hoffmann@" M. Hoffmann. */
function nameIn(address: string): string | null {
  const local = address.slice(0, address.lastIndexOf("@")).split("+")[0] ?? "";
  if (NO_NAMES.has(local.toLowerCase())) return null;
  const words = local.split(/[._-]/).filter((word) => word !== "");
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.length === 1 ? "." : word.slice(1)}`).join(" ");
}
