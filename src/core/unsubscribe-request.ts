// Does this reply ask us to stop writing? Honoured at once and for good, so the rules are strict about form and generous about wording.
import { folded, type Sentence, sentencesIn } from "./clauses.ts";
import { anyOf } from "./phrases.ts";

export interface UnsubscribeRequest {
  /** As it stands in the reply or its subject, fit to be stored. */
  readonly evidence: string;
  readonly rule: "subject" | "word alone" | "request";
}

/**
 * Above so many words, a word that stands alone in a line counts only at the top: the footer of the writer's own newsletters says "Unsubscribe" too.
 * Of 4,150 mails of everyday correspondence, the bare word stood in 9 %, and this form in one, which meant it.
 */
const SHORT_REPLY = 60;
const TOP_LINES = 3;
const TOP_WORDS = 20;
const MAX_TEXT = 8_000;

/** Words that are a request when nothing else stands in the line. Without accents, as all phrases here: the text is folded. */
const WORD = String.raw`
  unsubscribe(?: me| us)?|unsub|un-subscribe|stop|stop it|stopp|remove(?: me| us)?|opt(?: |-)?out|opt me out|take me off
  stop all|stop emails?|stop mails?|stop mailing|stop emailing|stop contact|stop spam(?:ming)?|no more(?: e-?mails?| mails?| messages?)?|leave me alone|fuck off|piss off
  do not contact|don'?t contact|delete me|delete my data
  abmelden|abmeldung|abbestellen|austragen|austragung|loschen|loeschen|keine (?:e-?)?mails? mehr|keine weiteren (?:e-?)?mails?|kein spam|keine werbung|aufhoren|widerspruch
  desabonner|desabonnement|desinscrire|desinscription|se desabonner|se desinscrire|desabonnez-moi|desinscrivez-moi|me desinscrire|me desabonner|arretez|arret|plus de mails?|retirez-moi|supprimez-moi
  baja|dar(?:me)? de baja|darse de baja|dame de baja|denme de baja|deme de baja|desuscribir(?:me)?|cancelar suscripcion|no mas (?:correos?|e-?mails?|mensajes?)|eliminar|borrar|basta
  descadastrar|descadastro|descadastre-me|descadastrem-me|cancelar inscricao|cancelar subscricao|remover|remova-me|remover-me|sair|parar|pare|parem|chega de e-?mails?
  disiscrivi(?:mi)?|disiscrizione|disiscrivermi|disiscrivetemi|cancellami|cancellatemi|cancellazione|cancella iscrizione|annulla iscrizione|rimuovimi|rimuovetemi|rimuovere|basta (?:e-?)?mail
  afmelden|afmelding|uitschrijven|uitschrijving|schrijf (?:me|mij) uit|meld (?:me|mij) af|geen (?:e-?)?mails? meer|verwijder(?:en)?|stop met mailen|stoppen
`;
/** Of these, the ones that also count as a sentence among others: the rest are ordinary words there ("Stop! This is great."). */
const PLAIN_WORD = String.raw`
  unsubscribe(?: me| us)?|unsub|opt(?: |-)?out|opt me out|remove me|take me off|delete me|stop (?:all|e-?mails?|mails?|mailing|emailing|contact|spam|spamming)|no more (?:e-?mails?|mails?|messages?)
  leave me alone|do not contact|don'?t contact
  abmelden|abbestellen|austragen|keine (?:e-?)?mails? mehr|keine weiteren (?:e-?)?mails?
  desabonnez-moi|desinscrivez-moi|me desinscrire|me desabonner|desinscription|desabonnement|retirez-moi|supprimez-moi
  dar(?:me)? de baja|dame de baja|denme de baja|deme de baja|desuscribir(?:me)?|no mas (?:correos?|e-?mails?|mensajes?)
  descadastrar|descadastre-me|remova-me|remover-me|chega de e-?mails?
  disiscrivi(?:mi)?|disiscrivetemi|cancellami|cancellatemi|rimuovimi|rimuovetemi|basta (?:e-?)?mail
  afmelden|uitschrijven|schrijf (?:me|mij) uit|meld (?:me|mij) af|geen (?:e-?)?mails? meer
`;
const POLITE_BEFORE = String.raw`^[^\p{L}\d]{0,8}(?:(?:(?:hi|hello|hallo|hey|bonjour|hola|ola|ciao|dear) ?(?:\p{L}{1,20})?|please|pls|plz|kindly|no|no thanks|no thank you|thanks|just|bitte|nein|nein danke|merci|non merci|svp|stop|por favor|no gracias|per favore|no grazie|nao|nao obrigad[oa]|graag|aub|alstublieft|alsjeblieft|nee|nee bedankt|not interested)[^\p{L}\d]{1,4}){0,2}`;
const POLITE_AFTER = String.raw`(?:[^\p{L}\d]{1,4}(?:please|pls|plz|thanks|thank you|thx|now|immediately|asap|bitte|danke|sofort|merci|svp|s'il vous plait|por favor|gracias|obrigad[oa]|per favore|grazie|aub|alstublieft|alsjeblieft|graag|bedankt|dank u|dank je)){0,3}[^\p{L}\d]{0,8}$`;
const WHOLE = (list: string) => new RegExp(`${anyOf(list, "", POLITE_BEFORE).source}${POLITE_AFTER}`, "iu");
const WORD_ALONE = WHOLE(WORD);
const PLAIN_WORD_ALONE = WHOLE(PLAIN_WORD);
/** A subject of our own mailto address: the word, perhaps with the token that we put there. */
const SUBJECT = new RegExp(
  `${anyOf(WORD, "", POLITE_BEFORE).source}(?: (?:from|von|de|da|van) .{1,60}| (?=\\S{0,400}\\d)[\\w.-]{8,400})?${POLITE_AFTER}`,
  "iu",
);

const SOMEBODY = String.raw`(?:me|us|him|her|them|my|our|this|these|the|all|any|\S{1,60}@\S{1,80})`;
const MAIL_EN = String.raw`(?:e-?mails?|mails?|messages?|communications?|newsletters?|correspondence|spam|marketing|solicitations?|offers?|invitations?|follow-?ups?|outreach)`;
const LIST_EN = String.raw`(?:(?:mailing|mail|e-?mail|contact|contacts|distribution|marketing|sales|call|send|prospect|customer|outreach|crm) ?){0,2}(?:lists?|database|db|crm|e-?mails?|mails?|mailings?|system|systems|records?|sequences?|campaigns?|cadence|threads?|chain|conversation|newsletters?|files?|correspondence|distribution|contacts?|outreach)`;
const STOP_DOING = String.raw`(?:e-?mail|mail|messag|contact|writ|spamm|send|bother|annoy|harass|pester|call|solicit|follow)(?:l?ing|e?ing)`;

/** Requests, each from its first word: what may stand before is decided by BEGIN. */
const REQUEST = String.raw`
  unsubscribe ${SOMEBODY}(?! (?:users?|customers?|clients?|subscribers?|contacts?|leads?|members?|recipients?|readers?))
  unsubscribe from (?:your|this|these|all|the|any|future)
  (?:remove|delete|drop|erase|strike|scratch|scrub|purge|take) (?:me|us|him|her|them|my|our|this (?:e-?mail|address|account|mailbox|contact|person)|the (?:above|below|following|e-?mail|address)|(?:e-?mail|address|contact|name)|\S{1,60}@\S{1,80})(?: \S{1,60}){0,5}? (?:from|off|out of) (?:of )?(?:your|this|these|the|all|any|future|further)? ?(?:\S{1,20} )?${LIST_EN}
  (?:remove|delete|erase|purge) (?:me|us|my (?:name|address|e-?mail|e-?mail address|details|data|personal data|contact|contact details|info|information)|all my data|our (?:address|e-?mail|details|data|company))(?= ?(?:$|[.,;:!?)]|and|from|at|immediately|please|asap|now|as|under|permanently|completely))
  take (?:me|us|my \S{1,20}|this \S{1,20}) off(?= ?(?:$|[.,;!)]|and|please|now|asap|immediately|your|this|it))
  opt (?:me|us) out
  (?:stop|cease|quit) (?:(?:all|any|further|with|your|the) ){0,2}${STOP_DOING} ?(?:(?:to|up|with) )?(?:(?:me|us|my|our|these|this|any|all|more|your|on|people|him|her|such|e-?mails?|mails?|messages?)\b|$|[.!,])
  (?:stop|cease|quit) (?:(?:all|any|further|your|the|these|this|with) ){0,3}(?:${MAIL_EN}|contact|communication)
  cease and desist
  (?:do not|don'?t|never) (?:ever )?(?:e-?mail|mail|message|contact|write(?: to)?|call|bother|spam|approach|solicit) (?:me|us|this \S{1,20}|my \S{1,20}|our \S{1,20}|anyone here|him|her)(?: (?:again|any ?more|any longer|further|ever|in (?:the )?future)){0,3}(?: (?:with (?:this|such|any|more|your)|about (?:this|such))\b.{0,40})?(?= ?(?:$|[.,;!)]|or|and|thank|please))
  (?:do not|don'?t) (?:send|forward) (?:me|us|any|more|further)(?: \S{1,20}){0,4}? (?:${MAIL_EN}|information|info|material|stuff)
  (?:do not|don'?t) (?:contact|e-?mail|write|follow up|reach out|get in touch)(?: \S{1,20}){0,2}? (?:again|any ?more|any longer|further)
  no (?:more|further) (?:\S{1,20} )?(?:${MAIL_EN}|contact)
  leave (?:me|us) alone
  refrain from (?:\S{1,20} ){0,2}(?:contact|e-?mail|mail|writ|send|solicit)\p{L}{0,10}
  lose my (?:e-?mail|address|number|contact)
  nehme?n? (?:sie |du )?(?:bitte )?(?:mich|uns|meine|unsere|diese)(?: \S{1,30}){0,4}? (?:aus|von) (?:\S{1,20} ){0,2}?[\p{L}-]{0,20}(?:verteiler|liste|datenbank|kartei|system|newsletter)
  (?:(?:mich|uns) (?:bitte )?)?(?:aus|von) (?:dem|der|ihrem|ihrer|deinem|deiner|eurem|eurer|allen) (?:\S{1,20} )?[\p{L}-]{0,20}(?:verteilern?|listen?|datenbank|kartei|system) (?:zu )?(?:nehmen|entfernen|loschen|loeschen|streichen|austragen|rausnehmen|herausnehmen)
  (?:entfernen?|loschen?|loeschen?|streichen?|losche|entferne|streiche|sperren?) (?:sie )?(?:bitte )?(?:mich|uns|meine|meinen|unsere|unseren|alle meine|diese|samtliche)(?: \S{1,30}){0,6}
  (?:tragen?|trag|melden?|meld) (?:sie )?(?:bitte )?(?:mich|uns)(?: \S{1,30}){0,6}? (?:aus|ab)(?= ?(?:$|[.,;!)]|und))
  (?:mich|uns|meine (?:e-?mail-?)?(?:adresse|daten)) (?:bitte )?(?:umgehend |sofort )?(?:abmelden|austragen|abzumelden|auszutragen|loschen|loeschen|zu loschen|entfernen|zu entfernen|streichen)
  bitte (?:sofort |umgehend )?(?:abmelden|abbestellen|austragen)
  (?:schicken?|schick|senden?|sende|mailen?|schreiben?|schreib) (?:sie )?(?:mir|uns)(?: bitte)? (?:keine?n?|nie|nicht)(?: \S{1,30}){0,5}
  (?:bitte )?keine? (?:weiteren?|weitere|zukunftigen|solchen) (?:\S{1,20} )?(?:e-?mails?|mails?|nachrichten|anfragen|kontaktaufnahmen?|zusendungen|angebote|werbung|werbe-?mails?|schreiben|kontakt|anrufe|newsletter|infos|informationen)
  (?:bitte )?keine? (?:e-?mails?|mails?|nachrichten|werbung|newsletter|werbe-?mails?|zusendungen|anfragen)(?: \S{1,20}){0,3}? (?:mehr|zusenden|schicken|senden)
  (?:kontaktieren?|kontaktier|belastigen?|schreiben?|anschreiben|rufen) (?:sie )?(?:mich|uns|mir)(?: bitte)? (?:nicht|nie)(?: \S{1,20}){0,2}? (?:mehr|wieder|weiter|erneut|an)
  (?:bitte )?(?:mich |uns )?(?:nicht|nie) (?:mehr|wieder|weiter) (?:kontaktieren|anschreiben|schreiben|mailen|belastigen|anmailen|zu kontaktieren|anzuschreiben)
  (?:sehen|nehmen) sie (?:bitte )?von (?:weiteren?|zukunftigen) (?:\S{1,40} ){1,4}ab
  (?:bitte )?(?:von )?(?:weiteren?|zukunftigen) (?:\S{1,40} ){1,2}(?:abzusehen|zu unterlassen|unterlassen)
  unterlassen sie (?:bitte )?(?:\S{1,30} ){0,3}(?:kontakt|mails?|e-?mails?|werbung|zusendung|anschreiben|nachrichten|anfragen)\p{L}{0,12}
  lassen sie (?:mich|uns) (?:bitte )?in ruhe
  horen sie auf(?: \S{1,20}){0,4}
  (?:desabonnez|desinscrivez|retirez|supprimez|enlevez|rayez|radiez|otez|effacez)(?:-| )(?:moi|nous|mon|mes|notre|nos)(?: \S{1,30}){0,8}
  (?:de |d')?(?:bien vouloir )?(?:me |nous )(?:desinscrire|desabonner|retirer|supprimer|enlever|rayer|radier|oter)(?: \S{1,30}){0,6}
  (?:de |d')?(?:bien vouloir )?(?:retirer|supprimer|enlever|effacer) (?:mon|mes|notre|nos) (?:adresse|mail|e-?mail|courriel|nom|coordonnees|donnees|contact)s?
  (?:de )?ne (?:plus|pas) (?:me |nous |m'|m')?(?:re)?(?:contacter|ecrire|solliciter|envoyer|demarcher|relancer|deranger|importuner)(?: \S{1,20}){0,3}
  ne (?:me|nous|m') ?(?:re)?(?:contactez|ecrivez|sollicitez|envoyez|demarchez|relancez) (?:plus|pas)
  (?:n'ecrivez|n'envoyez) plus
  (?:cessez|arretez)(?: \S{1,12})? (?:de |d')(?:me |nous |m'|vos )?\S{1,30}
  plus (?:de|d') ?(?:mails?|e-?mails?|courriels?|messages?|spams?|pubs?|publicites?)(?= ?(?:$|[.,;!)]|svp|merci))
  (?:de(?:me|nme)?|dame|den(?:me)?|dar(?:me|nos)?|darse|dad(?:me)?) de baja(?! (?:de mi|del? (?:servicio|proveedor|plan)))
  (?:elimine|eliminen|elimina|eliminar|borre|borren|borra|borrar|quite|quiten|quita|quitar|saque|saquen|saca|sacar|retire|retiren)(?:me|nos)? (?:(?:mi|mis|nuestro|nuestra|este) )?(?:\S{1,20} ){0,3}?(?:de (?:su|sus|tu|la|esta|todas) (?:\S{1,20} ){0,2}?(?:listas?|base|bases|lista)|correo|email|e-mail|direccion|datos|contacto)
  (?:eliminenme|elimineme|eliminame|borrenme|borreme|borrame|quitenme|quiteme|quitame|saquenme|saqueme|sacame|bajenme|desuscribanme|desuscribeme)
  no (?:me|nos) (?:vuelvan? a |vuelvas a )?(?:envie[ns]?|mande[ns]?|escriba[ns]?|contacte[ns]?|moleste[ns]?|llame[ns]?|enviar|escribir|contactar|mandar|molestar)(?: \S{1,20}){0,2}?(?: (?:mas|nunca|ningun|ninguna|correos?|mensajes?|e-?mails?)|(?= ?(?:$|[.,;!)])))
  no (?:me |nos )?vuelva[ns]? a (?:enviar|escribir|contactar|mandar|molestar)\p{L}{0,4}
  dej(?:e|en|a|ad) de (?:enviar|escribir|contactar|mandar|molestar|llamar)\p{L}{0,4}
  (?:cancele?n?|cancelar) (?:mi|la|esta) suscripcion
  (?:descadastr(?:e|em|ar|a)|remov(?:a|am|er|e)|retir(?:e|em|ar)|tir(?:e|em|ar)|exclu(?:a|am|ir)|apag(?:ue|uem|ar)|elimin(?:e|em|ar))(?:-?(?:me|nos))? (?:(?:o|a|os) )?(?:(?:meu|minha|meus|nosso|nossa|este) )?(?:\S{1,20} ){0,3}?(?:d[aoe]s? (?:\S{1,20} ){0,2}?(?:listas?|mailing|base|cadastro|newsletter)|e-?mail|email|contato|contacto|endereco|dados|cadastro)
  (?:me |nos )(?:descadastr(?:e|em|ar)|remov(?:a|am|er)|tir(?:e|em|ar)|retir(?:e|em)|exclu(?:a|am))(?: \S{1,20}){0,5}
  (?:descadastre|descadastrem|remova|removam|retire|retirem|tire|tirem|exclua|excluam)-(?:me|nos)
  nao (?:me |nos )?(?:envi(?:e|em|ar)|mand(?:e|em|ar)|escrev(?:a|am|er)|conta(?:c)?t(?:e|em|ar)|incomod(?:e|em)|volt(?:e|em) a \S{1,20})(?:-(?:me|nos))?(?: \S{1,20}){0,3}? (?:mais|nunca|novamente)
  (?:pare|parem|parar|deixe|deixem) de (?:me |nos )?(?:enviar|mandar|escrever|conta(?:c)?tar|incomodar)\p{L}{0,4}(?:-\p{L}{2,3})?
  (?:cancele|cancelem|cancelar) (?:a |minha |a minha |esta )(?:inscricao|subscricao|assinatura)
  (?:cancell|rimuov|togli|elimin|disiscriv)(?:a|e|i|ate|ete|ete)?(?:mi|ci)(?: \S{1,20}){0,5}
  (?:di )?(?:cancellare|rimuovere|togliere|eliminare|cancellate|rimuovete|togliete|eliminate|cancelli|rimuova|tolga|elimini|disiscrivere) (?:(?:il|la|i|le) )?(?:mi[oa]|miei|mie|nostr[oiae]|questo|questa|mi|ci)(?: \S{1,20}){0,6}
  (?:cancellarmi|rimuovermi|togliermi|eliminarmi|disiscrivermi) (?:da|dal|dalla|dalle|dai)(?: \S{1,20}){0,4}
  non (?:mi |ci )?(?:contatt|scriv|invi|mand|disturb)\p{L}{1,10}(?: \S{1,20}){0,2}? (?:piu|altre|altri|ulteriori|alcuna)
  (?:smett|piant)\p{L}{1,8} di (?:scriver|inviar|contattar|mandar|disturbar)\p{L}{1,4}
  basta (?:con )?(?:(?:le|queste|i) )?(?:e-?mail|mail|messaggi|spam)
  (?:annulla|annullare|annullate|cancellare|cancellate) (?:la mia |l'|la )(?:iscrizione|sottoscrizione)
  schrijf (?:me|mij|ons|mijn \S{1,20})(?: \S{1,20}){0,6}? uit(?= ?(?:$|[.,;!)]|en|voor|van))
  meld (?:me|mij|ons)(?: \S{1,20}){0,5}? af(?= ?(?:$|[.,;!)]|en|voor|van))
  haal (?:me|mij|ons|mijn \S{1,30}|dit \S{1,20})(?: \S{1,20}){0,3}? (?:van|uit|weg) ?(?:\S{1,20} ){0,2}?(?:[\p{L}-]{0,20}(?:lijst|bestand|database|systeem)|$)
  (?:verwijder|schrap|wis) (?:me|mij|ons|mijn|onze|dit)(?: \S{1,20}){0,6}
  (?:me |mij |ons |mijn \S{1,30} )?(?:\S{1,20} ){0,2}?(?:uit|van) (?:uw|je|jullie|de|deze|het) (?:\S{1,20} )?[\p{L}-]{0,20}(?:lijst|bestand|database|mailing)(?: te)? (?:verwijderen|halen|schrappen)
  (?:me|mij|ons) (?:\S{1,20} ){0,2}?(?:uitschrijven|afmelden|uit te schrijven|af te melden|verwijderen|te verwijderen)
  geen (?:verdere |nieuwe )?(?:e-?mails?|mails?|berichten|reclame|nieuwsbrieven|spam)(?: \S{1,20}){0,3}? meer
  geen verdere (?:e-?mails?|mails?|berichten|contact)
  stuur (?:me|mij|ons) (?:\S{1,20} )?(?:geen|niets|niet)(?: \S{1,20}){0,3}
  stop (?:met|a\.?u\.?b\.? met) (?:het )?(?:mailen|e-mailen|sturen|contacteren|schrijven|benaderen|bellen|spammen|versturen)
  neem (?:\S{1,20} )?geen contact meer (?:met .{1,20} )?op
  (?:mail|contacteer|benader|bel|schrijf|spam) (?:me|mij|ons) (?:\S{1,20} )?(?:niet|nooit) (?:meer|weer|opnieuw)
  (?:me |mij |ons )?niet meer (?:te )?(?:mailen|contacteren|benaderen|schrijven|bellen|sturen)
`;
/** Wishes, which carry their own subject: "I no longer wish to receive …". They may stand anywhere in a sentence. */
const WISH = String.raw`
  (?:i|we)(?:'d| would| do| really| hereby)* (?:want|wish|like|ask|request|need|prefer|demand)(?: you)? (?:to )?(?:be (?:removed|taken off|unsubscribed|deleted|opted out)|unsubscribe(?! (?:my|our|users|customers))|opt out(?! of (?:our|the contract)))
  (?:i|we)(?: would| do| really)? (?:no longer|don'?t|do not|never) (?:want|wish|like|care|need)(?: you)? (?:to )?(?:\S{1,20} ){0,2}?(?:receiv|get|hear|be (?:contacted|e-?mailed))\p{L}{0,6} (?:\S{1,20} ){0,4}?(?:${MAIL_EN}|from you|by you|again|any ?more|you)
  (?:i|we)(?: would| do| really)? (?:no longer|don'?t|do not|never) (?:want|wish|like)(?: you)? to (?:be contacted|be e-?mailed|hear from you|receive anything|contact (?:me|us)|e-?mail (?:me|us)|send (?:me|us))
  (?:i|we)(?: do)? (?:don'?t|do not|no longer) want (?:any (?:more |further )?|your |these |more |further )(?:\S{1,20} )?${MAIL_EN}
  (?:i|we) (?:hereby )?(?:opt out(?! of (?:our|the contract))|unsubscribe$|withdraw (?:my|our) consent|revoke (?:my|our) consent|object to (?:the |any )?(?:processing|use|direct marketing))
  how (?:do|can|could|may) (?:i|we) (?:unsubscribe|opt out|get off|be removed|get removed|stop (?:these|this|receiving|getting))(?= ?(?:$|[?.!]|from (?:this|these|your|the (?:list|mailing|newsletter))|of (?:this|these|your)|(?:your|this|these|the) ))
  (?:i|we) never (?:signed up|subscribed|opted in|asked)(?: \S{1,20}){0,8}? (?:remove|unsubscribe|stop)
  (?:can|could|will|would|may) (?:i|we) (?:please )?be (?:removed|taken off|unsubscribed)
  ich (?:mochte|moechte|will|wunsche|wuensche|verzichte auf)(?: bitte)?(?: auch)? (?:keine?n?|nichts)(?: \S{1,30}){0,4}? (?:e-?mails?|mails?|nachrichten|werbung|newsletter|kontakt\p{L}{0,12}|zusendungen|post|anfragen|angebote|mehr)
  (?:ich|wir) (?:mochten?|moechten?|wollen|will|wunschen?)(?: \S{1,20}){0,2}? (?:nicht|nie)(?: \S{1,20}){0,3}? (?:kontaktiert|angeschrieben|belastigt|angemailt)
  (?:ich|wir) (?:mochten?|moechten?|wollen|will) (?:mich|uns)(?: \S{1,20}){0,3}? (?:abmelden|austragen)
  (?:hiermit )?(?:widerspreche|widerrufe|widersprechen|widerrufen) (?:ich|wir)(?: \S{1,30}){0,8}
  ich (?:widerspreche|widerrufe)(?: \S{1,30}){0,6}? (?:nutzung|verarbeitung|verwendung|speicherung|einwilligung|zusendung|kontaktaufnahme|werbung)
  je ne (?:veux|souhaite|desire|voudrais|souhaiterais) (?:plus|pas) (?:recevoir|etre (?:re)?(?:contacte|sollicite|demarche|derange)|(?:de |d'|vos )(?:mails?|e-?mails?|courriels?|messages?|publicites?))
  je (?:veux|souhaite|desire|voudrais|souhaiterais) (?:me desabonner|me desinscrire|etre (?:retire|supprime|desinscrit|desabonne|radie))
  nous ne (?:souhaitons|voulons|desirons) plus (?:recevoir|etre contactes?)
  je m'oppose (?:au|a) (?:\S{1,20} ){0,3}(?:traitement|utilisation|prospection|demarchage)
  comment (?:me|puis-je me|faire pour me) (?:desabonner|desinscrire)
  no (?:deseo|quiero|queremos|deseamos|me interesa) (?:seguir )?(?:recibi(?:r|endo)|que me (?:contacten|escriban|envien)|mas (?:correos?|mensajes?|e-?mails?|publicidad)|ser contactad[oa])
  (?:quiero|deseo|quisiera|solicito|me gustaria) (?:que me den de baja|dar(?:me|se)? de baja|la baja|ser eliminad[oa])(?! (?:de mi|del? (?:servicio|proveedor|plan)))
  nao (?:quero|queremos|desejo|desejamos|pretendo|pretendemos|gostaria de) (?:mais )?(?:receber|ser conta(?:c)?tad[oa]|e-?mails?|mensagens)
  (?:quero|desejo|gostaria de|pretendo) (?:ser (?:removid|retirad|descadastrad)[oa]|me descadastrar|sair da lista|cancelar (?:a |minha )?(?:inscricao|subscricao))
  non (?:desidero|voglio|vogliamo|desideriamo|intendo|gradisco|vorrei) (?:piu )?(?:ricevere|essere (?:ri)?contattat[oaie]|altre (?:e-?mail|mail|comunicazioni))
  (?:desidero|voglio|vorrei|chiedo di) (?:essere (?:cancellat|rimoss|eliminat)[oa]|cancellarmi|disiscrivermi)
  revoco il (?:mio )?consenso
  (?:ik|wij|we) (?:wil|willen|wens|wensen|wenst) (?:\S{1,20} ){0,2}?(?:geen|niet|niks|niets)(?: \S{1,20}){0,5}? (?:ontvangen|gecontacteerd|benaderd|gemaild|krijgen|e-?mails?|mails?)
  (?:ik|wij|we) (?:wil|willen|wens|wensen) (?:me|mij|ons) (?:\S{1,20} ){0,4}?(?:uitschrijven|afmelden)
  hoe kan ik (?:me|mij) (?:\S{1,20} ){0,4}?(?:uitschrijven|afmelden)
`;

/** Where a request may begin: with the sentence or a clause of it, or behind words that ask. Not behind "don't", "to" or "if I". */
const ASKING = String.raw`
  please|pls|plz|kindly|just|and|so|then|or|but|again|immediately|now|simply|must|you to|should|thanks?|thank you|go ahead and
  (?:can|could|would|will|may|must|should) (?:you|i ask you to|we ask you to)(?: please| kindly)?
  (?:want|need|like|ask|request|asking|require) (?:you|that you)(?: to)?
  appreciate (?:it )?if you(?: could| would)?(?: please)?|be grateful if you could|be so kind as to
  bitte|und|oder|aber|also|daher|nochmals?|konnen sie|konnten sie|wurden sie|mochte sie bitten|bitte sie|sie bitten|darum|dass sie|nein|danke
  merci|de|veuillez|priere de|svp|pouvez-vous|pourriez-vous|et|ou|donc|vous prie|vous demande|demandons|bonjour|je souhaite|voudrais|s'il vous plait
  por favor|favor|favor de|y|o|pero|les? pido que|les? ruego|ruego|ruego que|solicito que|pido que|pueden?|podrian?|puede|gracias|solicito
  e|ou|mas|entao|peco que|peco|agradeco que|gostaria que|poderiam?|podem?|obrigad[oa]
  prego|vi prego di|la prego di|si prega di|per favore|per cortesia|ma|quindi|potete|puo|potreste|potrebbe|chiedo di|gradirei che|grazie
  cortesemente|gentilmente|vi chiedo di|le chiedo di
  graag|gelieve|wilt? u|kunt? (?:u|je|jullie)|wil je|zou u|zou je|en|of|dus|maar|verzoek u|verzoek|alstublieft|aub|bedankt|vriendelijk|gelieve te
`;
const BEGIN = `(?:^|[.,;:!?()–—"…] ?| - |(?<![\\p{L}'])(?:${anyOf(ASKING, "").source}) )`;
const REQUESTED = new RegExp(`${BEGIN}(?:["'(]{0,2})(?:${anyOf(REQUEST, "").source})`, "iu");
/** Not behind "It is not that …". */
const WISHED = new RegExp(`(?<![\\p{L}\\d]|not (?:that|because) |nicht[ ,]{1,2}dass )(?:${anyOf(WISH, "").source})`, "iu");

/**
 * The request to stop in a reply; null when there is none. "Not interested" alone is none.
 *
 * @param reply its new text, without quotes: our own footer says "unsubscribe" too
 */
export function unsubscribeRequest(reply: { readonly newText: string; readonly subject: string }): UnsubscribeRequest | null {
  return inSubject(reply.subject) ?? aloneInLine(reply.newText) ?? inSentence(reply.newText);
}

/** `Re: …` is the subject of our own mail, and says nothing. */
function inSubject(subject: string): UnsubscribeRequest | null {
  const line = subject.slice(0, 600).trim();
  return SUBJECT.test(folded(line)) ? { evidence: line.toWellFormed(), rule: "subject" } : null;
}

function aloneInLine(text: string): UnsubscribeRequest | null {
  const lines = text
    .slice(0, MAX_TEXT)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const short = isShort(text);
  const found = lines.find((line, at) => (short || isAtTop(lines, at)) && line.length <= 160 && WORD_ALONE.test(folded(line)));
  return found === undefined ? null : { evidence: found.trim().toWellFormed(), rule: "word alone" };
}

function inSentence(text: string): UnsubscribeRequest | null {
  const short = isShort(text);
  const found = sentencesIn(text).find((sentence) => asksToStop(sentence) || (short && saysTheWord(sentence)));
  return found ? { evidence: found.source.toWellFormed(), rule: "request" } : null;
}

/** Nothing but a greeting and a sentence stands above it. */
function isAtTop(lines: readonly string[], at: number): boolean {
  return at < TOP_LINES && lines.slice(0, at).join(" ").split(/\s+/).length <= TOP_WORDS;
}

function isShort(text: string): boolean {
  return text.slice(0, MAX_TEXT).split(/\s+/).length <= SHORT_REPLY;
}

function asksToStop({ words }: Sentence): boolean {
  return REQUESTED.test(words) || WISHED.test(words);
}

function saysTheWord({ words, clauses }: Sentence): boolean {
  return PLAIN_WORD_ALONE.test(words) || clauses.some((clause) => PLAIN_WORD_ALONE.test(clause.words));
}
