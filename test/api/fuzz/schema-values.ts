// Values that a JSON Schema allows, of the subset that the OpenAPI document uses; and values that nobody expects.
import fc from "fast-check";

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export interface Vocabulary {
  /** What `#/components/schemas/…` stands for. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Values of a property or parameter of that name: what exists, or what must not be left to chance. Null: whatever its schema allows. */
  named(name: string, schema: JsonSchema): fc.Arbitrary<unknown> | null;
}

const MOST_ITEMS = 4;
const MOST_CHARACTERS = 40;
const FIRST_YEAR = new Date("1990-01-01T00:00:00Z");
const LAST_YEAR = new Date("2060-01-01T00:00:00Z");

export function allowed(schema: JsonSchema, vocabulary: Vocabulary, name = ""): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return allowed(vocabulary.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}, vocabulary, name);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => allowed(choice, vocabulary, name)));
  const type = typeof schema.type === "object" ? schema.type[0] : schema.type;
  if (type === "array") return arrays(schema, vocabulary, name);
  if (type === "object" || type === "null") return type === "null" ? fc.constant(null) : objects(schema, vocabulary);
  return (name === "" ? null : vocabulary.named(name, schema)) ?? scalars(schema, type);
}

function arrays(
  { items = {}, minItems = 0, maxItems = MOST_ITEMS }: JsonSchema,
  vocabulary: Vocabulary,
  name: string,
): fc.Arbitrary<unknown> {
  return fc.array(allowed(items, vocabulary, name), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)) });
}

function scalars(schema: JsonSchema, type: string | undefined): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (type) {
    case "string":
      return texts(schema);
    case "integer":
    case "number":
      return numbers(schema, type);
    case "boolean":
      return fc.boolean();
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objects(schema: JsonSchema, vocabulary: Vocabulary): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, allowed(value, vocabulary, key)])), {
    requiredKeys: [...required],
  });
  if (typeof additionalProperties !== "object") return known;
  const keys = schema.propertyNames ? allowed(schema.propertyNames, vocabulary) : fc.string({ maxLength: 10 });
  const more = fc.dictionary(keys as fc.Arbitrary<string>, allowed(additionalProperties, vocabulary), { maxKeys: MOST_ITEMS });
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

function texts({ format, pattern, minLength = 0, maxLength = MOST_CHARACTERS }: JsonSchema): fc.Arbitrary<string> {
  switch (format) {
    case "uuid":
      return fc.uuid();
    case "date-time":
      return moments.map((at) => at.toISOString());
    case "date":
      return moments.map((at) => at.toISOString().slice(0, 10));
    case "email":
      return fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/);
    case undefined:
    default:
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, "u"), { maxLength: Math.max(minLength, MOST_CHARACTERS) });
  const unit = fc.constantFrom("grapheme" as const, "grapheme-ascii" as const);
  return unit.chain((one) => fc.string({ unit: one, minLength, maxLength: Math.max(minLength, Math.min(maxLength, MOST_CHARACTERS)) }));
}

const moments = fc.date({ min: FIRST_YEAR, max: LAST_YEAR, noInvalidDate: true });

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, type: string): fc.Arbitrary<number> {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000 : exclusiveMinimum + 1);
  const max = maximum ?? (exclusiveMaximum === undefined ? Math.max(min, 1_000) : exclusiveMaximum - 1);
  return type === "integer" ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

const keyParts = {
  moment: fc.constantFrom(
    "2026-03-04T09:00:00.000Z",
    "2026-13-45T99:99:99.999Z",
    "0000-00-00T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z",
    "2026-02-30T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ),
  id: fc.oneof(fc.uuid(), fc.constant("00000000-0000-0000-0000-000000000000")),
  number: fc.constantFrom("0", "999999999", "-999999999", "3000000000", "1.5"),
  text: fc.oneof(fc.constantFrom("", "\0", "\ud800", "%", "null", "\uffff"), fc.string({ unit: "binary", maxLength: 20 })),
};
const keyPart = fc.oneof(keyParts.moment, keyParts.id, keyParts.number, keyParts.text);

/** A cursor of some list, or nearly: what looks as it should, and is not. */
export const cursors: fc.Arbitrary<string> = fc
  .oneof(
    { arbitrary: fc.tuple(keyParts.moment, keyParts.id), weight: 3 },
    { arbitrary: fc.oneof(fc.tuple(keyParts.id), fc.tuple(keyParts.text), fc.tuple(keyParts.text, keyParts.id)), weight: 2 },
    { arbitrary: fc.array(keyPart, { maxLength: 4 }), weight: 1 },
  )
  .map((key) => Buffer.from(JSON.stringify(key)).toString("base64url"));

const LONG = "x".repeat(30_000);

/** What a program that means ill, or is broken, sends in the place of anything. */
export const unexpected: fc.Arbitrary<unknown> = fc.oneof(
  {
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, "", " ", [], {}, [null], [[]]),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom(
      "\0",
      "a\0b",
      "\ud800",
      "\udc00x",
      "\u202e",
      "\ufeff",
      "%00",
      "'; drop table lead; --",
      "{{ 7 | times: 7 }}",
      "__proto__",
      "constructor",
      "NaN",
      "Infinity",
      "-0",
      "1e400",
      "0000-01-01",
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59-23:59",
      "2026-02-30T00:00:00Z",
      "00000000-0000-0000-0000-000000000000",
      "a@b",
      "<script>",
      "/../..",
      "100000000000000000000",
      LONG,
    ),
    weight: 6,
  },
  { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 2 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 2 },
  { arbitrary: fc.constantFrom(500, 2_000).map(nested), weight: 1 },
  { arbitrary: fc.constant(JSON.parse(`{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}`)), weight: 1 },
);

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The value with one thing in it that should not be there: replaced, taken away or added. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .tuple(
      fc.constantFrom(...places),
      unexpected,
      fc.constantFrom("replace" as const, "replace" as const, "remove" as const, "add" as const),
    )
    .map(([place, other, how]) => changedAt(value, place, other, how));
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, place: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...place, key]))];
}

function changedAt(value: unknown, place: Place, other: unknown, how: "replace" | "remove" | "add"): unknown {
  const [key, ...rest] = place;
  if (key === undefined) {
    if (how !== "add" || typeof value !== "object" || value === null || Array.isArray(value)) return other;
    return { ...value, unknown: other };
  }
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  if (rest.length === 0 && how === "remove") delete copy[key];
  else copy[key] = changedAt(copy[key], rest, other, how);
  return copy;
}
