import { expect, test } from "vitest";
import { oneAhead } from "./one-ahead.ts";

async function* made(upTo: number, log: string[]): AsyncGenerator<number> {
  try {
    for (let piece = 1; piece <= upTo; piece += 1) {
      log.push(`make ${piece}`);
      await Promise.resolve();
      if (piece === 4) throw new Error("broken");
      yield piece;
    }
  } finally {
    log.push("closed");
  }
}

test("the next piece is made while one is used, and no other", async () => {
  const log: string[] = [];
  for await (const piece of oneAhead(made(3, log))) {
    await new Promise(setImmediate);
    log.push(`used ${piece}`);
  }
  expect(log).toEqual(["make 1", "make 2", "used 1", "make 3", "used 2", "closed", "used 3"]);
});

test("that making one failed is said after the one before it was used", async () => {
  const used: number[] = [];
  const all = async () => {
    for await (const piece of oneAhead(made(5, []))) {
      await new Promise(setImmediate);
      used.push(piece);
    }
  };
  await expect(all()).rejects.toThrow("broken");
  expect(used).toEqual([1, 2, 3]);
});

test("whoever stops waits for what is being made, and closes it", async () => {
  const log: string[] = [];
  for await (const piece of oneAhead(made(4, log))) if (piece === 3) break;
  expect(log.at(-1)).toBe("closed");
});
