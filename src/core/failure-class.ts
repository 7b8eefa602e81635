// Is a failed delivery the address's fault (hard), a passing or message-bound trouble (soft), or somebody's policy (blocked)?
// Only hard suppresses an address, so every doubt ends as soft or blocked.

import { anyOf } from "./phrases.ts";

export type FailureClass = "hard" | "soft" | "blocked";

export interface JudgedFailure {
  readonly class: FailureClass;
  readonly why: string;
}

interface Rule {
  readonly class: FailureClass;
  readonly why: string;
  readonly phrases: RegExp;
}

/** Words of the server; the first rule that matches wins. Read over lower-case text with single spaces. */
const MESSAGE: readonly Rule[] = [
  {
    class: "soft",
    why: "mailbox full",
    phrases: anyOf(
      String.raw`
          mailbox (?:is |was )?(?:over ?)?(?:full|quota)
          (?:over|exceed\w{0,30}|beyond|out of) (?:\w{1,30} ){0,4}(?:quota|storage|disk space)
          quota (?:has been |is |was |would be )?(?:exceed|full|reached)
          quotaexceeded
          overquota
          over quota
          insufficient (?:system )?storage
          not enough (?:storage|space)
          is full\b
          mail ?box.{0,40}exceed
          inbox is full
          too much mail data
          (?:user|account|disk|mailbox|mail) (?:\w{1,30} )?(?:over|exceeded|exceeds) (?:\w{1,30} ){0,3}quota
          boite pleine
          bo[iî]te.{0,30}pleine
          postfach.{0,20}voll
          buz[oó]n lleno
          caixa.{0,20}cheia
          maximum (?:mailbox|storage) size
          no space left
        `,
      "u",
    ),
  },
  {
    class: "soft",
    why: "message too large",
    phrases: anyOf(
      String.raw`
          (?:message|mail|size|attachment|content)s?\b.{0,30}(?:too (?:large|big|long)|exceed\w{0,30} (?:\w{1,30} ){0,5}(?:size|limit|maximum|length))
          exceed\w{0,30} (?:\w{1,30} ){0,5}(?:message|attachment) size
          message size exceed
          size limit
          too large to (?:send|process|deliver)
        `,
      "u",
    ),
  },
  {
    class: "soft",
    why: "rate limit",
    phrases: anyOf(
      String.raw`
          too many (?:\w{1,30} ){0,3}(?:recipients|messages|connections|mails|e-?mails|sessions|errors)
          rate[ -]?limit
          (?:this|per) (?:hour|day|minute)
          (?:hourly|daily) (?:\w{1,30} )?(?:limit|quota)
        `,
      "u",
    ),
  },
];

const RECIPIENT: readonly Rule[] = [
  {
    class: "hard",
    why: "unknown recipient",
    phrases: anyOf(
      String.raw`
          user (?:is |was )?(?:unknown|not (?:found|known|exist\w{0,30})|doesn'?t exist|does not exist|invalid)
          unknown (?:(?:or|local|virtual|illegal|email|e-mail|alias|mailbox)[\s/]+){0,3}(?:user|recipient|address|mailbox|account|local[ -]part)
          (?:no|not a|isn'?t a|is not a) (?:(?:such|valid|known|local|mail|active|current)\s+){1,3}(?:user|person|recipient|mailbox|address|account|alias|mail drop|drop)
          (?:user|recipient|mailbox|address|account|alias|addressee|mail-?box|email|inbox)\b[^.;]{0,80}(?:(?:does ?n[o']t|doesn.?t|do not|didn'?t|did not) (?:currently )?exist|no longer (?:exist|valid|here|in use|available|active|accept|on (?:this )?server|with)|(?:could not|cannot|can't|can not|was not|wasn'?t|is not|isn't|not) (?:be )?(?:found|known|recogni[sz]ed|listed|resolved)|is invalid|is unknown|\bunknown\b|not exist|nonexistent|non-existent)
          invalid (?:(?:final|delivery|final delivery|email|e-mail|mailbox|local|user|delivery) ){0,2}(?:recipient|address|mailbox|user|userid|account)\b
          (?:bad|illegal|unroutable|undeliverable|unrouteable|nonexistent|non-existent) (?:destination |recipient |mail |email |final )?(?:address|mailbox|user|recipient)
          no mailbox (?:here|found|by that name|with that name|currently available)
          mailbox (?:not found|unavailable or not local|invalid|does not exist)
          (?:not|isn'?t) (?:listed )?in (?:\w{1,30} ){0,3}(?:name & address book|address book|public name|domino directory|directory)
          resolver\.adr\.\w{0,30}notfound
          user account is (?:unavailable|expired)
          no such (?:\w{1,30} )?(?:address|here)
          recipient\b.{0,20}\bnot (?:on|exist)
          not a valid mailbox
          there is no one (?:here|at this address)
          no one by that name
          address does not exist
          recipnotfound
          doesn'?t have an? .{1,40}account
          requested action not taken: mailbox unavailable
          5\.1\.0[ )>-]{1,3}(?:<\S{1,100}> ?:? ?)?(?:address|recipient)(?: address)? rejected
          5\.4\.1\b.{0,100}recipient address rejected: access denied
          has left the company
          no longer (?:employed|working|works|with (?:the|our) company)
          left (?:the|our) (?:company|organi[sz]ation)
          recipient address rejected: (?:access denied\. ?as\(|undeliverable|unknown)
          (?:usuario|destinatario|utente|destinataire|benutzer|empf[aä]nger|utilisateur|usu[aá]rio|cuenta|correo|adresse).{0,40}(?:desconocid|no existe|inexistente|non esiste|sconosciut|inconnu|n'existe|unbekannt|existiert nicht|nicht gefunden|desconhecid|n[aã]o existe)
          宛先.{0,20}(?:存在|見つかり)
          ユーザ.{0,20}存在
        `,
      "u",
    ),
  },
  {
    class: "hard",
    why: "unknown domain",
    phrases: anyOf(
      String.raw`
          host (?:is |was )?(?:unknown|not found)
          unknown host
          (?:host|domain)(?: or domain)? name not found
          no such (?:host|domain)
          domain (?:\S{1,100} )?(?:(?:does|did) not exist|not found|is invalid|isn'?t in my list|doesn'?t exist)
          unrouteable (?:mail )?(?:address|domain)
          nxdomain
          non-existent (?:domain|host)
          bad destination (?:host|system)
          couldn'?t find any host (?:by that name|named)
          name service error.{0,80}not found
          can'?t find a valid mx
          (?:domain|host).{0,40}(?:does not|doesn'?t|do not) accept (?:any )?(?:mail|e-mail|email)
          null ?mx
          domain is not reachable
          address lookup.{0,40}failed
        `,
      "u",
    ),
  },
];

const POLICY: Rule = {
  class: "blocked",
  why: "policy or spam filter",
  phrases: anyOf(
    String.raw`
        \bspam(?:ming|mer|my)?\b
        unsolicited
        (?:black|block|deny|reject)(?:ed)?[ -]?list
        dnsbl
        \brbls?\b
        spamhaus
        spamcop
        barracuda
        sorbs
        senderscore
        reputation
        \bspf\b
        \bdkim\b
        \bdmarc\b
        reverse (?:dns|lookup|mapping)
        \bptr\b
        \brdns\b
        no (?:reverse|ptr)
        (?:against|violat\w{0,30}|due to|because of|by|for) (?:\w{1,30} ){0,4}polic(?:y|ies)
        policy (?:violation|reasons?|restriction)
        blocked
        banned
        virus
        malware
        phish
        content (?:rejected|denied|not accept\w{0,30}|filter)
        (?:message|mail|e-mail|email)\b.{0,30}(?:rejected|refused|not accepted) (?:due to|because of|for|as)\b
        relay(?:ing)?(?: access)? (?:denied|not (?:permitted|allowed))
        (?:not permitted|unable|not allowed|unauthorized|not authori[sz]ed|prohibited) (?:\w{1,30} ){0,3}(?:to )?(?:relay|send|post)
        authentication (?:is )?required
        unauthenticated
        authori[sz]ation required
        not (?:rfc|compliant)
        bad helo
        invalid helo
        helo command rejected
        sender (?:address )?(?:rejected|denied|verify failed|verification)
        envelope blocked
        access denied
        access restricted
        mail from (?:ip|host)? ?\S{0,60} ?(?:refused|rejected|denied)
        your (?:ip|host|server|network|domain)\b
        client host (?:\S{1,100} )?(?:rejected|blocked)
        (?:delivery )?not authori[sz]ed
        restricted
        permission to post
        (?:host|network|ip|server|sender)(?: \S{1,100})? not allowed
        smtp auth
        client ip
        not accepting mail
      `,
    "u",
  ),
};

/** Exim's and Postfix's words for a refusal before any recipient was named: it is about us, whatever else it says. */
const SENDER_REFUSED = /after (?:pipelined )?(?:sending )?mail from:|in reply to mail from|from: domain is invalid/u;

const PASSING: readonly Rule[] = [
  {
    class: "soft",
    why: "mailbox disabled",
    phrases:
      /(?:disabled|suspended|deactivated|inactive|not active|locked|frozen|on hold|temporarily unavailable|not available|discontinued)\b/u,
  },
  {
    class: "soft",
    why: "gave up retrying",
    phrases: anyOf(
      String.raw`
          (?:retry|delivery|time) ?(?:time ?out|limit|time) (?:exceeded|expired)
          timed? ?out
          expired
          too (?:long|many|old)
          connection (?:refused|lost|reset|closed|dropped)
          could not connect
          network is unreachable
          no route to host
          unreachable
          loop
          hop count
          try again
          later
          temporar
          could not be delivered for
          not been (?:able|delivered)
          has been in the queue
          giving up
          rate limit
          greylist
        `,
      "u",
    ),
  },
];

/** The codes of RFC 3463 and its registry that say "no such address" or "no such domain"; they hold unless the words say otherwise. */
const HARD_CODES = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.4.4"]);
/** Policy, and the sender's own address (5.1.7, 5.1.8). */
const POLICY_CODES = /^5\.(?:7\.\d+|1\.[78])$/;

/**
 * Judges one failure.
 *
 * @param code enhanced status (RFC 3463) or null
 * @param words what the remote server or, failing that, the reporter said
 */
export function classOfFailure(code: string | null, words: string): JudgedFailure {
  const said = words
    .slice(0, 4_000)
    .toLowerCase()
    .replace(/[\s_]+/g, " ");
  if (code?.startsWith("4.")) return temporary(code, said);
  if (SENDER_REFUSED.test(said)) return { class: "blocked", why: "refused at MAIL FROM" };
  const hardCode = code !== null && HARD_CODES.has(code);
  const rules = hardCode ? wordRules(code) : [...wordRules(code), ...PASSING];
  const rule = rules.find((candidate) => candidate.phrases.test(said));
  if (rule) return { class: rule.class, why: rule.why };
  return hardCode ? { class: "hard", why: `status ${code}` } : ofCodeAlone(code);
}

/** A refusal with a policy's code is policy even where it quotes a recipient; otherwise "blocked: no such user" is about the recipient. */
function wordRules(code: string | null): readonly Rule[] {
  return code !== null && POLICY_CODES.test(code) ? [...MESSAGE, POLICY, ...RECIPIENT] : [...MESSAGE, ...RECIPIENT, POLICY];
}

/** A temporary code that became final: the retries ran out (RFC 3463 4.x). Never hard, whatever the words. */
function temporary(code: string, said: string): JudgedFailure {
  if (code.startsWith("4.7") || POLICY.phrases.test(said)) return { class: "blocked", why: `gave up: policy, status ${code}` };
  return { class: "soft", why: `gave up: temporary status ${code}` };
}

function ofCodeAlone(code: string | null): JudgedFailure {
  if (code === null) return { class: "soft", why: "no status and no known words" };
  if (POLICY_CODES.test(code)) return { class: "blocked", why: `status ${code}` };
  return { class: "soft", why: `status ${code}` };
}
