// How do people answer outreach in Spanish? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|q[1-4])";

export const spanish: InterestPhrases = {
  interested: String.raw`
    interesad[oa]s?
    me interesa(?:ria)?
    nos interesa(?:ria)?
    suena interesante
    parece interesante
    tengo interes
    tenemos interes
  `,
  agrees: String.raw`
    (?:encantad[oa]|con gusto)(?:,|$)
    si,? (?:por favor|claro|hablemos|perfecto|adelante|podemos)
    hablemos
    (?:me|nos) gustaria (?:tener|agendar|hablar|conocer|coordinar|saber|ver|programar)
    suena (?:muy )?(?:bien|genial|perfecto)
    me parece (?:bien|genial|perfecto|buena idea)
    (?:el )?(?:lunes|martes|miercoles|jueves|viernes|manana) (?:\S{1,12} )?(?:me |nos )?(?:viene bien|va bien|funciona|esta bien|puedo|podemos)
    (?:agendemos|agendamos|programemos|coordinemos) (?:\S{1,12} ){0,2}?(?:llamada|reunion|cita|demo)
    me encantaria
    llame?me
    cuando (?:podemos|podriamos|puede|tienes|tiene)(?: \S{1,12}){0,3}
    quedamos el
  `,
  asksForInfo: String.raw`
    cuanto (?:cuesta|vale|cuestan|seria)
    cual(?:es)? (?:es|son|seria)(?: \S{1,12}){0,2} (?:precios?|costos?|costes?|tarifas?)
    (?:envie|envien|envia|enviar|mandar|mande|manden|manda|compartir|pasar|pase|pasame)(?:me|nos|rme)?(?: \S{1,14}){0,4}? (?:info|informacion|detalles?|precios?|cotizacion|presupuesto|propuesta|folleto|catalogo|presentacion|tarifas?|ejemplos?)
    mas (?:info|informacion|detalles)
    tienen? (?:casos|ejemplos|referencias|demo|precios|catalogo)
    saber mas
    conocer mas
    como funciona
    (?:puede|podria|puedes|podrias) (?:\S{1,12} )?(?:explicar|contar|decirme|detallar)\p{L}{0,5}
  `,
  objects: String.raw`
    (?:demasiado|muy) (?:caro|costoso|complejo|alto)
    (?:no tenemos|sin|no hay|no contamos con)(?: \S{1,12}){0,2} presupuesto
    fuera de (?:nuestro )?presupuesto
    ya (?:tenemos|usamos|utilizamos|trabajamos|contamos|tengo|uso|disponemos|estamos)
    (?:contentos|satisfechos|felices) con
    (?:content[oa]|satisfech[oa]) con
    lo hacemos internamente
    internamente
    tenemos contrato
    no veo (?:el|la|que)(?: \S{1,12}){0,2} (?:valor|beneficio|necesidad|utilidad)
  `,
  notNow: String.raw`
    (?:ahora|por ahora|por el momento|de momento|en este momento|actualmente)(?: \S{1,14}){0,6}? no
    (?:ahora|por ahora|de momento|por el momento|en este momento|actualmente) no
    no (?:\S{1,14} ){0,5}?(?:por ahora|ahora|por el momento|de momento|en este momento|actualmente|todavia|aun)
    mas adelante
    mas tarde
    (?:el )?(?:proximo|siguiente) (?:trimestre|ano|mes|semestre)
    el ano que viene
    (?:en|a partir de|despues de|para|hasta|finales de|principios de) ${MONTH}
    en (?:unos|dos|tres|seis|\d{1,2}) (?:meses|semanas)
    despues (?:del verano|de las vacaciones|de navidad)
    no es (?:\S{1,12} )?(?:prioridad|buen momento|el momento)
    no tengo tiempo
  `,
  refers: String.raw`
    (?:contacte|contactar|contacten|contacta|comuniquese|dirijase|escriba|escribale|hable|ponerse en contacto|pongase en contacto)(?: \S{1,12}){0,1} (?:con|a|al) (?!migo|nosotros|mi )\S{1,60}(?: \S{1,60}){0,5}
    (?:la persona (?:indicada|correcta|adecuada|responsable|encargada))(?: \S{1,12}){0,4}? (?:es|seria)(?! no)
    (?:reenvio|reenvie|reenviado|reenviare|he pasado|paso)(?: \S{1,14}){0,4}? (?:a|al) (?:mi|nuestro|la|el)
    (?:se encarga|es (?:el|la) (?:responsable|encargad[oa])|lleva (?:este|estos))
    (?:mi|un|nuestro) (?:companero|companera|colega)
    en copia
  `,
  wrongPerson: String.raw`
    (?:no soy|no es|no somos) (?:la|el) (?:persona|contacto|responsable|encargad[oa]|indicad[oa])
    persona (?:equivocada|incorrecta)
    (?:correo|contacto|direccion|destinatario) (?:equivocad[oa]|incorrect[oa])
    ya no (?:trabaj[oa]|esta|estoy|forma|pertenece|labora|soy|es)
    (?:dejo|ha dejado|deje|abandono) (?:la|de trabajar|nuestra)
    (?:jubilad[oa]|fallecid[oa]|fallecio)
    no (?:me encargo|soy responsable|es mi (?:area|departamento)|llevo|gestiono)
  `,
  refuses: String.raw`
    no,? (?:muchas )?gracias
    no (?:me|nos) (?:interesa|interesan|hace falta|sirve|aplica)
    no (?:estoy|estamos|tengo|tenemos|hay) (?:\S{1,14} )?(?:interesad[oa]s?|interes|buscando|necesidad)
    no (?:lo )?(?:necesito|necesitamos|queremos|buscamos|requerimos)
    (?:sin|ningun) interes
    no es (?:relevante|para nosotros|lo que buscamos)
    declin(?:o|amos|ar)
    no (?:vamos|voy) a (?:continuar|seguir|contratar)
  `,
  neutral: String.raw`
    (?:anotado|recibido|tomo nota|tomamos nota|enterad[oa])
    (?:lo|la|los) (?:reviso|revisare|revisaremos|miro|mirare|estudiare|estudiaremos|analizare|analizaremos|vere|consulto|comento|consultare|valoraremos)
    (?:le|te|les) (?:aviso|avisare|aviso luego|aviso si|avisaremos|comento|comentare)
    gracias por la (?:informacion|info)
  `,
  unsure: String.raw`
    no (?:estoy|estamos) (?:\S{1,12} )?(?:segur[oa]s?|convencid[oa]s?)
    no se (?:si)?
    quizas?
    tal vez
    a lo mejor
    depende
    solo si
    ya veremos
    de donde (?:saco|obtuvo)
  `,
  mocks: String.raw`
    si,? claro que si
    que gracioso
    genial,? otro
    lo que me faltaba
    jaja\p{L}{0,8}
  `,
  harmlessNegation: String.raw`
    sin (?:problema|problemas|duda)
    por que no
    no dude
    no hay problema
  `,
  yourInterest: String.raw`
    si (?:le|les|te|usted|esta)(?: \S{1,12}){0,3} interesa\p{L}{0,5}
    su interes
  `,
};
