import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readColumns } from "./lead-columns.ts";
import { type RowRead, rowReader } from "./lead-row.ts";

function reader(...headers: string[]): (...cells: string[]) => RowRead {
  const read = readColumns(headers);
  if (read.kind !== "columns") throw new Error(read.kind);
  const row = rowReader(read.columns);
  return (...cells) => row(cells);
}

describe("a row", () => {
  const read = reader("Email", "First name", "Phone", "Time zone", "Notes");

  test("needs nothing but an address", () => {
    expect(read(" Ann@X.example ", "", " ", "", "")).toEqual({
      kind: "lead",
      lead: {
        address: { address: "Ann@X.example", identityKey: "ann@x.example", domain: "x.example" },
        fields: { first_name: null, last_name: null, company: null, title: null, phone: null, time_zone: null },
        custom: {},
      },
      unknownTimeZone: false,
      garbledCells: 0,
    });
  });

  test("keeps values as they are: fields on one line, custom fields with their lines", () => {
    expect(read("a@x.example", "Ann\r\nBcc: x", "'+49 30", "Europe/Berlin", "{{ x }} {a|b} <b> & 'n'\r\ntwo")).toMatchObject({
      lead: {
        fields: { first_name: "Ann Bcc: x", phone: "+49 30", time_zone: "Europe/Berlin" },
        custom: { notes: "{{ x }} {a|b} <b> & 'n'\ntwo" },
      },
    });
  });

  test.each(["Berlin", "local", "system", "Mars/Base"])("loses the time zone %s, which nobody knows, and stays a lead", (zone) => {
    expect(read("a@x.example", "Ann", "", zone, "")).toMatchObject({
      unknownTimeZone: true,
      lead: { fields: { first_name: "Ann", time_zone: null } },
    });
  });

  test("loses a value that was garbled on the way, rather than greeting M�ller", () => {
    expect(read("a@x.example", "M\uFFFDller", "1", "", "")).toMatchObject({
      garbledCells: 1,
      lead: { fields: { first_name: null, phone: "1" } },
    });
  });

  test.each([
    ["address_missing", ["", "Ann", "", "", ""]],
    ["address_invalid", ["ann", "", "", "", ""]],
    ["address_invalid", ["a@x.example, b@x.example", "", "", "", ""]],
    ["address_invalid", ["M\uFFFD@x.example", "", "", "", ""]],
    ["address_too_long", [`${"a".repeat(300)}@x.example`, "", "", "", ""]],
    ["columns_missing", ["a@x.example", "Ann"]],
    ["columns_too_many", ["a@x.example", "Ann", "", "", "", "", "more"]],
    ["value_too_long", ["a@x.example", "A".repeat(501), "", "", ""]],
    ["nul_character", ["a@x.example", "A\0nn", "", "", ""]],
  ])("is rejected: %s", (code, cells) => {
    expect(read(...cells)).toMatchObject({ kind: "rejected", code });
  });

  test("may have blank cells behind its last column", () => {
    expect(read("a@x.example", "", "", "", "", "", " ")).toMatchObject({ kind: "lead" });
  });
});

describe("consent", () => {
  test.each(["false", "No", "0", "0.0", "nein", "FALSCH", "non", "unsubscribed", "opted-out", "нет"])(
    "subscribed = %s is an opt-out",
    (answer) => {
      expect(reader("email", "subscribed")("a@x.example", answer)).toMatchObject({
        kind: "opted_out",
        address: { identityKey: "a@x.example" },
      });
    },
  );
  test.each(["true", "Yes", "1", "ja", "WAHR", "", "-", "n/a", "subscribed", "2026-01-31 10:00", "31.01.2026"])(
    "subscribed = %j is none",
    (answer) => {
      expect(reader("email", "subscribed")("a@x.example", answer)).toMatchObject({ kind: "lead" });
    },
  );
  test("subscribed = maybe is for a person to read", () => {
    expect(reader("email", "subscribed")("a@x.example", "maybe")).toMatchObject({ kind: "rejected", code: "consent_unclear" });
  });
  test.each(["true", "yes", "1", "x", "oui", "2026-01-31", "who knows", "Unsubscribed"])("unsubscribed = %s is an opt-out", (answer) => {
    expect(reader("email", "unsubscribed")("a@x.example", answer)).toMatchObject({ kind: "opted_out" });
  });
  test.each(["false", "no", "0", "", "nein", "none"])("unsubscribed = %j is none", (answer) => {
    expect(reader("email", "unsubscribed")("a@x.example", answer)).toMatchObject({ kind: "lead" });
  });
  test("one opt-out of several columns is enough", () => {
    expect(reader("email", "subscribed", "opt-out")("a@x.example", "maybe", "yes")).toMatchObject({ kind: "opted_out" });
  });
});

test("whatever stands in a row, it is a lead with an address and storable values, an opt-out, or rejected with a reason", () => {
  const hostile = fc.constantFrom(
    "a@x.example",
    "=1+1",
    "{{ x }}",
    "\0",
    "\ud800",
    "true",
    "Europe/Berlin",
    "__proto__",
    "<script>",
    "\u202e",
  );
  const cell = fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 40 }));
  const read = rowReader(columns("email", "first name", "time zone", "__proto__", "constructor", "subscribed"));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 4, maxLength: 8 }), fc.boolean(), (cells, isAddressed) => {
      const row = read(isAddressed ? ["Ann@x.example", ...cells.slice(1)] : cells);
      const reason = row.kind === "rejected" ? row.reason : "Fine.";
      expect(reason).toMatch(/^[^\0]+\.$/);
      expect(reason.isWellFormed()).toBe(true);
      const address = row.kind === "lead" ? row.lead.address : row.kind === "opted_out" ? row.address : null;
      expect(address?.identityKey ?? "none@x.example").toMatch(/^[^@]+@[^@]+$/);
      const values = row.kind === "lead" ? [...Object.values(row.lead.fields), ...Object.values(row.lead.custom)] : [];
      for (const value of values) expect(value === null || (value !== "" && value.isWellFormed() && !value.includes("\0"))).toBe(true);
      expect(Object.getPrototypeOf(row.kind === "lead" ? row.lead.custom : {})).toBe(Object.prototype);
    }),
  );
});

function columns(...headers: string[]) {
  const read = readColumns(headers);
  if (read.kind !== "columns") throw new Error(read.kind);
  return read.columns;
}
