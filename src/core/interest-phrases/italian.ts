// How do people answer outreach in Italian? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|q[1-4])";

export const italian: InterestPhrases = {
  interested: String.raw`
    interessat[oaie]
    mi interessa
    ci interessa
    mi interesserebbe
    sembra interessante
    trovo interessante
  `,
  agrees: String.raw`
    (?:volentieri|con piacere)(?:,|$)
    si,? (?:grazie|volentieri|certo|parliamone|va bene|possiamo)
    parliamone
    sentiamoci
    (?:mi|ci) sembra (?:\S{1,10} )?(?:buona|ottima|interessante|perfetto)
    (?:lunedi|martedi|mercoledi|giovedi|venerdi|domani) (?:\S{1,12} )?(?:va bene|mi va|ci va|per me va|andrebbe)
    (?:fissiamo|organizziamo|programmiamo) (?:\S{1,12} ){0,2}?(?:call|chiamata|appuntamento|incontro|demo)
    possiamo (?:sentirci|parlare|parlarne|vederci|fissare|organizzare)
    mi chiami
    chiamami
    mi piacerebbe
    quando (?:possiamo|potremmo|sarebbe|siete|e)(?: \S{1,12}){0,3}
  `,
  asksForInfo: String.raw`
    quanto (?:costa|costano|costerebbe|viene)
    qual(?:i)?(?: e|'e| sono| sarebbe)(?: \S{1,12}){0,2} (?:prezz[oi]|costo|costi|tariff[ae])
    (?:invi|inviate|inviare|inviarmi|inviarci|mandi|mandate|mandare|mandarmi|mandarci|mandami|inviami|mandatemi|inviatemi|condividere|fornire)(?: \S{1,14}){0,5}? (?:info|informazioni|dettagli|prezzi|preventivo|offerta|brochure|presentazione|listino|materiale|esempi|documentazione)
    (?:maggiori|ulteriori|piu|altre) (?:info|informazioni|dettagli)
    saperne di piu
    come funziona
    (?:puo|potete|potrebbe|puoi) (?:\S{1,12} )?(?:spiegar|dir|chiarir)\p{L}{1,4}
  `,
  objects: String.raw`
    (?:troppo|molto) (?:car[oa]|costos[oa]|compless[oa]|alto)
    (?:non abbiamo|senza|non c'e)(?: \S{1,12}){0,2} budget
    fuori budget
    (?:abbiamo|usiamo|utilizziamo|lavoriamo|ho|collaboriamo|siamo)(?: \S{1,14}){0,2}? gia
    gia (?:un|una|coperti|in uso|soddisfatti|fornitore)
    (?:soddisfatt[oi]|content[oi]) (?:del|di|con)
    internamente
    sotto contratto
    non vedo (?:il|la|l')(?: ?\S{1,12}){0,2} (?:valore|vantaggio|utilita|bisogno)
  `,
  notNow: String.raw`
    (?:ora|adesso|al momento|per il momento|per ora|attualmente|in questo momento)(?: \S{1,14}){0,6}? (?:non|no)
    non (?:\S{1,14} ){0,6}?(?:ora|adesso|al momento|per il momento|per ora|attualmente|in questo momento|ancora)
    piu (?:avanti|tardi)
    (?:il )?prossim[oa] (?:trimestre|anno|mese|semestre)
    l'anno prossimo
    (?:a|in|da|dopo|fine|inizio|fino a|meta) ${MONTH}
    tra (?:qualche|due|tre|sei|\d{1,2}) (?:mese|mesi|settimane)
    dopo (?:l'estate|le vacanze|le ferie)
    non e (?:\S{1,12} )?(?:priorita|il momento)
    non ho tempo
  `,
  refers: String.raw`
    (?:contatti|contattate|contattare|contatta|si rivolga|rivolgersi|rivolgetevi|scriva|scrivere|scrivete|parli|parlare|senta) (?:pure )?(?:al|alla|a|con|il|la|l')? ?(?!me |mi |noi|con me)(?:\S{1,60} ){0,4}?(?:collega|\S{1,60}@\S{1,80}|responsabile|ufficio|che (?:si occupa|gestisce))
    (?:la persona (?:giusta|corretta|responsabile))(?: \S{1,12}){0,4}? e(?! non)
    (?:inoltrato|inoltro|giro|girato|ho passato)(?: \S{1,14}){0,5}? (?:al|alla|a)
    (?:se ne occupa|si occupa di (?:questo|queste)|ne e responsabile)
    (?:mio|mia|un) collega
    in copia
  `,
  wrongPerson: String.raw`
    (?:non sono|non e|non siamo) (?:la|il|l') ?(?:persona|contatto|referente|responsabile|interlocutore)(?: \S{1,12})?
    persona sbagliata
    (?:indirizzo|contatto|destinatario) (?:sbagliato|errato)
    (?:non lavor[oa]|non fa parte|non faccio parte|non e|non si occupa|non mi occupo) piu
    (?:ha|ho) lasciato (?:l'|la )?(?:azienda|societa|ditta)
    (?:in pensione|deceduto|deceduta)
    non (?:mi occupo|sono responsabile|me ne occupo|gestisco|e di mia competenza)
  `,
  refuses: String.raw`
    no,? grazie
    non (?:\S{1,14} )?(?:interessat[oaie]|interessa|interessano)
    non (?:ho|abbiamo|c'e) (?:\S{1,14} )?(?:interesse|bisogno|necessita)
    (?:nessun|senza) interesse
    non (?:serve|occorre|ci serve|mi serve|cerchiamo|vogliamo|fa per noi|fa al caso)
    (?:decliniamo|declino|rifiuto|devo rifiutare)
    non (?:intendiamo|vogliamo) (?:procedere|proseguire)
  `,
  neutral: String.raw`
    (?:preso nota|prendo nota|ricevuto|annotato|prendiamo nota)
    (?:lo|la|li) (?:valuto|valuteremo|valutero|guardo|guardero|esamino|esamineremo|leggo|leggero|vedro|vedo)
    (?:le|vi|ti) (?:faccio|faro|faremo) sapere
    grazie per (?:l'informazione|le informazioni|l'info)
  `,
  unsure: String.raw`
    non (?:\S{1,12} ){0,2}?(?:sicur[oa]|convint[oa]|cert[oa])
    non so
    forse
    magari
    puo darsi
    dipende
    solo se
    vedremo
  `,
  mocks: String.raw`
    certo,? come no
    come no
    ci mancava
    che simpatico
    ottimo,? un altro
  `,
  harmlessNegation: String.raw`
    nessun problema
    perche no
    senza (?:dubbio|problemi)
    non (?:esiti|esitate)
  `,
  yourInterest: String.raw`
    se (?:siete|e|lei|vi|le)(?: \S{1,12}){0,3} interess\p{L}{1,5}
    vostro interesse
    suo interesse
  `,
};
