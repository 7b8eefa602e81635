// Until when is this person away? A robust reading of the common ways to say so in seven languages; null rather than a guess.
import { DAY, type Instant } from "./instant.ts";
import { anyOf } from "./phrases.ts";

/** Further away than this it is more likely a misreading (a date of birth, a contract, a year of founding). */
const MAX_AHEAD = 180 * DAY;
const MAX_TEXT = 4_000;

const MONTHS: readonly (readonly string[])[] = [
  ["january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "janeiro", "gennaio", "gen", "januari"],
  ["february", "feb", "februar", "février", "fevrier", "févr", "fevr", "febrero", "fevereiro", "fev", "febbraio", "februari"],
  ["march", "mar", "märz", "maerz", "mrz", "mars", "marzo", "março", "marco", "maart", "mrt"],
  ["april", "apr", "avril", "avr", "abril", "abr", "aprile"],
  ["may", "mai", "mayo", "maio", "maggio", "mag", "mei"],
  ["june", "jun", "juni", "juin", "junio", "junho", "giugno", "giu"],
  ["july", "jul", "juli", "juillet", "juil", "julio", "julho", "luglio", "lug"],
  ["august", "aug", "août", "aout", "agosto", "ago", "augustus"],
  ["september", "sep", "sept", "septembre", "septiembre", "setembro", "set", "settembre"],
  ["october", "oct", "oktober", "okt", "octobre", "octubre", "outubro", "out", "ottobre", "ott"],
  ["november", "nov", "novembre", "noviembre", "novembro"],
  ["december", "dec", "dezember", "dez", "décembre", "déc", "decembre", "diciembre", "dic", "dezembro", "dicembre"],
];
const MONTH_NUMBER = new Map(MONTHS.flatMap((names, month) => names.map((name) => [name, month + 1] as const)));
const MONTH = `(${[...MONTH_NUMBER.keys()].sort((a, b) => b.length - a.length).join("|")})`;
const DAY_OF_MONTH = "(\\d{1,2})(?:st|nd|rd|th|er|º|°|\\.)?";
const YEAR = "(?:[ ,]{0,3}(?:de |del |of )?(\\d{4}|'?\\d{2}(?![\\d:.])))?";

interface Form {
  readonly pattern: RegExp;
  /** Which capture holds what; null means to be inferred. */
  readonly read: (match: RegExpExecArray) => CalendarDate | null;
}
interface CalendarDate {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/** Written dates as they stand at the head of a text, most specific first. Anchored, so each costs a bounded number of steps. */
const FORMS: readonly Form[] = [
  { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/, read: (m) => dateOf(m[1], m[2], m[3]) },
  { pattern: /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)/, read: (m) => dateOf(m[1], m[2], m[3]) },
  {
    pattern: new RegExp(`^${DAY_OF_MONTH} ?(?:of |de |d'|-|/)?${MONTH}(?![\\p{L}])\\.?-?${YEAR}`, "u"),
    read: (m) => named(m[3], m[2], m[1]),
  },
  { pattern: new RegExp(`^${MONTH}(?![\\p{L}])\\.? ?(?:the )?${DAY_OF_MONTH}(?!\\d)${YEAR}`, "u"), read: (m) => named(m[3], m[1], m[2]) },
  { pattern: /^(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4}|\d{2}(?!\d|:))?(?!\d)/, read: (m) => dateOf(m[3], m[2], m[1]) },
  { pattern: /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?(?!\d)/, read: slashed },
];

/** Words after which a date says when the absence ends. "Until" means the last day away or the first day back; the date is taken as written. */
const LEAD_IN = new RegExp(
  `(?:${
    anyOf(
      String.raw`
        until|till|til|through|thru|to|back|return(?:ing)?|resum\p{L}{1,5}|available
        bis|zur[uü]ck|wieder|erreichbar
        jusqu['a-zàâ]{0,6}|retour|absente?|revien\p{L}{1,4}|serai|au
        hasta|al|regres\p{L}{1,4}|vuelv\p{L}{1,3}|vuelta
        at[eé]|ao?|à|retorn\p{L}{1,4}|volt\p{L}{1,4}
        fino|sino|rientr\p{L}{1,4}|torn\p{L}{1,4}
        tot|terug|weer|t/m
        ab|vanaf|à partir|a partir|as of
      `,
      "",
      String.raw`(?<![\p{L}\d])`,
    ).source
  }|[-–—](?= ?\\d{1,2}(?:[./]|\\.? \\p{L})| \\d{4}-| ?\\p{L}))(?![\\p{L}])`,
  "gu",
);

/** Words that may stand between the lead-in and the date. */
const FILLER = new RegExp(
  `^(?:[ ,:(]|\\.(?=[ ,])|-feira|${
    anyOf(
      String.raw`
        on|in|at|the|from|and|including|inclusive|day|of|office|work|to|until|again|i|will|be|back|available
        zum|und|mit|einschlie(?:ß|ss)lich|inklusive|inkl|am|ab|dem|den|der|im|b[uü]ro|wieder|erreichbar|bis
        au|le|du|de|bureau|inclus|sera
        el|d[ií]a|al|la|oficina|trabajo|disponible
        o|ao|escrit[oó]rio|no|em|e|est[aá]r\w{0,4}
        il|giorno|ufficio|a|partire|dal
        op|met|en|vanaf|kantoor
        mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?
        montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so
        lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
        lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo
        segunda|ter[cç]a|quarta|quinta|sexta|feira
        luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica
        maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag
      `,
      "",
      String.raw`(?<![\p{L}])`,
    ).source
  }(?![\\p{L}]))+`,
  "u",
);

/** Whole words are looked for only this far behind the lead-in. */
const MAX_FILLER = 60;

/**
 * The day of return, YYYY-MM-DD, that an out-of-office text names: the latest of the dates that follow a word of ending ("until 12 December",
 * "bis zum 12.12.", "3/3 - 14/3", "back on Monday, 3 March"), if it lies after `receivedAt` (UTC day) and at most 180 days ahead. Dates
 * without a year are the next ones. A date such as 03/04 that can be read in two ways is read day first, unless only the other lies ahead.
 */
export function returnDateIn(text: string, receivedAt: Instant): string | null {
  const said = text.slice(0, MAX_TEXT).toLowerCase().replace(/\s+/g, " ");
  let best: string | null = null;
  for (const lead of said.matchAll(LEAD_IN)) {
    const found = dateAfter(said, lead.index + lead[0].length, receivedAt);
    if (found !== null && (best === null || found > best)) best = found;
  }
  return best;
}

function dateAfter(said: string, at: number, receivedAt: Instant): string | null {
  const filler = FILLER.exec(said.slice(at, at + MAX_FILLER))?.[0] ?? "";
  const rest = said.slice(at + filler.length, at + filler.length + 40);
  for (const form of FORMS) {
    const match = form.pattern.exec(rest);
    if (!match) continue;
    for (const reading of readings(form.read(match), match)) {
      const day = ahead(reading, receivedAt);
      if (day !== null) return day;
    }
    return null;
  }
  return null;
}

/** 03/04 may be the third of April or the fourth of March. */
function readings(date: CalendarDate | null, match: RegExpExecArray): readonly CalendarDate[] {
  if (date === null) return [];
  const ambiguous = /^\d{1,2}[/-]\d{1,2}/.test(match[0]) && date.day <= 12 && date.month <= 12;
  return ambiguous ? [date, { ...date, month: date.day, day: date.month }] : [date];
}

function slashed(match: RegExpExecArray): CalendarDate | null {
  const first = Number(match[1]);
  const second = Number(match[2]);
  return second > 12 && first <= 12 ? dateOf(match[3], match[1], match[2]) : dateOf(match[3], match[2], match[1]);
}

function named(year: string | undefined, month: string | undefined, day: string | undefined): CalendarDate | null {
  return dateOf(year?.replace("'", ""), String(MONTH_NUMBER.get(month ?? "") ?? 0), day);
}

function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): CalendarDate | null {
  const date = { year: year ? Number(year) : null, month: Number(month), day: Number(day) };
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return null;
  return { ...date, year: date.year !== null && date.year < 100 ? 2000 + date.year : date.year };
}

/** The date as YYYY-MM-DD if it lies ahead and within reach; without a year this year's, else next year's. */
function ahead(date: CalendarDate, receivedAt: Instant): string | null {
  const thisYear = receivedAt.getUTCFullYear();
  for (const year of date.year === null ? [thisYear, thisYear + 1] : [date.year]) {
    const day = new Date(Date.UTC(year, date.month - 1, date.day));
    const distance = day.getTime() - receivedAt.getTime();
    if (day.getUTCDate() === date.day && distance > 0 && distance <= MAX_AHEAD) return day.toISOString().slice(0, 10);
  }
  return null;
}
