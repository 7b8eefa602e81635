import fc from "fast-check";
import { expect, test } from "vitest";
import { unfoldFlowed } from "./flowed-text.ts";

test("lines of one paragraph are joined, and its last line ends it", () => {
  expect(unfoldFlowed("Thanks for \nasking. \nNo.\nBye", false)).toBe("Thanks for asking. No.\nBye");
});

test("an answer below a quoted line that ends in a space is not a part of the quote", () => {
  const text = "> Shall we talk \n> next week? \nPlease stop writing to me.\n>> older \n> old\nAnn";
  expect(unfoldFlowed(text, false)).toBe("> Shall we talk next week? \nPlease stop writing to me.\n>> older \n> old\nAnn");
});

test("a stuffed space is the format's: a line that begins with > or a space may be the writer's own", () => {
  expect(unfoldFlowed(" > 5 percent\n  indented\n>  quoted", false)).toBe("> 5 percent\n indented\n>  quoted");
});

test("the signature's separator and an empty line stand for themselves", () => {
  expect(unfoldFlowed("Regards \n-- \nAnn \n\nx", false)).toBe("Regards \n-- \nAnn \n\nx");
});

test("DelSp takes the space away that was put in for the break", () => {
  expect(unfoldFlowed("日本 \n語", true)).toBe("日本語");
});

test("text that was folded at its spaces reads as it was written", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "é", "-", ".", "@"), minLength: 1, maxLength: 6 });
  const paragraph = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));
  const fold = (text: string) => text.replaceAll(/((?:\S+ ){2})/g, "$1\n");
  fc.assert(
    fc.property(fc.array(paragraph, { maxLength: 6 }), (paragraphs) => {
      expect(unfoldFlowed(paragraphs.map(fold).join("\r\n"), false)).toBe(paragraphs.join("\n"));
    }),
  );
});
