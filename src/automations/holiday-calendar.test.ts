import { describe, expect, test } from "vitest";
import { holidayCalendar } from "./holiday-calendar.ts";

const daysIn2026 = async (region: string) =>
  Object.keys((await holidayCalendar(region, 2026))?.days ?? {}).filter((day) => day.startsWith("2026"));

describe("public holidays", () => {
  test("of a country, by their English names, for years ahead", async () => {
    const germany = await holidayCalendar("DE", 2026);
    expect(germany).toMatchObject({ region: "DE", zones: ["Europe/Berlin"], until: 2032 });
    expect(germany?.days["2026-12-25"]).toBe("Christmas Day");
    expect(germany?.days["2032-05-01"]).toBe("Labour Day");
    expect(germany?.days["2026-12-24"]).toBeUndefined();
  });

  test("of a part of it are its own", async () => {
    expect(await daysIn2026("DE")).not.toContain("2026-01-06");
    expect(await daysIn2026("DE-BY")).toContain("2026-01-06");
    expect(await daysIn2026("DE-BY-A")).toContain("2026-08-08");
    expect(await daysIn2026("US")).not.toContain("2026-03-31");
    expect((await holidayCalendar("US-CA", 2026))?.zones).toEqual(["America/Los_Angeles"]);
  });

  test("that last several days, the last of them half, are each of those whose noon they reach", async () => {
    expect((await daysIn2026("TR")).filter((day) => day.startsWith("2026-05-2") || day.startsWith("2026-05-3"))).toEqual([
      "2026-05-27",
      "2026-05-28",
      "2026-05-29",
      "2026-05-30",
      "2026-05-31",
    ]);
  });

  test("of what nobody knows are none at all, rather than those of the country", async () => {
    expect(await Promise.all(["XX", "US-ZZ", "DE-BY-Q"].map((region) => holidayCalendar(region, 2026)))).toEqual([null, null, null]);
  });
});
