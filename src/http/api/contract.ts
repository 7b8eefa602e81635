// The vocabulary of the contract: instants, ids, pages, problems. What an operation takes and gives is a zod schema; the OpenAPI document,
// the checks of requests and the generated client all come from it.
import { z } from "zod";
import { parseEmailAddress } from "../../core/email-address.ts";
import type { Id } from "../../core/ids.ts";
import type { Instant } from "../../core/instant.ts";

/** RFC 3339 on the wire, an instant inside. */
export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
}) as z.ZodType<Instant, string>;

/** A UUID on the wire, a branded id inside. */
export function idOf<Name extends string>(): z.ZodType<Id<Name>, string> {
  return z.uuid() as unknown as z.ZodType<Id<Name>, string>;
}

/** Text that a person wrote: trimmed, not empty, and without what PostgreSQL cannot store. */
export function words(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => !text.includes("\0"), "must not contain NUL characters")
    .transform((text) => text.trim())
    .refine((text) => text !== "", "must not be empty");
}

/** An address in any spelling, inside as what it is known by. */
export const exactAddress = z
  .string()
  .max(320)
  .transform((text, context) => {
    const key = parseEmailAddress(text)?.identityKey;
    if (key !== undefined) return key;
    context.addIssue("must be an email address");
    return z.NEVER;
  })
  .describe("The whole address, in any spelling");

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many at most"),
  cursor: z.string().max(4_000).optional().describe("`nextCursor` of the page before"),
};

export function pageRequest({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
  return { limit, cursor: cursor ?? null };
}

export function pageOfItems<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable().describe("Null on the last page") });
}

/** `?state=a&state=b`, and `?state=a`, which is no array before it is wrapped. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).min(1).max(50));
}

export const nothing = z.strictObject({});

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe("One of docs/reference/errors.md; never changes its meaning"),
    detail: z.string().describe("What happened and what to do, for people"),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("What is wrong with the request, field by field"),
    facts: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Problem" });
