// What do a subject or a body say to this lead? Liquid, cut down to what a letter needs: no loops, no partials, no clock, no raw HTML.
import { filters as ALL_FILTERS, type FilterImplOptions, Liquid, LiquidError, type Template } from "liquidjs";
import { MissingValue, MissingValueError } from "./missing-value.ts";
import { filledIn, type Piece, piecesOf } from "./plain-template.ts";
import { type NamedVariable, namedVariables } from "./template-variables.ts";

/** Their inner words (elsif, else, when) come with them. Without loops a template costs what its length costs. */
const TAGS = ["assign", "case", "comment", "if", "unless"] as const;
/** `raw` is not among them: it would let a lead's value into HTML unescaped. Nor is `date`, which reads the clock. */
const FILTERS = [
  "append",
  "capitalize",
  "default",
  "downcase",
  "first",
  "last",
  "prepend",
  "remove",
  "replace",
  "split",
  "strip",
  "truncate",
  "truncatewords",
  "upcase",
  "url_encode",
] as const;
/** Characters of a template: what campaign files allow for HTML. The costliest of this length (20,000 variables) takes 0.5 s. */
const PARSE_LIMIT = 100_000;
/** Characters that one rendering may make, in filters and in print. It is what bounds the work: 40 doublings by `append` end here. */
const MEMORY_LIMIT = 1_000_000;
/** A net below that limit (ms). Wide, because a busy machine must not make a good template fail. */
const RENDER_LIMIT = 5_000;
/** Thousands of nested `if` would overflow the stack. */
const MAX_DEPTH = 50;
const MAX_PROBLEMS = 20;
/** Parsed templates kept: one batch writes the same few texts to many leads, and parsing is half of the work. */
const MAX_KEPT = 50;

export type Escaping = "text" | "html";

export interface TemplateProblem {
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong, to stand behind "line 3: ". */
  readonly message: string;
}

/** What a template may print. Null, blank and absent mean that the lead has no such value; what is neither text, number nor boolean, too. */
export type TemplateValues = Readonly<Record<string, unknown>>;

export type Rendered =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly code: "missing_variable" | "template_invalid";
      /** Of missing_variable: which one, unless a part of a value is missing. */
      readonly variable?: string;
      /** One sentence. */
      readonly message: string;
    };

const ENGINES: Readonly<Record<Escaping, Liquid>> = { text: engine(String), html: engine(escapeHtml) };

/** What keeps a template from being used, at most one problem of syntax at a time. Empty when all is well. */
export function checkTemplate(source: string): TemplateProblem[] {
  const parsed = parse(source, "text");
  return parsed.ok ? dottedVariables(parsed.variables) : [parsed.problem];
}

/** The variables that a lead or a default must have, in order of appearance; those that the template assigns itself are left out. */
export function templateVariables(source: string): string[] {
  const parsed = parse(source, "text");
  if (!parsed.ok) return [];
  const wanted = parsed.variables.filter((variable) => !variable.assigned);
  return [...new Set(wanted.map((variable) => variable.name))];
}

/**
 * Fills in a template. Never throws. Values are data: Liquid, spintax and HTML inside them stay as they are (escaped for `html`).
 *
 * @param options.escape `html` escapes what values print; what the template itself says is its author's
 */
export function renderTemplate(source: string, values: TemplateValues, options: { readonly escape: Escaping }): Rendered {
  const parsed = parse(source, options.escape);
  if (!parsed.ok) return invalid(`Line ${parsed.problem.line}: ${parsed.problem.message}.`);
  const plain = parsed.pieces && filledIn(parsed.pieces, (name) => escapedValue(values, name, options.escape), MEMORY_LIMIT);
  if (plain) return "text" in plain ? { ok: true, text: plain.text } : missing(plain.missing);
  try {
    return { ok: true, text: ENGINES[options.escape].renderSync(parsed.template, scopeOf(values)) as string };
  } catch (error) {
    return failed(error);
  }
}

/** The text of a value, as templates see it: trimmed, null when there is nothing to print. */
export function printable(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  return /[^\s\p{C}]/u.test(text) ? text.toWellFormed() : null;
}

function engine(escape: (text: string) => string): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: PARSE_LIMIT,
    memoryLimit: MEMORY_LIMIT,
    renderLimit: RENDER_LIMIT,
    // Templates have no files; without these a mistake of ours could read them.
    templates: {},
    dynamicPartials: false,
  });
  for (const name of Object.keys(liquid.tags)) if (!(TAGS as readonly string[]).includes(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) delete liquid.filters[name];
  for (const name of FILTERS) liquid.registerFilter(name, filterOf(name));
  liquid.options.outputEscape = function print(this: FilterThis, value: unknown): string {
    const text = printed(value);
    this.context.memoryLimit.use(text.length);
    return escape(text);
  } as (value: unknown) => string;
  return liquid;
}

type Handler = Extract<FilterImplOptions, (...args: never[]) => unknown>;
type FilterThis = ThisParameterType<Handler>;

/** Every filter but `default` passes a missing value on, its own or one that it would have needed. */
function filterOf(name: (typeof FILTERS)[number]): FilterImplOptions {
  const filter = ALL_FILTERS[name];
  if (typeof filter !== "function" || name === "default") return filter as FilterImplOptions;
  return function unlessMissing(this: FilterThis, ...values: [unknown, ...unknown[]]): unknown {
    return values.find((value) => value instanceof MissingValue) ?? filter.apply(this, values);
  };
}

function printed(value: unknown): string {
  if (value instanceof MissingValue) throw new MissingValueError(value.variable);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.join("");
  throw new MissingValueError(null);
}

/** For text inside HTML, and inside quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

type Parsed =
  | {
      readonly ok: true;
      readonly template: Template[];
      readonly variables: readonly NamedVariable[];
      /** Of a template that only puts values in; null for any other. */
      readonly pieces: readonly Piece[] | null;
    }
  | { readonly ok: false; readonly problem: TemplateProblem };

const kept: Readonly<Record<Escaping, Map<string, Parsed>>> = { text: new Map(), html: new Map() };

function parse(source: string, escape: Escaping): Parsed {
  const before = kept[escape].get(source);
  if (before) return before;
  const parsed = parseAnew(source, escape);
  if (kept[escape].size >= MAX_KEPT) kept[escape].clear();
  kept[escape].set(source, parsed);
  return parsed;
}

function parseAnew(source: string, escape: Escaping): Parsed {
  const tooDeep = lineTooDeep(source);
  if (tooDeep !== null) return { ok: false, problem: { line: tooDeep, message: `tags are nested more than ${MAX_DEPTH} deep` } };
  try {
    const template = ENGINES[escape].parse(source);
    return { ok: true, template, variables: namedVariables(template), pieces: piecesOf(template) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** The line on which too many tags are open, whatever closes them: a lower bound on what the parser would nest. */
function lineTooDeep(source: string): number | null {
  let depth = 0;
  for (const { 1: end, 2: name, index } of source.matchAll(/\{%-?\s*(end)?(if|unless|case)\b/g)) {
    depth += end ? -1 : 1;
    if (depth > MAX_DEPTH && name) return source.slice(0, index).split("\n").length;
  }
  return null;
}

function dottedVariables(variables: readonly NamedVariable[]): TemplateProblem[] {
  return variables
    .filter((variable) => variable.hasParts)
    .slice(0, MAX_PROBLEMS)
    .map(({ token }) => {
      const [line = 1] = token.getPosition();
      const [written] = token.getText().split(/[\s|]/, 1);
      return { line, message: `\`${written ?? ""}\` has parts, but values have none: write names such as \`first_name\`` };
    });
}

function escapedValue(values: TemplateValues, name: string, escape: Escaping): string | null {
  const value = Object.hasOwn(values, name) ? printable(values[name]) : null;
  return value !== null && escape === "html" ? escapeHtml(value) : value;
}

/** Every name is there: with its value, or as missing. No prototype stands behind it that a template could reach. */
function scopeOf(values: TemplateValues): object {
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? printable(values[name]) : null) ?? new MissingValue(name);
  return new Proxy(Object.create(null) as object, {
    has: (_, key) => typeof key === "string",
    get: (_, key) => (typeof key === "string" ? valueOf(key) : undefined),
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === "string" ? { value: valueOf(key), configurable: true, enumerable: true, writable: false } : undefined,
  });
}

/** Liquid wraps what a filter throws. */
function failed(error: unknown): Rendered {
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error;
  if (!(cause instanceof MissingValueError)) {
    const { line, message } = problemOf(error);
    return invalid(`Line ${line}: ${message}.`);
  }
  const { variable } = cause;
  if (variable === null) return { ok: false, code: "missing_variable", message: "The text needs a part of a value that is not there." };
  return missing(variable);
}

function missing(variable: string): Rendered {
  return {
    ok: false,
    code: "missing_variable",
    variable,
    message: `The text needs \`${variable}\`, which the lead lacks and no default fills.`,
  };
}

function invalid(message: string): Rendered {
  return { ok: false, code: "template_invalid", message };
}

/** In our words where people meet it often. Only for reading: nothing decides by these texts. */
function problemOf(error: unknown): TemplateProblem {
  const [line = 1] = LiquidError.is(error) ? error.token.getPosition() : [];
  // The stack overflowed, in Liquid or in our own walk.
  if (!LiquidError.is(error) || error.originalError instanceof RangeError) return { line, message: "is nested too deeply" };
  const text = error.originalError?.message ?? error.message.replace(/, line:\d+, col:\d+$/, "");
  const filter = /^undefined filter: (.+)$/.exec(text)?.[1];
  if (filter !== undefined) return { line, message: `there is no filter \`${filter}\`; there are ${FILTERS.join(", ")}` };
  const tag = /^tag "(.+)" not found$/.exec(text)?.[1];
  if (tag !== undefined) return { line, message: `there is no tag \`${tag}\` here; there are ${TAGS.join(", ")}` };
  if (text.endsWith("limit exceeded")) return { line, message: "makes more text than a mail may hold" };
  return { line, message: text };
}
