// How far did another tool come with a lead: which step it sent last, when, and how it ended there? One wrong answer writes to somebody twice, so what is not
// clear is refused.
import { DateTime } from "luxon";
import type { Instant } from "./instant.ts";
import { type LeadColumn, PROGRESS_FIELDS, type ProgressField } from "./lead-columns.ts";

/** What `03/04/2026` means. */
export type DayOrder = "day-first" | "month-first";

export interface ProgressRules {
  /** Names of the steps that the campaign sends, in order. */
  readonly steps: readonly string[];
  /** Of times that say none. */
  readonly zone: string;
  /** Null: where both orders are possible, the row is rejected. */
  readonly dayOrder: DayOrder | null;
  readonly now: Instant;
}

export interface LeadProgress {
  /** How many of the campaign's steps lie behind the lead. */
  readonly stepsSent: number;
  /** Null: the file does not say. */
  readonly sentAt: Instant | null;
  /** How it ended there; null while it goes on. */
  readonly ended: "replied" | "bounced" | "finished" | null;
  /** Of the last mail, for the follow-up to thread under; null unless both its Message-ID and its subject are known. */
  readonly mail: { readonly messageId: string; readonly subject: string } | null;
}

export type ProgressRead =
  | { readonly kind: "progress"; readonly progress: LeadProgress }
  /** No mail was sent to it: it begins at the beginning. */
  | { readonly kind: "untouched" }
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "rejected"; readonly code: ProgressRejection; readonly reason: string };

export type ProgressRejection = "step_unclear" | "date_unclear" | "date_ambiguous" | "date_in_future" | "progress_unclear";

type Ending = NonNullable<LeadProgress["ended"]> | "running" | "unsubscribed";

/** As tools and their users call them, without case, blanks and punctuation. */
const ENDINGS: ReadonlyMap<string, Ending> = new Map(
  Object.entries({
    replied: `replied reply answered responded hasreplied interested notinterested meetingbooked meetingcompleted outofoffice won lost closed
      positive negative neutral beantwortet geantwortet repondu respondido contestado risposto`,
    bounced: "bounced bounce hardbounced hardbounce emailbounced invalidemail undeliverable unzustellbar rebondi rebotado",
    unsubscribed: "unsubscribed unsubscribe optedout optout donotcontact complained spam abgemeldet desabonne",
    finished: "finished completed complete done sequencefinished sequencecompleted ended abgeschlossen beendet termine",
    running: `active running inprogress started sent delivered contacted emailed emailsent emailopened opened clicked emailclicked notreplied noreply
      pending notstarted scheduled waiting aktiv laufend kontaktiert encours`,
  } satisfies Record<Ending, string>).flatMap(([ending, words]) => words.split(/\s+/).map((word) => [word, ending as Ending] as const)),
);
const NO = new Set(["", "-", "–", "0", "false", "no", "n", "none", "null", "n/a", "nein", "non", "never"]);
const MAX_MESSAGE_ID = 250;
/** A mail whose day alone is known counts from the middle of it: delays are counted by the calendar. */
const NOON = 12;

/** Reads what the columns of another tool's export say of a lead. */
export function progressReader(columns: readonly LeadColumn[], rules: ProgressRules): (cells: readonly string[]) => ProgressRead {
  const at = (field: ProgressField) => columns.findIndex((column) => column.kind === "progress" && column.says === field);
  const places = new Map(PROGRESS_FIELDS.map((field) => [field, at(field)]));
  return (cells) => readProgress((field) => (cells[places.get(field) ?? -1] ?? "").trim(), rules);
}

function readProgress(cell: (field: ProgressField) => string, rules: ProgressRules): ProgressRead {
  const ended = endingOf(cell);
  if (ended === null) return rejected("progress_unclear", `“${shown(cell("progress"))}” does not say how the lead stands.`);
  if (ended === "unsubscribed") return { kind: "unsubscribed" };
  const stepsSent = stepsIn(cell("last_step"), rules.steps);
  if (stepsSent === null) return rejected("step_unclear", `“${shown(cell("last_step"))}” is neither the number nor the name of a step.`);
  const sent = readInstant(cell("last_sent_at"), rules);
  if (sent.kind === "rejected") return sent;
  if (ended === "running" && stepsSent === 0 && sent.at === null) return { kind: "untouched" };
  if (ended === "running" && stepsSent === 0)
    return rejected("step_unclear", "A mail was sent, and no column says which step it was; the first would go out again.");
  return { kind: "progress", progress: { stepsSent, sentAt: sent.at, ended: ended === "running" ? null : ended, mail: mailOf(cell) } };
}

function rejected(code: ProgressRejection, reason: string): ProgressRead & { kind: "rejected" } {
  return { kind: "rejected", code, reason };
}

function shown(text: string): string {
  return text.slice(0, 40).toWellFormed();
}

/** What ends more goes first. Null: words that nobody knows. */
function endingOf(cell: (field: ProgressField) => string): Ending | null {
  const words = cell("progress");
  const said =
    words === ""
      ? "running"
      : (ENDINGS.get(
          words
            .toLowerCase()
            .normalize("NFKD")
            .replace(/[^\p{L}\p{N}]/gu, ""),
        ) ?? null);
  if (said === "unsubscribed") return said;
  const says = (field: ProgressField) => !NO.has(cell(field).toLowerCase());
  if (says("bounced")) return "bounced";
  return says("replied") ? "replied" : said;
}

/** `2`, `Step 2`, `2 of 4`, or the step's name; nothing and 0 for none. A number beyond the sequence means all of it. */
function stepsIn(text: string, steps: readonly string[]): number | null {
  if (text === "" || text === "-") return 0;
  const named = steps.findIndex((step) => step.toLowerCase() === text.toLowerCase());
  if (named >= 0) return named + 1;
  const number =
    /^(?:(?:step|email|mail|e-mail|schritt|étape|etape|paso)\s*#?\s*)?(\d{1,4})(?:\.0)?(?:\s*(?:\/|of|von|de)\s*\d{1,4})?$/i.exec(
      text,
    )?.[1];
  return number === undefined ? null : Math.min(Number(number), steps.length);
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?$/;
const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]m)?)?$/i;
const NAMED = ["LLL d, yyyy", "LLLL d, yyyy", "d LLL yyyy", "d LLLL yyyy"].flatMap((day) =>
  ["", " HH:mm", " HH:mm:ss", " h:mm a", ", HH:mm", ", h:mm a"].map((time) => day + time),
);

type InstantRead = { readonly kind: "at"; readonly at: Instant | null } | (ProgressRead & { kind: "rejected" });

function readInstant(text: string, rules: ProgressRules): InstantRead {
  if (NO.has(text.toLowerCase())) return { kind: "at", at: null };
  const written = writtenTime(text, rules);
  if (written === "ambiguous") {
    return rejected("date_ambiguous", `“${shown(text)}” may be two days; say whether the day or the month comes first.`);
  }
  if (!written?.time.isValid)
    return rejected("date_unclear", `“${shown(text)}” is no date that can be read; write it as 2026-03-14 09:30.`);
  const { time, isDay } = written;
  const at = isDay ? time.set({ hour: NOON }) : time;
  if (at.toMillis() <= rules.now.getTime()) return { kind: "at", at: at.toJSDate() };
  // today, before noon: the mail has gone out, at some time before now
  if (isDay && time.toMillis() <= rules.now.getTime()) return { kind: "at", at: rules.now };
  return rejected("date_in_future", `“${shown(text)}” has not come yet.`);
}

function writtenTime(text: string, { zone, dayOrder }: ProgressRules): { time: DateTime; isDay: boolean } | "ambiguous" | null {
  if (ISO.test(text)) {
    const iso = text
      .replace(" ", "T")
      .replace(/\s*UTC$/, "Z")
      .replace(/\s+/g, "");
    return { time: DateTime.fromISO(iso, { zone }), isDay: iso.length === "2026-03-14".length };
  }
  const numeric = NUMERIC.exec(text);
  if (!numeric) {
    const time = NAMED.map((format) => DateTime.fromFormat(text, format, { zone, locale: "en" })).find((one) => one.isValid);
    return time ? { time, isDay: !text.includes(":") } : null;
  }
  const [, first, mark, second, year, hour, minute, half] = numeric;
  const order = orderOf(Number(first), Number(second), mark === "." ? "day-first" : dayOrder);
  if (order === null) return "ambiguous";
  const [day, month] = order === "day-first" ? [first, second] : [second, first];
  const clock = hour === undefined ? { hour: 0 } : { hour: hourOf(Number(hour), half), minute: Number(minute) };
  return {
    time: DateTime.fromObject({ year: Number(year), month: Number(month), day: Number(day), ...clock }, { zone }),
    isDay: hour === undefined,
  };
}

/** A number above 12 is no month, whatever was said; where both could be either, somebody must say. */
function orderOf(first: number, second: number, said: DayOrder | null): DayOrder | null {
  if (first > 12) return "day-first";
  if (second > 12) return "month-first";
  return first === second ? "day-first" : said;
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}

function mailOf(cell: (field: ProgressField) => string): LeadProgress["mail"] {
  const [messageId, subject] = [
    cell("message_id"),
    cell("message_subject")
      .replace(/[\s\p{Cc}]+/gu, " ")
      .toWellFormed(),
  ];
  const bracketed = messageId.startsWith("<") ? messageId : `<${messageId}>`;
  if (subject === "" || bracketed.length > MAX_MESSAGE_ID || !/^<[!-;=?A-~]+@[!-;=?A-~]+>$/.test(bracketed)) return null;
  return { messageId: bracketed, subject };
}
