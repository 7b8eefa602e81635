// Time is an argument: nothing in core/ or store/ reads a clock.

/** A moment, to the millisecond. Never mutated. */
export type Instant = Readonly<Date>;

/** Where "now" comes from: the wall clock in production, a scaled one in the sandbox, a moved one in tests. */
export interface Clock {
  now(): Instant;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant `ms` milliseconds later (earlier when negative). */
export function after(instant: Instant, ms: number): Instant {
  return new Date(instant.getTime() + ms);
}

export function latest(...instants: readonly Instant[]): Instant {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}

/** Machines that share a database differ by less. What is recorded further in the future was recorded before the clock was set back. */
export const CLOCK_SKEW = 60 * SECOND;
