// How do people answer outreach in Dutch? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|q[1-4])";

export const dutch: InterestPhrases = {
  interested: String.raw`
    geinteresseerd
    heb(?:ben)? (?:\S{1,12} )?interesse
    klinkt interessant
    lijkt (?:me|mij|ons) interessant
  `,
  agrees: String.raw`
    (?:graag|ja graag)(?:,|$)
    ja,? (?:graag|prima|laten|leuk|natuurlijk)
    laten we (?:\S{1,20} ){0,4}?(?:praten|spreken|bellen|afspreken|plannen)
    kunnen we (?:\S{1,14} ){0,3}?(?:bellen|praten|spreken|afspreken)
    klinkt (?:heel |erg )?(?:goed|prima|leuk|top)
    (?:maandag|dinsdag|woensdag|donderdag|vrijdag|morgen) (?:\S{1,12} )?(?:past|schikt|is goed|kan|lukt|komt)
    bel (?:me|mij|ons) (?:maar|gerust|morgen|op|even)
    wanneer (?:kunnen|kunt|kun|zullen|komt)(?: \S{1,12}){0,3}
    ik kijk uit naar
    (?:afspraak|gesprek|demo) (?:inplannen|plannen|maken)
  `,
  asksForInfo: String.raw`
    (?:hoeveel|wat) (?:kost|kosten|zou het kosten)
    wat (?:is|zijn)(?: \S{1,12}){0,2} (?:prijs|prijzen|kosten|tarief|tarieven)
    (?:stuur|sturen|mail|doorsturen|opsturen|toesturen|bezorg)(?: \S{1,14}){0,4}? (?:info|informatie|details|prijslijst|prijzen|offerte|brochure|presentatie|voorbeelden|documentatie|tarieven|voorstel)
    (?:info|informatie|offerte|brochure|prijslijst|details|presentatie)(?: \S{1,14}){0,3}? (?:sturen|toesturen|mailen|opsturen|doorsturen)
    meer (?:info|informatie|details)
    meer (?:\S{1,12} )?(?:weten|horen)
    hoe werkt
    (?:kunt|kun|kan) (?:u|je) (?:\S{1,12} ){0,4}?(?:uitleggen|toelichten|vertellen)
  `,
  objects: String.raw`
    te (?:duur|hoog|complex|klein|prijzig)
    (?:geen|buiten|niet in)(?: \S{1,12}){0,2} budget
    (?:hebben|gebruiken|werken|heb|gebruik)(?: \S{1,14}){0,2}? al
    al (?:een|voorzien|in gebruik|leverancier|partner|oplossing)
    (?:tevreden|blij) (?:met|over)
    doen (?:we|wij) (?:zelf|intern)
    intern (?:opgelost|geregeld)
    zie (?:de|het|geen)(?: \S{1,12})? (?:meerwaarde|toegevoegde waarde|nut|voordeel)(?: niet)?
  `,
  notNow: String.raw`
    (?:nu|momenteel|op dit moment|op het moment|voorlopig|vooralsnog)(?: \S{1,14}){0,6}? (?:niet|geen)
    (?:niet|geen)(?: \S{1,14}){0,4}? (?:nu|momenteel|op dit moment|op het moment|voorlopig)
    nog niet
    later (?:dit jaar|misschien)
    misschien later
    volgend (?:kwartaal|jaar)
    volgende maand
    (?:in|vanaf|na|eind|begin|tot|medio) ${MONTH}
    over (?:een paar|enkele|twee|drie|zes|\d{1,2}) (?:weken|maanden)
    na de (?:zomer|vakantie|feestdagen)
    geen (?:tijd|prioriteit|capaciteit)
  `,
  refers: String.raw`
    (?:neem|kunt u|kun je|u kunt|je kunt) (?:\S{1,14} ){0,2}?contact (?:op ?nemen |opnemen )?(?:op )?met (?!mij|me|ons)\S{1,60}(?: \S{1,60}){0,3}
    (?:mail|contacteer|benader|spreek|vraag) (?:beter |liever |het )?(?!me |mij |ons )(?:\S{1,60} ){0,3}?(?:\S{1,60}@\S{1,80}|collega)
    (?:de juiste (?:persoon|contactpersoon)|het juiste aanspreekpunt)(?: \S{1,12}){0,4}? is(?! niet)
    (?:doorgestuurd|stuur|heb)(?: \S{1,14}){0,5}? (?:door|doorgestuurd|doorgezet)(?: aan| naar)?
    terecht bij
    (?:gaat (?:hierover|daarover)|is verantwoordelijk|is hiervoor verantwoordelijk|regelt dit)
    (?:mijn|een|onze) collega
    in (?:cc|kopie)
  `,
  wrongPerson: String.raw`
    (?:niet|geen) (?:\S{1,12} )?(?:de juiste|juiste) (?:persoon|contactpersoon|aanspreekpunt|afdeling)
    (?:verkeerde|foute) (?:persoon|adres|contactpersoon|afdeling)
    (?:werk|werkt|werkzaam|ben|is)(?: \S{1,14}){0,4}? niet (?:meer|langer)(?: \S{1,12}){0,3}?
    niet (?:meer|langer) (?:werkzaam|in dienst|verantwoordelijk|bij)
    (?:bedrijf|organisatie|firma) verlaten
    (?:met pensioen|overleden|uit dienst)
    (?:ben|ga|is|gaat) (?:hier |daar )?niet (?:verantwoordelijk|over|hierover)
    ga (?:hier|daar) niet over
  `,
  refuses: String.raw`
    nee,? (?:bedankt|dank (?:u|je))
    (?:bedankt,? )?maar nee
    geen (?:\S{1,14} )?(?:interesse|behoefte|belangstelling)
    niet (?:\S{1,14} )?(?:geinteresseerd|relevant|interessant|nodig|van toepassing)
    interesseert (?:me|mij|ons) niet
    (?:hebben|heb) (?:\S{1,14} ){0,3}?(?:niet nodig|geen behoefte)
    niet op zoek
    (?:zien|zie) (?:er)?(?:van af|af van)
    (?:wij|we|ik) (?:bedanken|bedank) (?:hiervoor|voor de eer)
  `,
  neutral: String.raw`
    (?:genoteerd|ontvangen|ter kennisgeving)
    (?:ik|we|wij) (?:zal|zullen|ga|gaan|bekijk|bekijken|kijk|kijken|bespreek|bespreken|overleg|lees)(?: \S{1,14}){0,5}?
    kom (?:\S{1,14} ){0,3}?op terug
    (?:laat|laten) (?:\S{1,12} ){0,3}?weten
    bedankt voor de (?:info|informatie)
  `,
  unsure: String.raw`
    niet (?:\S{1,12} )?(?:zeker|overtuigd)
    weet (?:ik )?(?:het )?(?:nog )?niet
    misschien
    wellicht
    mogelijk
    hangt (?:er)?(?:van )?af
    alleen als
    we zien wel
    hoe komt u aan
  `,
  mocks: String.raw`
    ja hoor
    leuk geprobeerd
    heel grappig
    fijn,? nog een
  `,
  harmlessNegation: String.raw`
    geen probleem
    waarom niet
  `,
  yourInterest: String.raw`
    als u(?: \S{1,12}){0,3} interesse\p{L}{0,8}
    uw interesse
  `,
};
