import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LeadColumn, readColumns } from "./lead-columns.ts";

function shortOf(column: LeadColumn): string {
  switch (column.kind) {
    case "field":
      return column.field.toUpperCase();
    case "custom":
      return column.key;
    case "consent":
      return `?${column.states}`;
    case "progress":
      return `>${column.says}`;
    case "verification":
      return "!";
    case "ignored":
      return "-";
    default:
      return column satisfies never;
  }
}
function read(headers: string[], mapping = {}, options = {}) {
  const result = readColumns(headers, mapping, options);
  return result.kind === "columns" ? result.columns.map(shortOf) : result;
}

describe("headers", () => {
  test("say how far another tool came only where an import goes on with it", () => {
    const headers = ["Email", "Last Step Sent", "Last Contacted", "Status", "Replied"];
    expect(read(headers)).toEqual(["EMAIL", "last_step_sent", "last_contacted", "status", "replied"]);
    expect(read(headers, {}, { withProgress: true })).toEqual(["EMAIL", ">last_step", ">last_sent_at", ">progress", ">replied"]);
    expect(read(["Email", "Touch"], { Touch: "last_step" }, { withProgress: true })).toEqual(["EMAIL", ">last_step"]);
  });

  test.each([
    [
      ["E-mail", "First Name", "Surname", "Company", "Job title", "Shops", "Time zone"],
      "EMAIL FIRST_NAME LAST_NAME COMPANY TITLE shops TIME_ZONE",
    ],
    [["EMAIL_ADDRESS", "firstname", "Last-Name", "phone #"], "EMAIL FIRST_NAME LAST_NAME PHONE"],
    [
      ["Vorname", "Nachname", "E-Mail-Adresse", "Firma", "Position", "Telefonnummer", "Zeitzone"],
      "FIRST_NAME LAST_NAME EMAIL COMPANY TITLE PHONE TIME_ZONE",
    ],
    [["Prénom", "Nom", "Courriel", "Société", "Fuseau horaire"], "FIRST_NAME LAST_NAME EMAIL COMPANY TIME_ZONE"],
    [["Nombre", "Apellidos", "Correo electrónico", "Empresa", "Teléfono"], "FIRST_NAME LAST_NAME EMAIL COMPANY PHONE"],
    [["Imię", "Nazwisko", "Adres e-mail", "Stanowisko"], "FIRST_NAME LAST_NAME EMAIL TITLE"],
    [["メールアドレス", "会社名", "Имя", "Фамилия"], "EMAIL COMPANY FIRST_NAME LAST_NAME"],
    [["Mail", "Subscribed", "Opt-out", "Do not contact"], "EMAIL ?subscribed ?unsubscribed ?unsubscribed"],
    [["import_row", "import_reason", "email"], "- - EMAIL"],
  ])("%j", (headers, columns) => {
    expect(read(headers)).toEqual(columns.split(" "));
  });

  test("of two columns for one field the better named is taken, then the first; the other is a custom field", () => {
    expect(read(["email", "email", "Title", "Job Title", "Mail"])).toEqual(["EMAIL", "email_2", "title_2", "TITLE", "mail"]);
  });

  test("that nobody knows become custom fields with names for templates", () => {
    expect(read(["email", "Größe (m²)", "2nd contact", "", "日本", "Shops", "shops!", "time-zone", "Sender name", "ignored"])).toEqual(
      "EMAIL grosse_m2 field_2nd_contact column_4 column_5 shops shops_2 TIME_ZONE sender_name_2 ignored".split(" "),
    );
  });
});

describe("a mapping", () => {
  test("goes before what headers say", () => {
    const mapping = { Kontakt: "email", "e-mail": null, Notes: "Remark", vorname: "First Name", Abo: "subscribed" };
    expect(read(["E-Mail", "Kontakt", "Notes", "Vorname", "Abo"], mapping)).toEqual(["-", "EMAIL", "remark", "FIRST_NAME", "?subscribed"]);
  });

  test("that does not fit is refused", () => {
    expect(read(["email", "Notes"], { Note: "x" })).toEqual({ kind: "unknown_column", column: "Note", nearest: "Notes" });
    expect(read(["email", "a", "b"], { a: "phone", b: "phone" })).toEqual({ kind: "field_twice", field: "phone" });
    expect(read(["email"], { email: null })).toEqual({ kind: "no_address" });
  });
});

test("a file without header or without addresses is known as such", () => {
  expect(read(["ann@x.example", "Ann"])).toEqual({ kind: "no_header" });
  expect(read(["", " "])).toEqual({ kind: "no_header" });
  expect(read(["Name", "Town"])).toEqual({ kind: "no_address" });
});

test("whatever the headers, custom names are fit for templates, different, and not those of fields", () => {
  const header = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 100 }),
    fc.constantFrom("Email", "Notes", "notes", "__proto__", "constructor", "phone"),
  );
  fc.assert(
    fc.property(fc.array(header, { maxLength: 30 }), (headers) => {
      const result = readColumns([...headers, "email"]);
      if (result.kind === "no_header") return;
      const columns = result.kind === "columns" ? result.columns : [];
      expect(columns).toHaveLength(headers.length + 1);
      const keys = columns.flatMap((column) => (column.kind === "custom" ? [column.key] : []));
      for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(new Set([...keys, "email", "phone", "first_name"]).size).toBe(keys.length + 3);
    }),
  );
});
