// Nothing waits for a server for ever.

/** Node's timers hold no more (2^31 - 1 ms), and one that is set for longer ends at once. */
export const LONGEST_WAIT = 2 ** 31 - 1;

/** The result of `work`, or an error with code ETIMEDOUT when it takes longer. What was begun goes on: close its connection. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(Object.assign(new Error(`no answer within ${ms} ms`), { code: "ETIMEDOUT" })),
    Math.min(ms, LONGEST_WAIT),
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
