import fc from "fast-check";
import { expect, test } from "vitest";
import { MeldableHeap } from "./meldable-heap.ts";

function heapOf(numbers: readonly number[]): MeldableHeap<number> {
  const heap = new MeldableHeap<number>((a, b) => a - b);
  for (const number of numbers) heap.push(number);
  return heap;
}

function emptied(heap: MeldableHeap<number>): number[] {
  const numbers: number[] = [];
  for (let first = heap.pop(); first !== undefined; first = heap.pop()) numbers.push(first);
  return numbers;
}

const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const someNumbers = fc.array(fc.integer({ min: 0, max: 50 }));

test("a heap gives back what it was given, the first ones first, also what was poured in and what came between", () => {
  fc.assert(
    fc.property(someNumbers, someNumbers, fc.nat(20), (own, others, taken) => {
      const [heap, other] = [heapOf(own), heapOf(others)];
      const before = Array.from({ length: taken }, () => heap.pop() ?? []).flat();
      heap.meld(other);
      expect(before).toEqual(ascending(own).slice(0, taken));
      expect(ascending([...heap])).toEqual(ascending([...ascending(own).slice(taken), ...others]));
      expect(emptied(heap)).toEqual(ascending([...ascending(own).slice(taken), ...others]));
      expect(emptied(other)).toEqual([]);
    }),
  );
});

test("a heap of a million in order is emptied without running out of stack", () => {
  const heap = heapOf(Array.from({ length: 1_000_000 }, (_, number) => number));
  expect(heap.pop()).toBe(0);
  expect(heap.pop()).toBe(1);
});
