import fc from "fast-check";
import { expect, test } from "vitest";
import { FreeMailboxes, type PooledMailbox } from "./free-mailbox.ts";

const box = (id: string, more: Partial<PooledMailbox> = {}): PooledMailbox => ({ id, dailyCap: 40, waiting: 0, paused: false, ...more });
const given = (pool: readonly PooledMailbox[], leads: number) => {
  const free = new FreeMailboxes(pool);
  return Array.from({ length: leads }, (_, lead) => free.next(`lead ${lead}`));
};
const counts = (ids: readonly (string | null)[]) =>
  Object.fromEntries([...Map.groupBy(ids, (id) => id ?? "none")].map(([id, of]) => [id, of.length]));

test("leads go to mailboxes by what each may send a day", () => {
  expect(counts(given([box("anna"), box("ben", { dailyCap: 20 }), box("cleo", { dailyCap: 0 })], 60))).toEqual({ anna: 40, ben: 20 });
});

test("one that has mail waiting gets none until the others have as much", () => {
  expect(counts(given([box("anna", { waiting: 10 }), box("ben")], 10))).toEqual({ ben: 10 });
});

test("a paused one gets none while there is another", () => {
  expect(counts(given([box("anna", { paused: true }), box("ben")], 3))).toEqual({ ben: 3 });
  expect(counts(given([box("anna", { paused: true })], 3))).toEqual({ anna: 3 });
  expect(given([], 1)).toEqual([null]);
});

test("whatever waits, no two mailboxes that got leads are more than a mail apart, and the order of the pool does not matter", () => {
  const pool = fc.uniqueArray(
    fc.record({ id: fc.uuid(), dailyCap: fc.integer({ min: 1, max: 50 }), waiting: fc.nat(30), paused: fc.constant(false) }),
    {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(pool, fc.nat(80), (mailboxes, leads) => {
      const ids = given(mailboxes, leads);
      expect(given(mailboxes.toReversed(), leads)).toEqual(ids);
      const got = counts(ids);
      const days = (mailbox: PooledMailbox, more: number) => (mailbox.waiting + (got[mailbox.id] ?? 0) + more) / mailbox.dailyCap;
      for (const one of mailboxes.filter(({ id }) => (got[id] ?? 0) > 0)) {
        for (const other of mailboxes) expect(days(one, -1)).toBeLessThanOrEqual(days(other, 0) + 1e-9);
      }
    }),
  );
});
