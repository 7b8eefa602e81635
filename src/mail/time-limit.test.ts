import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { within } from "./time-limit.ts";

test("what is done in time has its result, and what is not ends as timed out", async () => {
  await expect(within(10_000, Promise.resolve("done"))).resolves.toBe("done");
  await expect(within(1, sleep(10_000, null, { ref: false }))).rejects.toMatchObject({ code: "ETIMEDOUT" });
});

test("a limit beyond what a timer holds is a long one, not none", async () => {
  await expect(within(1e15, sleep(20, "done"))).resolves.toBe("done");
});
