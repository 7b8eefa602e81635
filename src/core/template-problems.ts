// What is wrong with a campaign's texts, whoever its leads are? Sentences for the readiness check and for whoever wrote the file.
import { LEAD_FIELDS, SENDER_FIELDS } from "./merge-values.ts";
import type { StepText } from "./sequence.ts";
import { checkTemplate, renderTemplate, type TemplateValues, templateVariables } from "./template.ts";

export interface NamedText {
  /** Where it stands, for people: `sequence: question`. */
  readonly name: string;
  readonly text: StepText;
}

/** What the campaign can fill. */
export interface Fillable {
  readonly defaults: Readonly<Record<string, string>>;
  /** Custom fields that some lead has. */
  readonly customFields: readonly string[];
}

const PARTS = ["subject", "body", "html"] as const;
/** Variables named of one text. Each costs a rendering: 14,000 of them, as many as a text may hold, would take minutes. */
const MOST_NAMED = 20;

/**
 * One sentence for each problem: Liquid that cannot be used, and variables that no lead can have.
 *
 * A variable counts only if even a lead that has everything would lack it: `{% if nickname %}{{ nickname }}{% endif %}` is no problem.
 */
export function templateProblems(texts: readonly NamedText[], fillable: Fillable): string[] {
  const complete = completeValues(fillable);
  return texts.flatMap(({ name, text }) =>
    PARTS.flatMap((part) => {
      const source = { subject: text.subject, body: text.bodyText, html: text.bodyHtml }[part];
      return source === null ? [] : problemsOf(source, complete).map((problem) => `${name}, ${part}: ${problem}.`);
    }),
  );
}

function problemsOf(source: string, complete: TemplateValues): string[] {
  const problems = checkTemplate(source);
  if (problems.length > 0) return problems.map(({ line, message }) => (source.includes("\n") ? `line ${line}: ${message}` : message));
  const never = neverFilled(source, complete);
  if (typeof never === "string") return [never];
  return never.map((variable) => `no lead can have \`${variable}\`: it is no field, and \`defaults:\` has nothing for it`);
}

/** The values of a lead that has everything; what they are does not matter. */
export function completeValues({ defaults, customFields }: Fillable): TemplateValues {
  const names = [...LEAD_FIELDS, ...SENDER_FIELDS, ...customFields];
  return { ...Object.fromEntries(names.map((name) => [name, "value"])), ...defaults };
}

/** The first of those that no lead can have: fills what is missing one by one, until the text can be written. A string is what else is wrong. */
function neverFilled(source: string, complete: TemplateValues): string[] | string {
  const wanted = new Set(templateVariables(source));
  const missing = new Set<string>();
  while (missing.size < Math.min(wanted.size, MOST_NAMED)) {
    const values = { ...complete, ...Object.fromEntries([...missing].map((name) => [name, "value"])) };
    const rendered = renderTemplate(source, values, { escape: "text" });
    // A part of "value" that is not there says nothing about a real one.
    if (rendered.ok || (rendered.code === "missing_variable" && (rendered.variable === undefined || missing.has(rendered.variable)))) break;
    if (rendered.variable === undefined) return rendered.message.replace(/\.$/, "");
    missing.add(rendered.variable);
  }
  return [...missing].filter((variable) => wanted.has(variable));
}
