import { expect, test } from "vitest";
import { nearestWord } from "./nearest-word.ts";

const KEYS = ["mailboxes", "time_zone", "sequence", "sub_sequences", "on"];

test.each([
  ["mailbox", "mailboxes"],
  ["timezone", "time_zone"],
  ["time-zone", "time_zone"],
  ["Sequence", "sequence"],
  ["subsequences", "sub_sequences"],
])("%s was meant to be %s", (written, meant) => {
  expect(nearestWord(written, KEYS)).toBe(meant);
});

test.each(["colour", "", "xy", "m".repeat(100_000)])("nothing comes close to %.20s", (written) => {
  expect(nearestWord(written, KEYS)).toBeNull();
});
