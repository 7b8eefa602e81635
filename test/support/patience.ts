// For what another process or a server does in its own time.

/** How long a test waits for what is bound to happen, in ms: a busy machine takes its time, and a quick one ends the wait at once. */
export const PATIENCE = { timeout: 30_000, interval: 50 } as const;
