// Nothing waits for a server for ever.

/** The result of `work`, or an error with code ETIMEDOUT when it takes longer. What was begun goes on: close its connection. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error(`no answer within ${ms} ms`), { code: "ETIMEDOUT" })), ms);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
