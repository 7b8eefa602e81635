// The mailboxes of a pool: who shares what, and whose lead is whose.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOON } from "../../test/support/waiting-mails.ts";
import { after, DAY } from "./instant.ts";
import { NO_DOMAIN_LIMITS, Quotas } from "./quota.ts";
import { mailboxFor } from "./send-plan.ts";

describe("a number that several mailboxes share", () => {
  test("is divided among them without a rest, whatever the day; what others have sent beyond their share is taken off", () => {
    const pool = ["anna", "ben", "cleo", "dan"];
    const sharers = { anna: 40, ben: 40, cleo: 40, dan: 40 };
    const limit = (perDay: number) => ({ domain: "gmail.com", newLead: { campaignId: "c", zone: "UTC", perDay, sharers } });
    fc.assert(
      fc.property(fc.nat(30), fc.nat(1_000), fc.nat(30), (perDay, day, elsewhere) => {
        const at = after(NOON, day * DAY);
        const shares = (others: number) =>
          pool.map((mailboxId) => {
            const quotas = new Quotas({ mailboxId, zone: "UTC", dailyCap: 40 }, NO_DOMAIN_LIMITS, { own: () => 0, others: () => others });
            return quotas.of(limit(perDay)).map((quota) => quota.most(quota.periodOf(at)))[0] ?? 0;
          });
        expect(shares(0).reduce((sum, share) => sum + share, 0)).toBe(perDay);
        expect(Math.max(...shares(0)) - Math.min(...shares(0))).toBeLessThanOrEqual(1);
        for (const share of shares(elsewhere)) expect(share).toBeLessThanOrEqual(Math.max(0, perDay - elsewhere));
      }),
    );
  });
});

describe("a number that unequal mailboxes share", () => {
  test("is divided by what each may send, in the long run exactly", () => {
    const sharers = { anna: 30, ben: 10, cleo: 0 };
    const newLead = { campaignId: "c", zone: "UTC", perDay: 3, sharers };
    const sums = Object.entries(sharers).map(([mailboxId, dailyCap]) => {
      const quotas = new Quotas({ mailboxId, zone: "UTC", dailyCap }, NO_DOMAIN_LIMITS, { own: () => 0, others: () => 0 });
      const [quota] = quotas.of({ domain: "gmail.com", newLead });
      return Array.from({ length: 400 }, (_, day) => quota?.most(quota.periodOf(after(NOON, day * DAY))) ?? 0).reduce(
        (sum, one) => sum + one,
        0,
      );
    });
    expect(sums[0]).toBeGreaterThan(895);
    expect(sums[0]).toBeLessThan(905);
    expect([(sums[0] ?? 0) + (sums[1] ?? 0), sums[2]]).toEqual([1_200, 0]);
  });
});

describe("the mailbox of a lead", () => {
  const pool = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 });

  test("is one of the pool, whatever its order", () => {
    fc.assert(fc.property(fc.uuid(), pool, (lead, ids) => mailboxFor(lead, ids) === mailboxFor(lead, ids.toReversed())));
    expect(mailboxFor("lead", [])).toBeNull();
  });

  test("stays the same when another one joins or leaves, unless it is that one", () => {
    fc.assert(
      fc.property(fc.uuid(), pool, fc.uuid(), (lead, ids, added) => {
        const before = mailboxFor(lead, ids);
        const now = mailboxFor(lead, [...ids, added]);
        expect([before, added]).toContain(now);
      }),
    );
  });

  test("spreads leads evenly", () => {
    const counts = Map.groupBy(
      Array.from({ length: 3_000 }, (_, lead) => mailboxFor(`lead ${lead}`, ["a", "b", "c"])),
      (id) => id,
    );
    for (const leads of counts.values()) expect(leads.length).toBeGreaterThan(850);
  });
});
