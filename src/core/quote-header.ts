// Where does a mail that somebody answers begin? "On … wrote:", a block of headers, "Original Message": in the words of many programs.
import { anyOf } from "./phrases.ts";

export interface QuoteHeader {
  /** After an attribution the quoted lines may carry `>` and answers may follow; after the rest everything below is the old mail. */
  readonly kind: "attribution" | "old_mail";
  /** How many lines it takes. */
  readonly lines: number;
  /** What the person wrote on its first line, in front of it. */
  readonly before: string;
}

/** An attribution broken by its program: four line breaks are the most we have seen. */
const MAX_BROKEN = 6;
const MAX_ATTRIBUTION = 500;
const MAX_LINE = 1_000;
/** Lines of a header block that are looked at: long recipient lists are wrapped. */
const MAX_BLOCK = 14;

const WROTE = new RegExp(
  `(?:${
    anyOf(
      String.raw`
        wrote|writes|said|sent
        schrieb(?:en)?|schreibt|geschrieben
        (?:a |à )?[ée]crit
        escribi[oó]|escribe
        escreveu|escreve
        ha scritto|scrisse|scrive
        schreef|schrijft|geschreven
        skrev|skriver|skrifaði
        kirjoitti
        napisał(?:a|\(a\))?|pisze
        napsal(?:a|\(a\))?
        nap[ií]sal(?:a|\(a\))?
        je napisa[ol]?(?:l|la|\(la\))?(?:/la)?
        написал(?:а|\(а\))?|писал(?:а|\(а\))?|пишет
        написав(?:ла|\(ла\))?|пише|написа
        ezt írta|írta
        a scris
        şunu yazdı|şunları yazdı|yazdı
        έγραψε
        đã viết
        menulis
        kirjutas|rakstīja|rašė|parašė
      `,
      "",
      String.raw`(?<![\p{L}\d])`,
    ).source
  })(?![\\p{L}])|写道|寫道|撰写|書きました|のメール|のメッセージ|님이 (?:작성|쓴|쓰셨)|작성:|כתב|كتب|เขียน`,
  "iu",
);
const EMAIL = /[^\s<>"()]{1,90}@[^\s<>"()]{2,90}/u;
const CLOCK_TIME = /(?<!\d)\d{1,2} ?(?:[:.h]|：) ?\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b|\d{1,2}[点時시]/iu;
const FULL_DATE =
  /(?<!\d)(?:\d{1,2}(?!\d).{0,24}?(?<!\d)(?:19|20)\d{2}(?!\d)|(?:19|20)\d{2}[-/.年년].{0,4}\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})/u;
/** A few words ("On Tue, Apr", "El jueves,", "W dniu"), then a number: how attributions begin. */
const DATE_FIRST = /^(?:[在于於]|\p{L}{1,14}[.,]{0,2} ?,? ){0,5}\(?\d{1,4}(?!\d)/u;
/** Only such a line may be the first of several: "We have 3 sites." above an attribution is the person's. */
const FIRST_OF_SEVERAL =
  /^(?:(?:on|at|am|le|el|em|il|in data|op|den|på|pe|w dniu|dnia|dne|dňa|vào|lúc|tarihinde|pada|a) |\p{L}{2,14}[.,] |\d{1,4}[-./ 年년]|[在于於])|[<@]/iu;
const STARTS_WITH_DATE =
  /^(?:\p{L}{2,14}[.,]{0,2} ){0,2}(?:\d{1,2}[:.]\d{2}\b|\d{4}[-/.年년]|\d{1,2}[-/. ](?:\d{1,2}|\p{L}{3,12})[-/. ,])/u;
const NAME_THEN_WROTE = /@[^\s<>"()]{2,90}(?:[>)\]]|&gt;|"){0,3}[ ,]{0,3}(?=\p{L})/u;
/** Gmail before 2015, and programs that put neither verb nor colon. */
const BARE_DATE_AND_SENDER =
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?(?: GMT ?[+-]\d{1,2}:?\d{2} .{1,120}| .{0,120}<[^<>\s]{1,90}@[^<>\s]{1,90}>):?$/u;
/** A sender in brackets and a colon, in any language; whoever writes that with a time introduces a mail. */
const SENDER_AND_COLON = /<[^<>\s]{1,90}@[^<>\s]{1,90}>[^\p{L}\d<>]{0,4}[:：]$/u;
/** Android: `---- Ann Smith wrote ----`, without a time. */
const DASHED_ATTRIBUTION = /^\s{0,8}-{2,8} ?.{1,80} (?:wrote|schrieb|escribió|a écrit|ha scritto|escreveu|schreef) ?:? ?-{2,8}\s{0,8}$/iu;
/** A From line that stands alone says no more than who is quoted. */
const LONE_FROM =
  /^[\s*]{0,8}(?:from|von|de|da|van|fra|från) ?\*{0,2}: ?\*{0,2}[^:@<>]{0,80}[<[(]?(?:mailto:)?[^\s<>@,;]{1,90}@[^\s<>@,;]{1,90}[>\])]{0,2}\s{0,8}$/iu;
/** Where an attribution may begin behind the answer, on the same line. */
const BEHIND_THE_ANSWER = /(?:\s|-{2,4}\s?)(?=(?:On|Am|Le|El|Em|Il|Op|Den) (?:\p{L}{2,10}[.,]{0,2} ){0,3}\d)/gu;

const OLD_MAIL_LINE = new RegExp(
  `^[\\s>]{0,20}(?:[-‐_=*—–─]{2,60} ?\\*{0,2}(?:${
    anyOf(
      String.raw`
        (?:original|reply|forwarded|forward|previous|embedded|replied)(?: (?:e-?mail|message|mail))?(?: follows| from .{1,80}| by .{1,80})?
        original appointment
        forwarded message
        (?:urspr[uü]ngliche|originale?|weitergeleitete)[- ]?(?:nachricht|e-?mail|mail|termin)
        (?:message|courriel|e-?mail|mail) (?:d.origine|original|transf[eé]r[eé]|initial)
        (?:mensaje|correo|mensagem|email|e-?mail) (?:original|reenviado|encaminhad[ao])(?: .{1,40})?
        messaggio (?:originale|inoltrato)
        (?:oorspronkelijk|origineel|doorgestuurd) bericht
        oprindelig (?:besked|meddelelse)|videresendt (?:besked|melding)
        opprinnelig melding
        (?:urspr(?:ungligt|ungligt)|originalt?|vidarebefordrat) meddelande
        alkuper[aä]inen viesti|v[aä]litetty viesti
        (?:wiadomo[sś][cć] oryginalna|oryginalna wiadomo[sś][cć]|wiadomo[sś][cć] przekazana|przekazana wiadomo[sś][cć])
        p[uů]vodn[ií] (?:zpr[aá]va|e-?mail)|p[oô]vodn[aá] spr[aá]va
        eredeti [uü]zenet
        mesaj original|mesajul ini[tț]ial
        orijinal (?:mesaj|ileti)|(?:ö|o)zgün (?:mesaj|ileti)
        исходное сообщение|пересылаемое сообщение|оригинальное сообщение|пересланное сообщение
        пересланий лист|оригінальне повідомлення
        αρχικό μήνυμα
        原始邮件|原始郵件|转发邮件|轉寄郵件|原邮件|元のメッセージ|転送メッセージ|원본 ?메(?:시|세)지|원본 메일|전달된 메시지
        tin nhắn gốc|thư gốc
      `,
      "",
    ).source
  })\\*{0,2}:? ?[-‐_=*—–─]{2,60}|${
    anyOf(
      String.raw`
        begin forwarded message
        anfang der weitergeleiteten (?:nachricht|e-?mail)
        d[eé]but du message (?:r[eé]exp[eé]di[eé]|transf[eé]r[eé])
        inicio del mensaje reenviado
        in[ií]cio da mensagem (?:encaminhada|reencaminhada)
        inizio messaggio inoltrato
        begin doorgestuurd bericht
        start p[aå] videresendt (?:besked|melding)
        vidarebefordrat brev
      `,
      "",
    ).source
  } ?:)\\s{0,20}$`,
  "iu",
);

const HEADER_LABELS = {
  from: `from|gebruiker|von|de|da|van|fra|från|fr[aå]n|od|от|від|отправитель|lähettäjä|feladó|kimden|gönderen|από|de la|expéditeur|remitente|remetente|mittente
    afzender|absender|nadawca|từ|dari|发件人|寄件者|寄件人|差出人|送信者|보낸 ?사람|מאת|من`,
  sent: `sent|date|sent on|gesendet(?: am)?|datum|envoy[eé](?: le| par)?|date d.envoi|enviado(?: el| em| a las)?|enviada(?: em)?|fecha|data|inviato|verzonden(?: op)?
    sendt|skickat|dato|wysłan[oey]|data wysłania|odesláno|odoslané|отправлено|дата|надіслано|lähetetty|päivämäärä|päiväys|elküldve|dátum|küldve
    gönderildi|gönderilme tarihi|gönderme tarihi|tarih|ημερομηνία|στάλθηκε|trimis|poslano|ngày|gửi|发送时间|发送日期|日期|傳送時間|寄件日期|送信日時|日時|日付
    보낸 ?날짜|날짜|보낸 시간`,
  to: `to|an|à|a|para|aan|til|till|do|komu|кому|vastaanottaja|címzett|kime|alıcı|kimə|προς|către|pentru|destinataire|destinatario|destinatário|empfänger
    tới|đến|kepada|收件人|收件者|宛先|받는 ?사람|받은 ?사람|אל`,
  cc: `cc|bcc|kopie|copie|copie à|kopi|kopia|копия|dw|抄送|副本|참조|cópia|másolat`,
  subject: `subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|předmět|predmet|тема|aihe|tárgy|konu|θέμα|subiect|chủ đề|tiêu đề
    betr|主题|主題|主旨|件名|제목|נושא`,
  other: `reply-to|antwort an|répondre à|responder a|rispondi a|risposta|importance|priority|wichtigkeit|organization|attachments?|anlagen?|message-id`,
} as const;
type HeaderKind = keyof typeof HEADER_LABELS;

const LABELS = Object.entries(HEADER_LABELS).map(([kind, labels]) => ({
  kind: kind as HeaderKind,
  pattern: new RegExp(`${anyOf(labels, "", String.raw`^[\s>*_]{0,12}`).source} ?\\*{0,2}[ \\t]?[:：]`, "iu"),
}));
/** A header block that a conversion from HTML ran together. */
const RUN_TOGETHER =
  /^[\s>*]{0,12}(?:from|von|de|da|van|fra|från|od) ?\*?: ?\*?.{1,200}?[\s*](?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|objet|à|enviado|asunto|fecha|para|data|inviato|oggetto|verzonden|onderwerp|aan) ?\*?: /iu;

/** The head of a quoted mail that begins at this line; null when none does. */
export function quoteHeaderAt(lines: readonly string[], at: number): QuoteHeader | null {
  const line = (lines[at] ?? "").slice(0, MAX_LINE);
  if (line.trim() === "") return null;
  if (OLD_MAIL_LINE.test(line) || LONE_FROM.test(line)) return { kind: "old_mail", lines: 1, before: "" };
  const block = headerBlockAt(lines, at);
  if (block > 0) return { kind: "old_mail", lines: block, before: "" };
  if (DASHED_ATTRIBUTION.test(line)) return { kind: "attribution", lines: 1, before: "" };
  const before = answerBefore(line);
  if (before !== null) return { kind: "attribution", lines: 1, before };
  const broken = attributionAt(lines, at);
  return broken > 0 ? { kind: "attribution", lines: broken, before: "" } : null;
}

/** How many lines the attribution takes that begins here; 0 when none does. */
function attributionAt(lines: readonly string[], at: number): number {
  if (!mayBegin(bareOf(lines[at] ?? ""))) return 0;
  let joined = "";
  let acrossBlank = false;
  for (let count = 1; count <= MAX_BROKEN; count++) {
    const line = (lines[at + count - 1] ?? "").slice(0, MAX_LINE).trim();
    if (count > 1 && !mayGoOn(joined, line, acrossBlank)) return 0;
    joined = `${joined} ${line}`.trim();
    acrossBlank = line === "";
    if (joined.length > MAX_ATTRIBUTION) return 0;
    if (!acrossBlank && isAttribution(bareOf(joined))) return count;
  }
  return 0;
}

/** Cheap: most lines of a letter are neither. */
function mayBegin(line: string): boolean {
  return DATE_FIRST.test(line) || (line.includes("@") && line.length < MAX_ATTRIBUTION) || (line.endsWith(":") && WROTE.test(line));
}

/** Whether an attribution that is not complete yet may go on in this line: across a blank one only to an address. */
function mayGoOn(joined: string, line: string, acrossBlank: boolean): boolean {
  if (!FIRST_OF_SEVERAL.test(bareOf(joined)) || /[.!?]$/.test(joined)) return false;
  if (line.startsWith(">")) return opened(joined);
  return !acrossBlank || line.startsWith("<");
}

/** A `<` that nothing closed: the address went to the next line, and its `>` is no quote mark. */
function opened(text: string): boolean {
  return text.lastIndexOf("<") > text.lastIndexOf(">") || /mailto:[^\n]{0,200}>$/.test(text);
}

function bareOf(line: string): string {
  return line
    .slice(0, MAX_LINE)
    .replace(/^[\s>*_-]{1,40}/, "")
    .replace(/[\s*_-]{1,40}$/, "");
}

/** Words of introduction that name a writer and a time or an address, and end there. */
function isAttribution(text: string): boolean {
  if (text.length > MAX_ATTRIBUTION) return false;
  if (BARE_DATE_AND_SENDER.test(text)) return true;
  const email = EMAIL.test(text);
  const colon = /[:：]$/.test(text);
  const dated = CLOCK_TIME.test(text) || FULL_DATE.test(text);
  if (colon && email && dated && (STARTS_WITH_DATE.test(text) || SENDER_AND_COLON.test(text))) return true;
  if (!(colon || endsWithVerb(text)) || !WROTE.test(text)) return false;
  if (DATE_FIRST.test(text) && dated) return true;
  return email && NAME_THEN_WROTE.test(text);
}

function endsWithVerb(text: string): boolean {
  return WROTE.test(text.slice(-14)) && (EMAIL.test(text) || CLOCK_TIME.test(text));
}

/** What stands in front of an attribution on its own line; null when there is no attribution. */
function answerBefore(line: string): string | null {
  if (line.length > MAX_ATTRIBUTION || !/[:：]\s{0,20}$/.test(line)) return null;
  for (const match of line.matchAll(BEHIND_THE_ANSWER)) {
    const before = line.slice(0, match.index).trimEnd();
    const person = before.trim() !== "" && !/[@>]|^\W{0,8}$/.test(before) && !FIRST_OF_SEVERAL.test(bareOf(before));
    if (person && isAttribution(bareOf(line.slice(match.index + match[0].length)))) return before;
  }
  return null;
}

/** How many lines the header block takes that begins here; 0 when none does. */
function headerBlockAt(lines: readonly string[], at: number): number {
  const first = lines[at] ?? "";
  if (kindOf(first) === null) return 0;
  if (RUN_TOGETHER.test(first.slice(0, MAX_LINE)) && (EMAIL.test(first.slice(0, MAX_LINE)) || FULL_DATE.test(first.slice(0, MAX_LINE))))
    return 1;
  const kinds = new Set<HeaderKind>();
  let end = at;
  let others = 0;
  for (let i = at; i < lines.length && i < at + MAX_BLOCK && others < 3; i++) {
    const kind = kindOf(lines[i] ?? "");
    if (kind) kinds.add(kind);
    if (kind) end = i;
    others = kind ? 0 : others + 1;
  }
  return isHeaderBlock(
    kinds,
    lines
      .slice(at, end + 1)
      .join("\n")
      .slice(0, 4_000),
  )
    ? end - at + 1
    : 0;
}

/** Two headers with an address, or three with a time: a person who writes "Date: … Time: … Address: …" invites to something. */
function isHeaderBlock(kinds: ReadonlySet<HeaderKind>, text: string): boolean {
  if (!kinds.has("from") && !(kinds.has("sent") && (kinds.has("to") || kinds.has("subject")))) return false;
  if (kinds.size >= 2 && EMAIL.test(text)) return true;
  if (kinds.has("from") && kinds.has("sent") && CLOCK_TIME.test(text) && FULL_DATE.test(text)) return true;
  return kinds.size >= 3 && (CLOCK_TIME.test(text) || FULL_DATE.test(text));
}

function kindOf(line: string): HeaderKind | null {
  const head = line.slice(0, 60);
  if (!/[:：]/.test(head)) return null;
  return LABELS.find(({ pattern }) => pattern.test(head))?.kind ?? null;
}
