// A mail's bytes, readable: its headers, its words, and all of it as text. Whatever stands in it is data, never shown as a page.
import { z } from "zod";
import { parseMail } from "../../mail/parse.ts";

/** A mail with pictures is longer; what a person wants to read stands at its beginning. */
const MOST = 500_000;

export const mailContent = z
  .object({
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .readonly()
      .describe("Names in small letters"),
    text: z.string().describe("The words, of HTML only the words, too"),
    html: z.string().nullable().describe("As it was written. Hostile: show it only in a sandbox"),
    raw: z.string().describe("The mail as it was transferred, cut where it is very long"),
    rawTruncated: z.boolean(),
  })
  .meta({ id: "MailContent" });

export async function readableMail(bytes: Uint8Array): Promise<z.output<typeof mailContent>> {
  const { headers, text, html } = await parseMail(bytes);
  return {
    headers: [...headers].flatMap(([name, values]) => values.map((value) => ({ name, value }))),
    text,
    html,
    raw: new TextDecoder().decode(bytes.subarray(0, MOST)),
    rawTruncated: bytes.length > MOST,
  };
}
