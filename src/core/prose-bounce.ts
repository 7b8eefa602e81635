// Does a mail without a delivery-status part say, in words, that delivery failed? Daemon sender or named failed recipient, AND a failure
// phrase: neither alone proves it, and a null Return-Path proves nothing (vacation replies have it).
import { embeddedHeaders, headerOf, type InboundMail } from "./inbound-mail.ts";
import { anyOf } from "./phrases.ts";

export interface ProseBounce {
  readonly recipients: readonly string[];
  /** What the daemon says, without the mail it returns. */
  readonly words: string;
  readonly why: readonly string[];
}

/** Not `mail@` or `info@`: in many countries people write from there. */
const DAEMON_LOCAL_PART = anyOf(
  String.raw`
    mail(?:er)?[-_.]?daemon
    post[-_.]?master
    m?daemon
    double-bounce
    bounces?
    bounce-notification
    mail-?system
    mailadmin
    smtp-?server
    no-?reply-?bounce
  `,
  "i",
  "^",
);
const DAEMON_NAME = anyOf(
  String.raw`
      mail(?:er)?[ -]?d[ae]+mon
      mail delivery
      delivery (?:sub-?)?system
      delivery (?:status )?notif
      post ?master
      mail (?:administrator|system|router|transfer)
      system administrator
      internet mail
      undeliver
    `,
  "i",
);
/** Subjects that only machines write. Anchored: a forwarded bounce is a person's mail. */
const FAILURE_SUBJECT = anyOf(
  String.raw`
      (?:re: ?)?returned (?:mail|e-?mail)
      undeliver(?:ed|able)
      un-?deliverable
      mail (?:delivery )?(?:failed|failure|system error|error|could not)
      mail delivery
      delivery (?:status notification ?\(?fail|failure|has failed|failed|error|report|problem|notification: delivery has failed|unsuccessful)
      message (?:delivery )?(?:failure|undeliverable|could not be delivered|not delivered|status - undeliverable|you sent blocked)
      failure (?:notice|delivery|notification)
      failed (?:mail|delivery)
      non-?deliver
      nondeliver
      (?:non )?remise
      undelivered
      e-?mail (?:delivery )?(?:failure|error|rejected)
      unable to deliver
      could not (?:be )?deliver
      couldn'?t be delivered
      your (?:message|mail|e-?mail).{0,40}(?:not (?:be )?delivered|undeliver|rejected|blocked|failed)
      rejected (?:mail|message|posting)
      warning: e-?mail
      auto-?reply: (?:undeliver|unknown)
      bounced? (?:mail|message)
      no se puede entregar
      nicht zustellbar
      unzustellbar
      non recapitabile
      mancata consegna
      non remis
      échec
      配信(?:不能|エラー)
      returned to sender
      ndn:
      dsn:
      address (?:unknown|error)
      unknown (?:user|recipient)
      invalid (?:recipient|address)
    `,
  "iu",
  String.raw`^\W{0,3}`,
);

const FAILURE_PHRASE = anyOf(
  String.raw`
      (?:could|can|was|were|were|has|have|is|are|be)(?: ?not|n'?t) (?:\w{1,30} ){0,3}(?:deliver|reach|sent|accept|process|route|resolve|found|find|connect)
      (?:delivery|delevery) [^.]{0,40}aborted
      not (?:be |been |yet been )?(?:deliver|reach)
      undeliver
      non-?deliver
      fail(?:ed|ure) (?:to|in|for|with|notice|addresses|recipient|deliver|\w{1,30} delivery)
      deliver(?:y|ing)[^.]{0,60}fail
      permanent(?:ly)? (?:fatal )?(?:error|fail|reject)
      fatal error
      returned (?:to sender|mail|message|because|unopened)
      return(?:ing|ed) (?:your|this|the|to) (?:mail|message|e-?mail|sender|you)
      (?:unable|failed) to (?:deliver|send|relay|reach|process|transmit|complete|be deliver)
      user (?:is )?unknown
      unknown (?:user|recipient|host|address|local)
      no such (?:user|recipient|mailbox|person|address|account)
      (?:does|do)(?: not|n'?t) exist
      unrouteable
      mailbox (?:is )?(?:full|unavailable|not found)
      over quota
      exceed\w{0,30} (?:\w{1,30} ){0,4}(?:quota|size|limit)
      not (?:a )?(?:valid|known) (?:user|address|recipient|mailbox)
      (?:was|were|been|is) (?:rejected|refused|blocked|bounced|discarded|undeliver)
      rejected (?:by|your|for|the)
      \b5\d\d[ -](?:#?5\.\d+\.\d+|[a-z<])
      \b5\.\d\.\d{1,2}\b
      delivery (?:attempts?|error|problem)
      did not reach
      giving up
      gave up
      no longer (?:exist|valid|in use|accept|available|active|employed|monitored)
      invalid (?:recipient|address|user|mailbox)
      undelivered
      message you sent (?:\w{1,30} ){0,3}(?:blocked|rejected|not)
      nicht (?:zugestellt|zustell)
      konnte nicht
      unzustellbar
      non (?:è stato|e' stato|ha potuto|remis|distribu|délivr|consegn)
      n'a pas (?:pu|été)
      no (?:se pudo|se ha podido|pudo|fue|ha sido)
      não (?:foi|pôde|pode)
      配信
      送信できません
      届け
      не (?:может|удалось|было|доставлен)
      недоставлен
      无法
      退信
      失败
    `,
  "u",
);

/** What is merely late is no failure, unless the same notice says that it gave up. */
const STILL_TRYING = anyOf(
  String.raw`
      will (?:continue|keep) (?:to |trying|retrying|on trying)
      will be (?:retried|tried again|attempted)
      (?:warning|this is a warning) message only
      you do not need to resend
      do not need to resend
      no action is required on your part
      is still (?:in the|being)
      (?:has|have) not yet been delivered
      delivery attempts will continue
      will try (?:again|to deliver)
      delivery delayed
    `,
  "u",
);

/** Where the daemon stops talking and the returned mail begins: a ruled line, a sentence of its own, or a trace header. */
const RETURNED_MAIL = new RegExp(
  [
    anyOf(
      String.raw`
        (?:below this line|this) is a copy
        begin(?:ning)? of
        included is
        original
        the header
        message (?:header|follows|below)
        returned (?:message|mail)
        unsent message
        start of
        forwarded message
        undelivered
        the following is
        text of
        nachricht
        your (?:original )?message
        copy of
      `,
      "",
      String.raw`^[ \t>]{0,4}-{2,80}[ \t]{0,8}`,
    ),
    anyOf(
      String.raw`
        original message (?:follows|headers?|is)
        (?:your|the) (?:original )?(?:message|mail) (?:follows|is (?:below|attached|returned)|headers? follow)
        returned message (?:follows|header)
        a copy of (?:your|the)(?: original)? (?:message|mail)
        message header follows
        unsent message (?:below|follows)
        beginning of the original message
        the header of the original
      `,
      "",
      String.raw`^[^\n]{0,30}`,
    ),
    /^[ \t>]{0,4}(?:received: (?:from|by|\(|with)|return-path: ?<|x-original-message-id:)/,
  ]
    .map((form) => form.source)
    .join("|"),
  "im",
);

/** A bounce in prose, with the addresses that it names; null when sender or words do not fit. */
export function readProseBounce(mail: InboundMail): ProseBounce | null {
  const named = (mail.headers.get("x-failed-recipients") ?? []).flatMap(addressesIn);
  const machine = named.length > 0 ? "names failed recipients" : machineSender(mail);
  if (machine === null) return null;
  const words = ownWords(mail.text);
  const said = `${mail.subject}\n${words}`
    .toLowerCase()
    .replace(/[ \t\n\r]+/g, " ")
    .replaceAll("’", "'");
  const phrase = FAILURE_PHRASE.exec(said)?.[0];
  if (phrase === undefined) return null;
  if (STILL_TRYING.test(said) && !/giv(?:ing|en) up|gave up|permanent/.test(said)) return null;
  const why = [machine, `says "${phrase.slice(0, 60)}"`];
  return { recipients: named.length > 0 ? named : recipientsNamed(mail, words), words, why };
}

/** True for the mail system's own addresses and names; a postmaster may be a person, so this alone proves nothing. */
export function isDaemon(mail: InboundMail): boolean {
  const written = (headerOf(mail, "from") ?? "").slice(0, 500); // "mailer-daemon" and "Mail Delivery System <>" are no addresses
  const local = (mail.from?.address ?? written).trim().split("@")[0] ?? "";
  return isDaemonLocalPart(local) || DAEMON_NAME.test(mail.from?.name ?? written);
}

/** Also with a tag: "bounces+4711", "mailer-daemon-out". */
function isDaemonLocalPart(local: string): boolean {
  const name = DAEMON_LOCAL_PART.exec(local)?.[0];
  return name !== undefined && /^(?:$|[+=-])/.test(local.slice(name.length));
}

function machineSender(mail: InboundMail): string | null {
  if (isDaemon(mail)) return "sent by a mail daemon";
  if (mail.returnPath === "" && embeddedHeaders(mail).length > 0) return "returns a mail, with a null return path";
  if (!FAILURE_SUBJECT.test(mail.subject)) return null;
  const marks = [
    mail.returnPath === "",
    /^\s*auto-(?:replied|generated)/i.test(mail.headers.get("auto-submitted")?.[0] ?? ""),
    embeddedHeaders(mail).length > 0,
    mail.from === null,
    RETURNED_MAIL.test(mail.text.slice(0, 32_768)),
  ];
  return marks.includes(true) ? "a failure subject and the marks of a machine" : null;
}

function ownWords(text: string): string {
  const head = text.slice(0, 16_384);
  const cut = head.search(RETURNED_MAIL);
  // A daemon that begins with the returned mail says its words below it.
  return cut > 40 ? head.slice(0, cut) : head.slice(0, 8_192);
}

const ADDRESS_SOURCE = "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){0,8}";
const ADDRESS = new RegExp(ADDRESS_SOURCE, "gu");

/** Addresses in a text, trimmed of what prose puts around them. At most the first 64 KB are read. */
export function addressesIn(text: string): readonly string[] {
  return (text.slice(0, 65_536).match(ADDRESS) ?? []).map((found) =>
    found.replace(/^(?:mailto|smtp|rfc822)[:;]/i, "").replace(/^['`.=/{]+|[.'-]+$/g, ""),
  );
}

/** Forms in which daemons name whom they could not reach, the surest first: at the start of a line, in the SMTP dialogue or after "to". */
const NAMING: readonly RegExp[] = [
  new RegExp(`^[\\s*-]{0,8}(?:to: ?|recipients?: ?|<|"|'|\\[|\\()*(${ADDRESS_SOURCE})(?!\\.?[\\p{L}\\p{N}-])`, "iu"),
  new RegExp(
    "(?<![\\p{L}\\p{N}])(?:rcpt to|recipients?|addressee|user|address|to|mailbox|account|für|fur|à|para|a)(?: address(?:es)?)?" +
      `(?=[ :<"'[(])[ :]{0,3}[<"'\\[(]{0,2}(${ADDRESS_SOURCE})`,
    "iu",
  ),
];

function recipientsNamed(mail: InboundMail, words: string): readonly string[] {
  const sender = new Set([...(mail.from ? [mail.from] : []), ...mail.to, ...mail.cc].map((found) => found.address.toLowerCase()));
  const found = namedIn(words).filter((address) => !isDaemonLocalPart(address.split("@")[0] ?? ""));
  const others = found.filter((address) => !sender.has(address.toLowerCase()));
  return (others.length > 0 ? others : found).slice(0, 20);
}

/** By each form in turn, so that the surest form that names anybody comes first and a lone address in prose last. */
function namedIn(words: string): readonly string[] {
  const lines = words.split(/\r?\n/).map((line) => line.slice(0, 500));
  const byForm = NAMING.map((form) => lines.flatMap((line) => addressesIn(form.exec(line)?.[1] ?? "")));
  return byForm.find((found) => found.length > 0) ?? addressesIn(words).slice(0, 1);
}
