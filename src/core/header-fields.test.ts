import fc from "fast-check";
import { expect, test } from "vitest";
import { readFieldGroups, readFields } from "./header-fields.ts";

test("folded lines belong to their field, and the block ends at the blank line", () => {
  const fields = readFields("From ann Mon Jan 1\r\nSubject: one\r\n two\r\nX-A: 1\r\nX-A: 2\r\n\r\nBody: no\r\n");
  expect([...fields]).toEqual([
    ["subject", ["one two"]],
    ["x-a", ["1", "2"]],
  ]);
});

test("a second final-recipient opens a group even where the blank line is missing", () => {
  const groups = readFieldGroups("Reporting-MTA: x\n\n\nFinal-Recipient: a\nStatus: 5.1.1\nFinal-Recipient: b\n");
  expect(groups.map((fields) => fields.get("final-recipient")?.[0])).toEqual([undefined, "a", "b"]);
});

test("any text gives a bounded number of groups", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("Final-Recipient: a", "", " fold", "prose", "A: b"), { maxLength: 1_000 }), (lines) => {
      expect(readFieldGroups(lines.join("\n")).length).toBeLessThanOrEqual(100);
    }),
  );
});
