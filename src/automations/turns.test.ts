import { expect, test } from "vitest";
import { after, SECOND } from "../core/instant.ts";
import { settingsSchema } from "../core/settings.ts";
import { spanUntil } from "./turns.ts";

const NOW = new Date("2026-03-04T09:00:00Z");
const keptFor = (sending: object) => {
  const { keptSince } = spanUntil(settingsSchema.parse({ sending }), NOW, after(NOW, SECOND));
  return (NOW.getTime() - keptSince.getTime()) / SECOND;
};

test("slots that are missed by little are kept, and all of those between two sweeps, however far these are apart", () => {
  expect(keptFor({})).toBe(300);
  expect(keptFor({ catch_up_seconds: 900 })).toBe(900);
  expect(keptFor({ interval_seconds: 1_800 })).toBe(3_600);
});
