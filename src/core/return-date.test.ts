import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY } from "./instant.ts";
import { returnDateIn } from "./return-date.ts";

const AT = new Date("2026-11-24T10:00:00Z");

test.each([
  ["I am away until 12 December.", "2026-12-12"],
  ["Out of office until December 12th, 2026", "2026-12-12"],
  ["I will be back on Monday, 3 March", "2027-03-03"],
  ["I will return to the office on Thursday, Dec 3rd.", "2026-12-03"],
  ["away until 2026-12-01", "2026-12-01"],
  ["away 2026-12-01 - 2026-12-09", "2026-12-09"],
  ["out 23 Dec – 2 Jan", "2027-01-02"],
  ["Ich bin bis zum 12.12. nicht im Büro", "2026-12-12"],
  ["bis einschließlich 12.12.2026", "2026-12-12"],
  ["vom 1. bis 12. Dezember", "2026-12-12"],
  ["ab dem 7.12. wieder erreichbar", "2026-12-07"],
  ["absent jusqu'au 12 décembre inclus", "2026-12-12"],
  ["de retour le lundi 7 décembre 2026", "2026-12-07"],
  ["estaré fuera hasta el 12 de diciembre de 2026", "2026-12-12"],
  ["volto no dia 4 de janeiro", "2027-01-04"],
  ["rientrerò il 7 gennaio 2027", "2027-01-07"],
  ["afwezig tot en met 12 december", "2026-12-12"],
  ["bis 31.12.26", "2026-12-31"],
])("%s → %s", (text, day) => {
  expect(returnDateIn(text, AT)).toBe(day);
});

test("an ambiguous date is read day first, unless only the other reading can be meant", () => {
  expect(returnDateIn("until 03/04/2027", AT)).toBe("2027-04-03");
  expect(returnDateIn("until 12/13", AT)).toBe("2026-12-13");
  expect(returnDateIn("until 12/02/2026", AT)).toBe("2026-12-02");
});

test.each([
  "I was away until 12 November 2026",
  "until 12 June 2027",
  "until 30 February",
  "call +49 030-12-10",
  "see you in December",
  "in 2026-12-01 we founded",
])("no date is read from: %s", (text) => {
  expect(returnDateIn(text, AT)).toBeNull();
});

test("whatever the text, the day lies ahead and within 180 days", () => {
  const word = fc.constantFrom(
    "until",
    "bis",
    "to",
    "-",
    "12",
    "3.",
    "12.12.",
    "dec",
    "märz",
    "2026",
    "2027-01-31",
    "31/01",
    "back",
    "on",
    " ",
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 30 }),
      fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
      (words, at) => {
        const day = returnDateIn(words.join(" "), at);
        if (day === null) return;
        const distance = new Date(day).getTime() - at.getTime();
        expect(distance).toBeGreaterThan(0);
        expect(distance).toBeLessThanOrEqual(180 * DAY);
      },
    ),
  );
});
