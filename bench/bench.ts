// What is a benchmark? A name, its options, and figures that were measured in rounds, each beside the reference of the same round.
import type { ParseArgsOptionsConfig } from "node:util";
import { type Machine, machine } from "./machine.ts";

/** Option values as `node:util` parses them: text, or true for a flag. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface Bench {
  readonly title: string;
  readonly options: ParseArgsOptionsConfig;
  run(options: Options): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly what: string;
  /** Of each round, in its order: things per second unless `unit` says otherwise. */
  readonly rounds: readonly number[];
  readonly unit?: string;
  /** The figure that it is measured against, round by round. */
  readonly beside?: Figure;
  /** Whatever else belongs to it: processor time, memory, counts. */
  readonly more?: Readonly<Record<string, number | string>>;
}

export interface Report {
  readonly bench: string;
  readonly title: string;
  readonly machine: Machine;
  readonly figures: readonly Row[];
}

type Row = Readonly<Record<string, number | string | readonly number[]>>;

export async function report(name: string, bench: Bench, options: Options): Promise<Report> {
  const before = machine();
  const figures = await bench.run(options);
  return { bench: name, title: bench.title, machine: { ...before, loadAfter: machine().load }, figures: figures.map(rowOf) };
}

function rowOf({ what, rounds, unit, beside, more }: Figure): Row {
  const ratios = beside ? rounds.flatMap((figure, round) => ratio(figure, beside.rounds[round])) : [];
  return {
    what,
    median: rounded(median(rounds)),
    unit: unit ?? "per second",
    ...(ratios.length > 0 && beside ? { ratio: rounded(median(ratios)), beside: beside.what } : {}),
    rounds: rounds.map(rounded),
    ...more,
  };
}

function ratio(figure: number, reference: number | undefined): number[] {
  return reference === undefined || reference === 0 ? [] : [figure / reference];
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

function rounded(figure: number): number {
  return Math.abs(figure) >= 100 ? Math.round(figure) : Number(figure.toPrecision(3));
}

/** A whole number of at least 1 out of an option. */
export function wholeNumber(options: Options, name: string, fallback: number): number {
  const given = options[name];
  const number = given === undefined ? fallback : Number(given);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number of at least 1.`);
  return number;
}
