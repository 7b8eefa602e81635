// How do people answer outreach in French? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|t[1-4]|q[1-4])";

export const french: InterestPhrases = {
  interested: String.raw`
    interessee?s?
    ca m'interesse
    cela m'interesse
    m'interesserait
    nous interesse(?:rait)?
    c'est interessant
    ca nous interesse
  `,
  agrees: String.raw`
    (?:avec plaisir|volontiers)(?:,|$)
    oui,? (?:avec plaisir|volontiers|parlons|bien sur|pourquoi pas)
    parlons-en
    discutons-en
    (?:ca|cela|tout ca) (?:me |nous )?(?:va|convient|semble (?:bien|interessant|parfait))
    (?:mardi|lundi|mercredi|jeudi|vendredi|demain|\d{1,2} ?h(?:\d{2})?) (?:\S{1,12} )?(?:me |nous )?(?:convient|va|conviendrait|irait)
    (?:fixons|planifions|organisons|prenons) (?:\S{1,12} ){0,2}?(?:rendez-vous|rdv|appel|reunion|call)
    appelez-(?:moi|nous)
    (?:je suis|nous sommes) (?:disponibles?|dispo|partants?|preneurs?)
    quand (?:pouvons|pourrions|etes|seriez)(?:-| )\S{1,12}
    au plaisir d'echanger
  `,
  asksForInfo: String.raw`
    combien (?:ca |cela )?(?:coute|est-ce)
    quel(?:s|le|les)? (?:est|sont|serait|seraient) (?:\S{1,12} ){0,2}?(?:prix|tarifs?|couts?|conditions)
    vos tarifs
    (?:envoyez|envoyer|transmettre|transmettez|communiquer|envoie|partager|fournir)(?:-| )?(?:moi|nous)?(?: \S{1,14}){0,5}? (?:infos?|informations?|details?|tarifs?|devis|plaquette|brochure|documentation|presentation|prix|exemples?|references|doc)
    plus (?:d'|de |amples )(?:infos?|informations?|details?|precisions?)
    en savoir (?:un peu )?plus
    comment (?:ca|cela|est-ce que ca) (?:fonctionne|marche)
    pouvez-vous (?:\S{1,12} ){0,2}?(?:preciser|expliquer|detailler)
  `,
  objects: String.raw`
    trop (?:cher|chere|eleve|complexe|complique|petit)s?
    (?:pas|aucun|sans)(?: \S{1,12}){0,2} budget
    hors budget
    budget (?:limite|serre)
    (?:avons|utilisons|travaillons|ai|utilise|sommes)(?: \S{1,14}){0,2}? deja
    deja (?:un|une|en place|equipes?|satisfaits?|prestataire|fournisseur|sous contrat)
    (?:satisfaits?|contents?) de (?:notre|nos|mon)
    en interne
    sous contrat
    ne vois? pas (?:l'|la |le )(?:interet|utilite|valeur|benefice)
  `,
  notNow: String.raw`
    pas (?:pour le moment|maintenant|tout de suite|en ce moment|pour l'instant|a ce stade|encore|actuellement|le bon moment|la priorite|une priorite)
    (?:pour le moment|pour l'instant|en ce moment|actuellement)(?: \S{1,14}){0,6}? (?:pas|aucun|aucune|non)
    pas(?: \S{1,14}){0,6}? (?:pour le moment|pour l'instant|en ce moment|actuellement)
    plus tard
    (?:l'annee|le trimestre|le mois|au trimestre|l'an) prochaine?
    (?:trimestre|mois|annee) prochaine?
    (?:en|debut|fin|courant|apres|a partir de|des|mi) ${MONTH}
    dans (?:quelques|deux|trois|six|\d{1,2}) (?:semaines|mois)
    a la rentree
    apres (?:l'ete|les vacances|les fetes)
    pas le temps
  `,
  refers: String.raw`
    (?:contactez|contacter|adressez-vous|vous adresser|rapprochez-vous|voyez|ecrivez|joindre)(?: plutot| s'il vous plait)? (?:a |de |avec )?(?!moi|nous|-moi)(?:\S{1,60} ){0,5}?(?:plutot|\S{1,60}@\S{1,80}|collegue|collegues|qui (?:est|gere|s'occupe)|responsable|service|mon|ma)
    (?:la bonne personne|le bon (?:interlocuteur|contact)|l'interlocuteur)(?: \S{1,12}){0,4}? (?:est|serait)(?! pas)
    (?:transmets|transmis|transfere|transferes?|fait suivre|je fais suivre)(?: \S{1,14}){0,5}?
    (?:s'en occupe|s'occupe de|gere (?:ce|cela|ces|ca)|en charge de (?:ce|cela|ces))
    mon collegue
    ma collegue
    en copie
  `,
  wrongPerson: String.raw`
    (?:pas|plus) (?:\S{1,12} )?(?:bonne personne|bon (?:interlocuteur|contact|destinataire)|la personne|responsable|en charge|en poste|concernee?)
    mauvais(?:e)? (?:personne|contact|interlocuteur|adresse|destinataire)
    (?:ne )?(?:travaille|fait|fais|fait-il|suis|est|travaillons) plus(?: \S{1,14}){0,3}? (?:chez|dans|partie|pour|ici|en poste|responsable|employe)
    (?:a|ai) quitte (?:l'|d')?\p{L}{2,20}
    (?:a la retraite|decede|decedee|retraite)
    ne (?:m'occupe|gere|m'occuppe|traite) pas
  `,
  refuses: String.raw`
    non,? merci
    (?:merci,? )?mais non
    (?:pas|aucun|sans|aucune) (?:\S{1,14} )?(?:interessee?s?|interet|besoin|utile|necessaire|pertinent)
    (?:n'avons|n'ai|avons|ai) pas (?:de |un )?besoin
    ne (?:nous |m')?(?:interesse|interessons|correspond|convient|concerne) pas
    (?:declinons|decline|decliner|refusons)
    (?:ne )?(?:cherchons|recherchons|souhaitons) pas
    sans suite
    pas donner suite
    ne donnerai pas suite
  `,
  neutral: String.raw`
    bien (?:note|recu)
    c'est note
    (?:je|nous) (?:vais|allons|verrai|reviens|revenons|regarde|regardons|etudie|etudierons|reviendrai|reviendrons)(?: \S{1,14}){0,5}?
    merci pour (?:l'info|l'information|ces informations|votre retour|le partage)
    pris bonne note
  `,
  unsure: String.raw`
    pas (?:\S{1,12} )?(?:sur|sure|certain|certaine|convaincue?s?)
    je ne sais pas
    peut-etre
    eventuellement
    ca depend
    cela depend
    a condition
    on verra
    sauf si
    d'ou avez-vous
  `,
  mocks: String.raw`
    super,? encore
    mais bien sur
    tres drole
    quelle surprise
    c'est une blague
    genial,? encore
  `,
  harmlessNegation: String.raw`
    pas de (?:probleme|souci)s?
    pourquoi pas
    sans (?:doute|probleme)
    n'hesitez pas
  `,
  yourInterest: String.raw`
    si (?:vous|cela vous)(?: \S{1,12}){0,3} interess\p{L}{1,5}
    votre interet
  `,
};
