// How do people answer outreach in German? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:januar|janner|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|q[1-4])";

export const german: InterestPhrases = {
  interested: String.raw`
    interessiert(?! mich nicht)
    habe? (?:\S{1,12} )?interesse
    hatten? (?:\S{1,12} )?interesse
    haben (?:\S{1,12} )?interesse
    (?:grosses|grundsatzlich|durchaus) interesse
    klingt interessant
    hort sich interessant an
    finde ich interessant
  `,
  agrees: String.raw`
    (?:gerne|sehr gerne|ja gerne|ja bitte)(?:,|$)
    gerne? (?:konnen|konnten|wurde|wurden|horen|sprechen|am|nachste|telefon|einen termin|vereinbar)\p{L}{0,8}
    (?:lassen sie uns|lass uns) (?:\S{1,20} ){0,4}?(?:sprechen|telefonieren|treffen|reden|vereinbaren|austauschen)
    klingt (?:sehr |wirklich )?(?:gut|super|spannend|prima|toll|vielversprechend)
    hort sich (?:sehr )?(?:gut|spannend|toll) an
    freue mich (?:auf|schon|uber (?:ihren anruf|einen termin))
    (?:montag|dienstag|mittwoch|donnerstag|freitag|morgen|ubermorgen|der termin|das|\d{1,2}(?::\d{2})? uhr|nachste woche|vormittag|nachmittag) (?:\S{1,12} ){0,2}?(?:passt|ginge|geht|ware gut|klappt)
    passt (?:mir|uns|gut)
    rufen sie (?:mich|uns) (?:gerne |bitte |am |morgen )?an
    (?:hatten|haben) sie (?:\S{1,14} ){0,4}?(?:zeit|minuten)
    zeit fur ein(?:en)?
    wann (?:passt|hatten|haben|konnen|konnten)(?: \S{1,12}){0,4}
    (?:einen |ein )?(?:termin|telefonat|gesprach|demo) (?:\S{1,12} ){0,2}?(?:vereinbaren|ausmachen|machen|ansetzen)
    konnen wir (?:\S{1,20} ){0,4}?(?:sprechen|telefonieren|treffen|reden)
  `,
  asksForInfo: String.raw`
    was kostet
    wie ?viel kostet
    welche kosten
    was kosten
    wie teuer
    (?:preis|preise|preisliste|kosten|konditionen|angebot|unterlagen|infos?|informationen|details|broschure|prasentation|referenzen|infomaterial)(?: \S{1,14}){0,4}? (?:schicken|senden|zusenden|zukommen|zuschicken|zumailen|mitteilen|nennen|geben)
    (?:schicken|senden|schick|sende|mailen) (?:sie )?(?:mir|uns)(?: \S{1,14}){0,4}? (?:infos?|informationen|details|unterlagen|angebot|preise|preisliste|broschure|prasentation|beispiele|referenzen|mehr|weitere \S{1,20})
    mehr (?:infos?|informationen|details)
    haben sie (?:\S{1,14} )?(?:referenzen|beispiele|unterlagen|fallstudien|preise|eine demo|infos|informationen)
    nahere (?:infos?|informationen|details)
    mehr (?:daruber |dazu )?(?:erfahren|wissen)
    wie funktioniert
    konnen sie (?:\S{1,14} ){0,4}?(?:erklaren|erlautern)
    was genau (?:bieten|machen|ist)
  `,
  objects: String.raw`
    zu (?:teuer|hoch|komplex|kompliziert|aufwandig|klein)
    (?:kein|keine|ohne|nicht im)(?: \S{1,12}){0,2} budget
    (?:haben|nutzen|verwenden|arbeiten|setzen|habe|nutze)(?: \S{1,14}){0,3}? (?:bereits|schon)
    (?:bereits|schon)(?: \S{1,14}){0,4}? (?:losung|anbieter|partner|dienstleister|im einsatz|versorgt|vertrag|tool|system|abgedeckt|zusammen|nutzen|haben)
    (?:zufrieden|glucklich) mit
    (?:mit|sind)(?: \S{1,14}){0,4}? (?:sehr )?zufrieden
    machen wir (?:selbst|intern)
    intern (?:gelost|abgedeckt)
    vertraglich gebunden
    bedenken
    sehe (?:keinen|den) (?:mehrwert|nutzen|vorteil|bedarf)(?: nicht)?
  `,
  notNow: String.raw`
    (?:jetzt|momentan|derzeit|aktuell|gerade|zurzeit|zur zeit|im moment|im augenblick)(?: \S{1,14}){0,5}? (?:nicht|kein|keine|keinen|keiner|ungunstig|schlecht)
    (?:nicht|kein|keine|keinen)(?: \S{1,14}){0,3}? (?:jetzt|momentan|derzeit|aktuell|gerade|zurzeit|zur zeit|im moment|im augenblick)
    noch nicht
    (?:spater|im nachsten jahr|nachstes jahr|nachstes quartal|im nachsten quartal|im neuen jahr|nachsten monat|kommendes jahr|kommenden jahr|zu einem spateren zeitpunkt|nach dem sommer|nach den ferien|nach dem urlaub)
    (?:im|ab|ende|anfang|mitte|bis) ${MONTH}
    in (?:ein paar|einigen|zwei|drei|sechs|\d{1,2}) (?:wochen|monaten|quartalen)
    keine (?:zeit|kapazitat|kapazitaten|prioritat)
    (?:hat|haben) (?:\S{1,12} )?keine prioritat
    auf eis
  `,
  refers: String.raw`
    (?:wenden|wende) (?:sie |du )?(?:sich |dich )?(?:bitte )?(?:\S{1,14} ){0,3}?an(?! mich| uns)
    (?:kontaktieren|kontaktiere) sie(?! (?:bitte )?(?:mich|uns))(?: bitte| dazu| hierzu)?
    (?:bitte )?sprechen sie (?:bitte )?(?:mit|herrn|frau|meinen|meine)
    (?:zustandig|verantwortlich|ansprechpartner|ansprechpartnerin|der richtige|die richtige)(?: \S{1,14}){0,3}? (?:ist|ware|sind)(?! (?:ich|nicht))
    (?:ist|ware)(?: \S{1,14}){0,4}? (?:zustandig|verantwortlich|der richtige ansprechpartner|die richtige ansprechpartnerin)
    (?:leite|leiten|habe|leitete)(?: \S{1,14}){0,6}? (?:weiter|weitergeleitet)
    weitergeleitet an
    kollege
    kollegin
    in (?:cc|kopie)
  `,
  wrongPerson: String.raw`
    kummere (?:ich )?mich (?:\S{1,12} ){0,3}?nicht
    falsche[rn]? (?:person|ansprechpartner|adresse|kontakt|empfanger|abteilung)
    nicht (?:der|die) (?:richtige|richtigen|korrekte|passende)
    (?:nicht mehr)(?: \S{1,14}){0,4}? (?:bei|im unternehmen|in der firma|tatig|beschaftigt|zustandig|fur)
    nicht (?:\S{1,12} )?(?:zustandig|verantwortlich)
    (?:unternehmen|firma|haus)(?: \S{1,14}){0,3}? verlassen
    (?:im ruhestand|in rente|in pension|pensioniert|verstorben|ausgeschieden)
    arbeite?t? (?:\S{1,12} )?nicht mehr
    keinen? (?:einfluss|entscheidungs\p{L}{1,12})
  `,
  refuses: String.raw`
    nein,? danke
    (?:danke,? )?nein
    kein(?:en|e|erlei)? (?:\S{1,14} )?(?:interesse|bedarf|verwendung|notwendigkeit)
    nicht (?:\S{1,14} )?(?:interessiert|relevant|interessant|notig|benotigt|erforderlich|passend)
    passt (?:fur|zu) uns (?:leider )?nicht
    passt (?:leider )?nicht (?:fur|zu) uns
    interessiert (?:mich|uns) nicht
    (?:brauchen|benotigen|brauche|benotige|wollen)(?: \S{1,14}){0,3}? (?:nicht|nichts|kein|keine|keinen)
    (?:mussen|muss|mochten|mochte)(?: \S{1,14}){0,4}? absagen
    (?:haben|habe) (?:\S{1,14} ){0,3}?(?:dagegen entschieden|anders entschieden)
    nicht suchen
    suchen (?:\S{1,14} ){0,2}?(?:nicht|keine)
    auf keinen fall
    spam
  `,
  neutral: String.raw`
    (?:zur kenntnis|ist notiert|notiert|angekommen|erhalten)
    (?:schaue?n?|sehe?n?|prufe?n?|lese?n?|uberlege?n?|bespreche?n?)(?: \S{1,14}){0,5}? (?:an|durch|mal|intern|mir|uns)
    (?:melde?n?) (?:mich|uns)
    (?:komme?n?) (?:\S{1,14} ){0,4}?auf sie zu
    werde(?:n)? (?:\S{1,14} ){0,5}?(?:prufen|ansehen|anschauen|melden|besprechen)
    danke fur die (?:info|information|informationen|ruckmeldung)
  `,
  unsure: String.raw`
    nicht (?:\S{1,12} )?sicher
    unsicher
    weiss (?:ich )?(?:noch )?nicht
    (?:ich )?weiss nicht
    vielleicht
    eventuell
    moglicherweise
    kommt (?:darauf|drauf) an
    nur wenn
    unter umstanden
    mal sehen
    woher haben sie
  `,
  mocks: String.raw`
    na toll
    ja klar
    super,? noch
    wie originell
    sehr witzig
    traumen sie weiter
    guter witz
    toll,? noch
  `,
  harmlessNegation: String.raw`
    kein problem
    kein thema
    nicht nur
    warum nicht
    keine sorge
    ohne zweifel
  `,
  yourInterest: String.raw`
    falls sie(?: \S{1,12}){0,3} interess\p{L}{1,5}
    wenn sie(?: \S{1,12}){0,3} interess\p{L}{1,5}
    ihr interesse
  `,
};
