import { expect, test } from "vitest";
import { type MergeLead, mergeValues } from "./merge-values.ts";

const lead: MergeLead = {
  email: "lee@lead.example",
  firstName: "Lee",
  lastName: null,
  company: "  ",
  title: null,
  phone: null,
  custom: {},
};
const values = (custom: Record<string, unknown>, defaults: Record<string, unknown> = {}) =>
  mergeValues({ ...lead, custom }, defaults, { name: null, email: "anna@team.example" });

test("a lead's own value goes before the campaign's default, which fills what is blank", () => {
  expect(values({ city: "Bonn" }, { first_name: "there", company: "your company", city: "town" })).toEqual({
    first_name: "Lee",
    company: "your company",
    city: "Bonn",
    email: "lee@lead.example",
    sender_email: "anna@team.example",
  });
});

test("a custom field cannot pass itself off as a field that every lead has, nor as the sender", () => {
  const merged = values({ email: "other@evil.example", sender_email: "x@evil.example", last_name: "Evil" });
  expect(merged).toMatchObject({ email: "lee@lead.example", sender_email: "anna@team.example" });
  expect(merged["last_name"]).toBeUndefined();
});

test("numbers and truths are printed; lists, objects and nothing are no values", () => {
  expect(values({ shops: 12, open: true, tags: ["a"], more: {}, none: null })).toMatchObject({ shops: "12", open: "true" });
  expect(Object.keys(values({ tags: ["a"], more: {}, none: null }))).toEqual(["first_name", "email", "sender_email"]);
});

test("a field named like an object's own parts is a field", () => {
  const custom = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, unknown>;
  const merged = values(custom);
  expect(Object.entries(merged)).toContainEqual(["__proto__", "x"]);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
});
