// Which words tell what a reply says? The phrases of all languages as one expression each, and what denies them.
import { dutch } from "./interest-phrases/dutch.ts";
import { english } from "./interest-phrases/english.ts";
import { french } from "./interest-phrases/french.ts";
import { german } from "./interest-phrases/german.ts";
import { italian } from "./interest-phrases/italian.ts";
import type { InterestPhrases } from "./interest-phrases/phrases.ts";
import { portuguese } from "./interest-phrases/portuguese.ts";
import { spanish } from "./interest-phrases/spanish.ts";
import { anyOf } from "./phrases.ts";

/** All at once: a reply does not say its language, people mix them, and a no in any of them is a no. */
const LANGUAGES = [english, german, french, spanish, portuguese, italian, dutch];

/** A whole word or phrase, in any case. */
function cue(list: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])(?:${anyOf(list, "").source})(?![\\p{L}\\d])`, "iu");
}

function cueOf(kind: keyof InterestPhrases): RegExp {
  return cue(LANGUAGES.map((phrases) => phrases[kind]).join("\n"));
}

export const INTERESTED = cueOf("interested");
export const AGREES = cueOf("agrees");
export const ASKS_FOR_INFO = cueOf("asksForInfo");
export const OBJECTS = cueOf("objects");
export const NOT_NOW = cueOf("notNow");
export const REFERS = cueOf("refers");
export const WRONG_PERSON = cueOf("wrongPerson");
export const REFUSES = cueOf("refuses");
export const NEUTRAL = cueOf("neutral");
export const UNSURE = cueOf("unsure");
export const MOCKS = cueOf("mocks");
export const HARMLESS_NEGATION = cueOf("harmlessNegation");
export const YOUR_INTEREST = cueOf("yourInterest");

/** "Not interested at the moment": a time in a sentence that says no. */
export const FOR_THE_MOMENT = cue(
  "right now\nat (?:the|this) (?:moment|time|point|stage)\ncurrently\nfor now\nat present\npresently\nthis (?:quarter|year|month)\nfor the (?:time being|moment)\njust now",
);

/** "Tom Reuter does", "das macht Frau Lee": whose task it is, after the writer has said that it is not theirs. Only a name or a role of ours counts. */
export const SOMEBODY_ELSES =
  /^(?:(?!(?:[Nn]o|[Nn]obody|[Nn]one|[Nn]either|[Nn]or|[Ee]verybody|[Ee]veryone|[Aa]nybody|[Aa]nyone|[Ss]omebody|[Ss]omeone|I|He|She|It|They|You|We|This|That|There|What|Who|So|God) )(?:(?:my|our|My|Our) (?:\p{L}[\p{L}'-]{0,30} ){1,4}|(?:\p{Lu}[\p{L}.'-]{0,30} ){1,4}(?:(?:in|from|at) (?:our )?(?:\p{L}{1,20} ){1,2})?)(?:does|do|is)|[Dd]as (?:macht|ist|ubernimmt|betreut) (?:bei uns |hier )?(?:(?:mein|unser)\p{Ll}{0,2} )?(?:Herr |Frau )?\p{Lu}[\p{L}.'-]{0,30}(?: \p{Lu}[\p{L}.'-]{0,30}){0,3})$/u;

/** Words that speak to a machine that reads: a person should see them. */
export const INSTRUCTS = cue(String.raw`
  (?:ignore|disregard|forget) (?:\S{1,12} ){0,3}?(?:instructions?|prompts?|rules)|system prompt|(?:classify|label|mark|treat|rate|tag) (?:this|me|it|the|my)(?: \S{1,12}){0,3}? as (?:\S{1,12} )?(?:positive|interested|qualified|hot|negative|neutral)|as an ai
`);

/** What a person says first when the rest takes it back. */
export const BUT =
  /^(?:but|however|though|although|aber|jedoch|allerdings|mais|cependant|toutefois|pero|sin embargo|mas|porem|contudo|ma|pero|tuttavia|maar|echter)(?![\p{L}])/iu;
/** A question that doubts, and proposes nothing. */
export const DOUBTING_QUESTION =
  /^(?:and |so |but )?(?:why|who|what makes|do you (?:really|seriously|think|honestly)|seriously|really|warum|wieso|weshalb|wer|pourquoi|qui|por que|quien|quem|perche|chi|waarom|wie)(?![\p{L}])/iu;

/** Denies what follows it, or in German and Dutch what stands before. */
export const NEGATOR =
  /(?<![\p{L}\d])(?:not|no|never|nor|neither|cannot|cant|dont|doesnt|didnt|wont|isnt|arent|wouldnt|couldnt|without|hardly|nobody|no one|none|nicht|niemand|nadie|ninguem|personne|kein(?:e[mnrs]?)?|nie|niemals|weder|ohne|kaum|pas|jamais|aucune?|sans|nunca|ningun[ao]?|sin|tampoco|jamas|nao|nem|nenhuma?|sem|non|nessun[ao]?|senza|niet|geen|nooit|zonder|nee|nein|n'(?=\p{L})|ne(?= (?:\S{1,20} ){1,3}(?:pas|plus|jamais|aucune?|rien)))(?![\p{L}\d])|n't(?![\p{L}\d])/giu;
export const NEGATED_AFTER = /^(?: \S{1,20}){0,3}? (?:nicht|kein(?:e[mnrs]?)?|niet|geen|pas|never|nie|jamais)(?![\p{L}\d])/iu;
