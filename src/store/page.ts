// Lists in pages that stay right while rows come and go: a page begins after the last row of the one before (keyset), not at a number.
import { AgentError } from "../core/errors.ts";

export interface PageRequest {
  readonly limit: number;
  /** `nextCursor` of the page before; null for the first. */
  readonly cursor: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** What a value of a cursor is cast to. */
type KeyType = "timestamptz" | "uuid" | "text" | "integer";

const SHAPES: Readonly<Record<KeyType, RegExp>> = {
  timestamptz: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  // PostgreSQL's text holds no NUL
  text: /^[^\0]{0,2000}$/s,
  integer: /^-?\d{1,9}$/,
};

/** The values after which the page begins, as parameters: all null for the first page. invalid_input for what is no cursor of this list. */
export function afterCursor({ cursor }: PageRequest, types: readonly KeyType[]): (string | null)[] {
  if (cursor === null) return types.map(() => null);
  const values = decoded(cursor);
  const valid = values?.length === types.length && types.every((type, index) => isOfType(type, values[index] ?? ""));
  if (!valid) throw new AgentError("invalid_input", "The cursor is not one of this list.");
  return [...values];
}

/** A moment is one of the calendar, too; there is no year 0 in PostgreSQL's. */
function isOfType(type: KeyType, value: string): boolean {
  if (!SHAPES[type].test(value)) return false;
  if (type !== "timestamptz") return true;
  const at = new Date(value);
  return !value.startsWith("0000") && !Number.isNaN(at.getTime()) && at.toISOString() === value;
}

function decoded(cursor: string): string[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(values) && values.every((value) => typeof value === "string") ? values : null;
  } catch {
    return null;
  }
}

/** Of `rows`, which were asked for with one more than the limit, the page and where the next one begins. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => readonly (Date | string | number)[]): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encoded(keyOf(last)) : null;
  return { items, nextCursor };
}

function encoded(key: readonly (Date | string | number)[]): string {
  return Buffer.from(JSON.stringify(key.map((value) => (value instanceof Date ? value.toISOString() : String(value))))).toString(
    "base64url",
  );
}
