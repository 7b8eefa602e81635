// How do people answer outreach in Portuguese? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|q[1-4])";

export const portuguese: InterestPhrases = {
  interested: String.raw`
    interessad[oa]s?
    tenho interesse
    temos interesse
    tenho muito interesse
    me interessa(?:ria)?
    parece interessante
    interessa-me
    interessa-nos
  `,
  agrees: String.raw`
    (?:com prazer|combinado)(?:,|$)
    sim,? (?:por favor|claro|vamos|podemos|quero|gostaria|pode ser)
    vamos (?:conversar|falar|marcar|agendar|nessa)
    (?:soa|parece) (?:muito )?(?:bem|bom|otimo|perfeito)
    (?:segunda|terca|quarta|quinta|sexta|amanha)(?:-feira)? (?:\S{1,12} )?(?:funciona|serve|pode ser|esta bom|da certo|esta bem)
    podemos (?:marcar|agendar|conversar|falar)
    adoraria
    gostaria(?:mos)? de (?:conversar|agendar|marcar|conhecer|saber|ver)
    me ligue
    ligue-me
    quando (?:podemos|podes|pode)(?: \S{1,12}){0,3}
  `,
  asksForInfo: String.raw`
    quanto (?:custa|custam|fica|seria)
    qua(?:l|is) (?:e|o|a|sao|os|seria)(?: \S{1,12}){0,2} (?:precos?|valor(?:es)?|custos?)
    (?:envie|enviem|envia|enviar|mandar|mande|mandem|manda|compartilhar|passar|passe)(?:-?(?:me|nos))?(?: \S{1,14}){0,4}? (?:info|informacoes|informacao|detalhes?|precos?|orcamento|cotacao|proposta|apresentacao|catalogo|material|valores|tabela|exemplos?)
    mais (?:info|informacoes|informacao|detalhes)
    tem (?:casos|exemplos|referencias|precos|demo)
    saber mais
    conhecer melhor
    (?:pode|poderia|podem) (?:\S{1,12} )?(?:explicar|contar|dizer|detalhar)\p{L}{0,4}
  `,
  objects: String.raw`
    (?:muito|demasiado) (?:caro|complexo|alto)
    (?:nao temos|sem|nao ha)(?: \S{1,12}){0,2} (?:orcamento|verba)
    fora do (?:nosso )?orcamento
    ja (?:temos|usamos|utilizamos|trabalhamos|contamos|tenho|uso|possuimos|estamos)
    (?:satisfeit[oa]s?|content[ea]s?|felizes) com
    temos contrato
    nao vejo (?:o|a)(?: \S{1,12}){0,2} (?:valor|beneficio|necessidade|vantagem)
  `,
  notNow: String.raw`
    (?:agora|por enquanto|neste momento|no momento|de momento|atualmente)(?: \S{1,14}){0,6}? nao
    nao (?:\S{1,14} ){0,5}?(?:agora|por enquanto|neste momento|no momento|de momento|atualmente|ainda)
    mais tarde
    mais para frente
    mais a frente
    (?:o )?(?:proximo|seguinte) (?:trimestre|ano|mes|semestre)
    (?:no|para o) ano que vem
    (?:em|a partir de|depois de|ate|fim de|inicio de) ${MONTH}
    em (?:alguns|dois|tres|seis|\d{1,2}) (?:meses)
    daqui a (?:\S{1,12} )?(?:meses|semanas)
    depois (?:do verao|das ferias)
    nao e (?:\S{1,12} )?(?:prioridade|bom momento|o momento)
    sem tempo
  `,
  refers: String.raw`
    (?:contate|contacte|contactar|contatar|contatem|contactem|fale|falar|escreva|procure|dirija-se)(?: \S{1,12}){0,1} (?:com |a |ao |para )(?:o |a )?(?!migo|mim|me |nos |conosco|connosco|comigo)(?:meu colega|minha colega|\S{1,60}@\S{1,80}|departamento|responsavel|equipe|colega|\S{1,30} (?:que|do|da|em))
    (?:a pessoa (?:certa|correta|indicada|responsavel))(?: \S{1,12}){0,4}? (?:e|seria)(?! nao)
    (?:encaminhei|encaminho|reencaminhei|vou encaminhar|repassei|passei)(?: \S{1,14}){0,5}? (?:para|ao|a)
    (?:quem cuida|quem trata|cuida disso|trata disso|e (?:o|a) responsavel)
    (?:meu|minha|um|uma) colega
    em copia
  `,
  wrongPerson: String.raw`
    (?:nao sou|nao e|nao somos) (?:a pessoa|o contato|o contacto|o responsavel|a responsavel)(?: \S{1,12})?
    pessoa errada
    (?:e-?mail|contato|contacto|destinatario|endereco) errad[oa]
    (?:ja nao|nao) (?:trabalh[oa]|esta|estou|faz parte|faco parte)(?: \S{1,12}){0,2}?(?: mais)?(?= (?:na|no|aqui|nesta|da|mais))
    nao faco mais parte
    (?:saiu|deixou|sai) (?:da|a) (?:empresa|companhia)
    (?:aposentad[oa]|reformad[oa]|falecid[oa]|faleceu)
    nao (?:cuido|trato|sou responsavel|e (?:a )?minha area)
  `,
  refuses: String.raw`
    nao,? (?:muito )?obrigad[oa]
    (?:obrigad[oa],? )?mas nao
    nao (?:\S{1,14} )?(?:interessad[oa]s?|interessa|interesse|ha interesse)
    nao (?:tenho|temos|ha) (?:\S{1,14} )?(?:interesse|necessidade)
    sem interesse
    nao (?:preciso|precisamos|queremos|procuramos|necessitamos|e relevante|se aplica)
    (?:recuso|recusamos|declino|declinamos)
    nao (?:vamos|vou) (?:avancar|prosseguir|contratar)
  `,
  neutral: String.raw`
    (?:anotado|recebido|ciente|tomei nota|registrado)
    (?:vou|vamos) (?:\S{1,12} )?(?:analisar|avaliar|ver|olhar|verificar|pensar|estudar|discutir)
    (?:retorno|retornarei|retornaremos|dou retorno|entrarei em contato|aviso)
    obrigad[oa] pela (?:informacao|info|partilha)
  `,
  unsure: String.raw`
    nao (?:\S{1,12} ){0,2}?(?:certeza|convencid[oa])
    nao (?:tenho|temos) (?:a )?certeza
    nao sei
    talvez
    quem sabe
    depende
    so se
    vamos ver
    veremos
  `,
  mocks: String.raw`
    era so o que faltava
    que engracado
    kkk\p{L}{0,8}
    otimo,? mais um
  `,
  harmlessNegation: String.raw`
    sem (?:problemas?|duvida)
    por que nao
    nao hesite
  `,
  yourInterest: String.raw`
    se (?:voce|tiver|estiver|lhe)(?: \S{1,12}){0,3} interess\p{L}{1,5}
    seu interesse
  `,
};
