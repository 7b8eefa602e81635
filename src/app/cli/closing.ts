// What has to be closed, in the order in which it was opened; closed the other way round, each once, whatever fails.

export interface Closing {
  /** Also for what is still being opened: then `close` waits for it. */
  add(close: () => Promise<void>): void;
  /** The first error is thrown when all was tried. Calling it again, or meanwhile, waits for the same end. */
  closeAll(): Promise<void>;
}

export function closing(): Closing {
  const closers: (() => Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const closeAll = async () => {
    const errors: unknown[] = [];
    for (let close = closers.pop(); close; close = closers.pop()) await close().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  };
  return {
    add: (close) => void closers.push(close),
    closeAll: () => {
      closed ??= closeAll();
      return closed;
    },
  };
}
