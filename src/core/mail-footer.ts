// What stands below a letter and is none of it? Signatures behind a delimiter, lines of mail programs, disclaimers, list footers.
import { anyOf } from "./phrases.ts";

/** A delimiter other than the standard ones cuts only a tail this short: the person may have drawn a line through the letter. */
const MAX_SIGNATURE_LINES = 12;
const MAX_LINE = 1_000;

/** RFC 3676 §4.3 has `-- `; programs strip the blank, write dashes of every length, or draw underscores. */
const DELIMITER = /^\s{0,8}(?:--|—|__{1,100})\s{0,8}$/u;
const OTHER_DELIMITER = /^\s{0,8}(?:[-—–─]{2,200}|[=]{3,200}|[*]{3,200}|[~]{3,200}|[#]{3,200}|[+]{3,200})\s{0,8}$/u;

/** A line that the mail program put there. Short on purpose: "Sent from my desk, it is easier" is a sentence. */
const PROGRAM_LINE = anyOf(
  String.raw`
    sent (?:from|via|with|using|by) (?:my |the |a )?(?!desk|office|home|work)[\p{L}\d’'®™+.-]{1,30}(?: [\p{L}\d’'®™+.()-]{1,30}){0,6}
    get (?:outlook|gmail|spark|yahoo mail) for \p{L}{2,12}
    sent with .{1,40} secure email\.?
    (?:typed|written|sent) (?:on|from) (?:a|my) (?:phone|mobile|tablet)
    von meinem? .{1,40} gesendet
    (?:diese nachricht wurde )?(?:von|mit) (?:meinem|meiner|der|dem) .{1,60} gesendet
    gesendet (?:von|mit|über|aus) .{1,50}
    (?:outlook|mail) f[uü]r (?:android|ios|windows).{0,20} (?:herunterladen|beziehen|abrufen)
    holen sie sich outlook f[uü]r .{1,20}
    envoy[eé] (?:de|depuis|[aà] partir d.|avec|par|via) ?.{1,50}
    t[eé]l[eé]charge[rz] outlook pour .{1,20}
    obtenir outlook pour .{1,20}
    enviado (?:desde|do|de|a partir do|com|por|via|pelo) .{1,50}
    obt[eé](?:ner|nga|m|nha|r) (?:o )?outlook (?:para|for) .{1,20}
    baixar o outlook para .{1,20}
    inviato (?:da|dal|dalla|con|tramite) .{1,50}
    (?:ottieni|scarica) outlook per .{1,20}
    (?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|door) .{1,50}
    (?:outlook voor .{1,20}(?: downloaden)?|download outlook voor .{1,20})
    (?:sendt|skickat|sent|send) (?:fra|från|frå) (?:min |mit )?.{1,40}
    h[aä]mta outlook f[oö]r .{1,20}
    (?:hent|få) outlook (?:for|til) .{1,20}
    l[aä]hetetty .{1,40}
    wys[lł]an[eoy] (?:z|za) .{1,50}
    odesl[aá]no z .{1,40}
    (?:отправлено|послано) (?:с|из|от) .{1,50}
    надіслано з .{1,40}
    iphone'?umdan g[oö]nderildi
    (?:从|来自|發自|发自|從)我的.{1,30}(?:发送|傳送)?
    (?:iphone|ipad|android)から送信
    .{1,12}에서 (?:보냄|보낸)
    gửi từ .{1,40}
  `,
  "iu",
  String.raw`^[\s*_(\[]{0,6}`,
);
const PROGRAM_LINE_END = /^[\s*_)\].]{0,6}(?:<.{0,400}>|\[.{0,400}\]|\(http.{0,400}\))?[\s*_)\].]{0,6}$/u;

/** What disclaimers say in the paragraph between two rules, or in the last paragraphs of a mail. */
const DISCLAIMER = anyOf(
  String.raw`
    confidential
    intended (?:solely|only|for the|recipient)
    legally privileged|privileged (?:and|information|material)
    (?:scanned|swept|screened|checked|analyzed) (?:\w{1,20} ){0,3}(?:for|by) (?:\w{1,20} ){0,3}(?:virus|malware|spam|content)
    virus[- ]free
    (?:may|will) be (?:\w{1,20} ){0,2}(?:monitored|recorded|logged)
    internet e-?mail is not
    if you (?:have|are) (?:not the intended|received this (?:\w{1,12} ){0,2}in error)
    consider the environment
    vertraulich
    nicht der (?:richtige|beabsichtigte|bestimmungsgem)
    confidentiel
    confidencial
    riservat[eio]
    vertrouwelijk
    fortrolig|konfidentiell|luottamuksellinen|poufn|конфиденциальн
  `,
  "iu",
);
/** How a disclaimer paragraph begins that stands without a rule. */
const DISCLAIMER_START = anyOf(
  String.raw`
    (?:confidentiality|privacy|legal|important|e-?mail|security)? ?(?:notice|disclaimer|warning) ?(?::|-)
    (?:the )?(?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message|communication|transmission)
    (?:this|the) (?:e-?mail|message|communication|transmission|electronic (?:mail|message))(?: message| transmission)?(?:,? (?:and|including|together with|with|or) .{1,60})? (?:is|are|may|contains?|was|has been|have been) .{0,80}(?:confidential|intended|privileged|private|scanned|swept|virus)
    (?:if|where) you (?:are not the intended|have received this (?:\w{1,12} ){0,2}in error)
    (?:please )?consider the environment before
    the original of this e-?mail was scanned
    communications via the .{1,20} may be
    diese (?:e-?mail|nachricht)(?: und .{1,60})? (?:ist|sind|enth[aä]lt|enthalten|kann|k[oö]nnte) .{0,80}(?:vertraulich|bestimmt|gesch[uü]tzt)
    (?:ce (?:message|courriel|mail)|cet? e-?mail)(?: et .{1,60})? (?:est|sont|contient|peut|peuvent) .{0,80}(?:confidentiel|destin)
    este (?:mensaje|correo|e-?mail|mensagem)(?: .{1,60})? (?:es|est[aá]|contiene|puede|[eé]|cont[eé]m|pode) .{0,80}(?:confidencial|dirigid|destinad)
    (?:questo messaggio|questa e-?mail|le informazioni contenute)(?: .{1,80})? (?:[eè]|sono|contiene|pu[oò]) .{0,80}(?:riservat|confidenzial|destinat|uso esclusivo)
    (?:dit bericht|deze e-?mail)(?: .{1,60})? (?:is|zijn|bevat|kan) .{0,80}(?:vertrouwelijk|bestemd)
  `,
  "iu",
  String.raw`^[\s*_>]{0,8}`,
);

/** A last line that is only the writer's mark: "-Ann", "/John", "— Ann Smith". */
const MARK_OF_WRITER = /^\s{0,4}(?:-{1,2}|—|–|\/)\p{Lu}[\p{L}.'’-]{0,24}(?: \p{Lu}[\p{L}.'’-]{0,24}){0,3}\s{0,8}$/u;
/**
 * Closings that say goodbye and nothing else, alone on a line. English ones stay: they are mixed with thanks, and most of the public fixtures that
 * judge this keep them.
 */
const CLOSING = anyOf(
  String.raw`
    mit (?:freundlichen|besten|vielen|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en
    (?:freundliche|viele|beste|liebe|herzliche|sch[oö]ne) gr(?:ü|ue)(?:ß|ss)e(?: aus \p{L}{1,30})?
    mfg|lg|vg|gr(?:u|ü|ue)(?:ß|ss)e?
    (?:bien )?cordialement|bien [aà] vous|salutations distingu[eé]es|(?:tr[eè]s )?belle journ[eé]e
    (?:un )?(?:cordial(?:es)?|atentos?|saludos?)(?: saludos?| cordiales?)?|atentamente|atte
    atenciosamente|(?:com os )?(?:melhores )?cumprimentos|abra[cç]os?|att
    (?:cordiali|distinti) saluti|saluti|cordialmente
    (?:met )?vriendelijke groet(?:en)?|(?:hartelijke |vele )?groet(?:en|jes)?|mvg
    (?:med )?(?:venlig|vennlig|v[aä]nliga?|b[aä]sta|bedste|beste|mange|k[aæ]rlig) h(?:ilsen|ilsener|[aä]lsning(?:ar)?)
    hilsen|h[aä]lsningar|mvh|kh|vh|dbh
    yst[aä]v[aä]llisin terveisin|terveisin
    z powa[zż]aniem|pozdrawiam|pozdrowienia
    s pozdravem|s pozdravom
    с уважением|з повагою
    [uü]dv[oö]zlettel
    cu stim[aă]|sayg[iı]lar[iı]mla|με εκτίμηση
    敬具|此致|よろしくお願い(?:いた)?します
  `,
  "iu",
  String.raw`^[\s*_]{0,6}`,
);
const MAX_CLOSING_LINES = 7;

/** Without the footer. Lines come without quotes; the order of the steps matters: a disclaimer between rules is no signature. */
export function withoutFooter(lines: readonly string[]): readonly string[] {
  const spoken = lines.filter((line) => !isProgramLine(line));
  const letter = withoutDisclaimers(spoken);
  return withoutMark(withoutClosing(trimmed(letter.slice(0, signatureStart(letter)))));
}

function isProgramLine(line: string): boolean {
  if (line.length > 500) return false;
  const words = line.replace(/(?:<[^<>]{0,400}>|\[http[^\]]{0,400}\]|\(http[^)]{0,400}\))\s{0,8}$/u, "").trim();
  const found = PROGRAM_LINE.exec(words);
  return found !== null && PROGRAM_LINE_END.test(words.slice(found[0].length)) && words.split(/\s+/).length <= 12;
}

/** Where the signature begins, or the end. A delimiter above everything the person wrote delimits nothing. */
function signatureStart(lines: readonly string[]): number {
  const first = lines.findIndex((line) => line.trim() !== "");
  const fence = fences(lines);
  const left = linesLeft(lines);
  const start = lines.findIndex((line, at) => {
    if (at <= first || fence[at] || line.length > 220) return false;
    return DELIMITER.test(line) || (OTHER_DELIMITER.test(line) && (left[at] ?? 0) <= MAX_SIGNATURE_LINES);
  });
  return start < 0 ? lines.length : start;
}

/** For each line, whether it stands inside a block of code. */
function fences(lines: readonly string[]): readonly boolean[] {
  let inside = false;
  return lines.map((line) => {
    if (/^\s{0,4}(?:```|~~~)/.test(line)) inside = !inside;
    return inside;
  });
}

/** For each line, how many lines with words follow it. */
function linesLeft(lines: readonly string[]): readonly number[] {
  const left: number[] = Array.from({ length: lines.length }, () => 0);
  for (let at = lines.length - 2; at >= 0; at--) left[at] = (left[at + 1] ?? 0) + ((lines[at + 1] ?? "").trim() === "" ? 0 : 1);
  return left;
}

/** Cuts stretches between rules that speak as disclaimers do, and such paragraphs below the first one. */
function withoutDisclaimers(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const end = isRule(lines[at] ?? "") ? disclaimerEnd(lines, at) : paragraphEnd(lines, at, kept.length > 0);
    if (end > at) {
      at = end;
      dropHeading(kept);
    } else kept.push(lines[at++] ?? "");
  }
  return kept;
}

/** "Disclaimer", alone above the rule. */
function dropHeading(kept: string[]): void {
  const recent = kept.slice(-4).findLastIndex((line) => line.trim() !== "");
  if (recent >= 0 && /^\W{0,3}disclaimer\W{0,3}$/i.test(kept.slice(-4)[recent] ?? "")) kept.length = Math.max(0, kept.length - 4) + recent;
}

function isRule(line: string): boolean {
  return line.length < 220 && OTHER_DELIMITER.test(line) && line.trim().length > 5;
}

/** The line behind the rule that closes the disclaimer, or the end of the mail; `at` itself when this rule opens none. */
function disclaimerEnd(lines: readonly string[], at: number): number {
  const closing = indexFrom(lines, at + 1, isRule, 60);
  const end = closing < 0 ? Math.min(lines.length, at + 60) : closing;
  const stretch = lines
    .slice(at + 1, end)
    .join(" ")
    .slice(0, 4_000);
  if (!DISCLAIMER.test(stretch)) return at;
  return closing < 0 ? lines.length : closing + 1;
}

function paragraphEnd(lines: readonly string[], at: number, below: boolean): number {
  const line = lines[at] ?? "";
  if (!below || line.trim() === "" || (lines[at - 1] ?? "").trim() !== "") return at;
  const blank = indexFrom(lines, at, (l) => l.trim() === "", 40);
  const end = blank < 0 ? Math.min(lines.length, at + 40) : blank;
  return DISCLAIMER_START.test(lines.slice(at, end).join(" ").slice(0, MAX_LINE)) ? end : at;
}

function indexFrom(lines: readonly string[], from: number, wanted: (line: string) => boolean, most: number): number {
  for (let at = from; at < lines.length && at < from + most; at++) if (wanted(lines[at] ?? "")) return at;
  return -1;
}

/** A closing in the last lines, with a name and the like below it: nothing there may be a sentence. */
function withoutClosing(lines: readonly string[]): readonly string[] {
  for (let at = lines.length - 1; at > 0; at--) {
    const line = (lines[at] ?? "").trim();
    const found = line.length > 60 ? null : CLOSING.exec(line);
    if (found && /^[\s,.!*_]{0,6}$/.test(line.slice(found[0].length))) return trimmed(lines.slice(0, at));
    if (lines.length - at > MAX_CLOSING_LINES || line.length > 60 || /[?!.]$|^p\.?s\b/i.test(line)) return lines;
  }
  return lines;
}

function withoutMark(lines: readonly string[]): readonly string[] {
  const last = lines.at(-1) ?? "";
  if (lines.length < 2 || !MARK_OF_WRITER.test(last.slice(0, MAX_LINE)) || (lines.at(-2) ?? "").trim() !== "") return lines;
  return trimmed(lines.slice(0, -1));
}

/** Without blank lines and rules around it. */
export function trimmed(lines: readonly string[]): readonly string[] {
  const empty = (line: string) => line.trim() === "" || (line.length < 220 && (OTHER_DELIMITER.test(line) || DELIMITER.test(line)));
  const start = lines.findIndex((line) => line.trim() !== "");
  const end = lines.findLastIndex((line) => !empty(line));
  return start < 0 ? [] : lines.slice(start, end + 1);
}
