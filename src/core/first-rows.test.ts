import fc from "fast-check";
import { expect, test } from "vitest";
import { firstRows } from "./first-rows.ts";

test("it answers as a map of all keys would", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 5_000, size: "max" }), (keys) => {
      const map = new Map<string, number>();
      const rows = firstRows();
      for (const [index, key] of keys.entries()) {
        expect(rows.note(key, index + 1)).toBe(map.get(key) ?? null);
        if (!map.has(key)) map.set(key, index + 1);
      }
    }),
    { numRuns: 20 },
  );
});

test("it knows every one of 100,000", () => {
  const rows = firstRows();
  for (let row = 1; row <= 100_000; row += 1)
    if (rows.note(`lead${row}@x.example`, row) !== null) throw new Error(`Row ${row} was taken for another.`);
  for (let row = 1; row <= 100_000; row += 997) expect(rows.note(`lead${row}@x.example`, 200_000)).toBe(row);
});
