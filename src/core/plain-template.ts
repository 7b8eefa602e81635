// A template that only puts values in, as most letters do: filled in without Liquid, which takes most of the time of writing a mail.
import { type Template, TypeGuards, Value } from "liquidjs";

const { isHTMLToken, isOutputToken, isPropertyAccessToken, isWordToken } = TypeGuards;

/** What the template says itself, or the name of a value. */
export type Piece = { readonly text: string } | { readonly variable: string };

/** Null where the template does more: tags, filters, parts of values, constants. */
export function piecesOf(templates: readonly Template[]): readonly Piece[] | null {
  const pieces = templates.map(pieceOf);
  return pieces.every((piece) => piece !== null) ? pieces : null;
}

function pieceOf(template: Template): Piece | null {
  const { token } = template;
  if (isHTMLToken(token)) return { text: token.getContent() };
  if (!isOutputToken(token)) return null;
  const [value, ...more] = [...(template.arguments?.() ?? [])];
  if (!(value instanceof Value) || more.length > 0 || hasFilters(value)) return null;
  const [access, ...operations] = value.initial.postfix;
  if (!access || operations.length > 0 || !isPropertyAccessToken(access) || access.variable) return null;
  const [first, ...parts] = access.props;
  return first && parts.length === 0 && isWordToken(first) ? { variable: first.content } : null;
}

/** Besides the escaping of what is printed, which Liquid adds as a filter whose name nobody could write. */
function hasFilters({ filters }: Value): boolean {
  return filters.some((filter) => /^\w+$/.test(filter.name));
}

/**
 * The text, each value by `valueOf`, which gives null for one that is missing; then the first such name is given back instead. Null where it would be
 * longer than `limit` characters.
 */
export function filledIn(
  pieces: readonly Piece[],
  valueOf: (name: string) => string | null,
  limit: number,
): { readonly text: string } | { readonly missing: string } | null {
  let text = "";
  for (const piece of pieces) {
    if ("text" in piece) text += piece.text;
    else {
      const value = valueOf(piece.variable);
      if (value === null) return { missing: piece.variable };
      text += value;
    }
    if (text.length > limit) return null;
  }
  return { text };
}
