import fc from "fast-check";
import { expect, test } from "vitest";
import { quotedPrintable } from "./quoted-printable.ts";

test("ASCII stays readable, everything else is escaped", () => {
  expect(quotedPrintable("Hi Lee,\n1 + 1 = 2 für alle\nblank at the end \n\n")).toBe(
    "Hi Lee,\r\n1 + 1 =3D 2 f=C3=BCr alle\r\nblank at the end=20\r\n",
  );
});

test("a line is broken where it is full, never within an escape", () => {
  const broken = quotedPrintable(`${"x".repeat(73)}${"=".repeat(30)}`).split("\r\n");
  expect(broken[0]).toBe(`${"x".repeat(73)}=`);
  expect(broken[1]).toBe(`${"=3D".repeat(25)}=`);
});

function decoded(encoded: string): string {
  const bytes = encoded.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const text = fc.array(
  fc.oneof(
    fc.constantFrom("\r\n", "\n", "\r", "=", ".", " ", "\t", "ä", "\u{1f680}", "\0", "From "),
    fc.string({ unit: "binary", maxLength: 120 }),
  ),
  {
    maxLength: 12,
  },
);

test("whatever the text is, lines are short and ASCII, and it comes back", () => {
  fc.assert(
    fc.property(text, (parts) => {
      const written = parts.join("").toWellFormed();
      const encoded = quotedPrintable(written);
      for (const line of encoded.split("\r\n")) expect(line).toMatch(/^(?:[!-~\t ]{0,75}[!-~])?$/);
      const lines = written.split(/\r\n?|\n/);
      if (lines.length > 1 && lines.at(-1) === "") lines.pop();
      expect(decoded(encoded)).toBe(lines.join("\r\n"));
    }),
  );
});
