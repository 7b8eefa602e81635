// Who looks on, and what do they get? One look at the database serves everybody who listens; nobody listening costs nothing.
import type { ServerResponse } from "node:http";
import type { Logger } from "pino";

/** What there is to see, part by part, each as text. */
export type Sections = Readonly<Record<string, string>>;

/** One who listens. */
export interface Listener {
  readonly to: ServerResponse;
  /** Whether it has this text of the section already, from an earlier time that it listened. */
  has?(section: string, text: string): boolean;
  /** Server-sent events that tell what changed; `seen` is all that the listener has then. */
  write(changed: Sections, seen: Sections): string;
  /** Which sections it may see; absent: all. */
  mayLook?(section: string): boolean;
  /** Asked from time to time: a session ends, a key is revoked, a member is removed. */
  isWelcome?(): Promise<boolean>;
}

export interface LiveFeed {
  /** Sends all sections, then what changes. False when too many listen. */
  listen(listener: Listener): Promise<boolean>;
  /** Ends every stream; nobody is let in any more. */
  close(): void;
}

/** People who look at one agent; more is a mistake or an attack. */
const MAX_LISTENERS = 32;
const LOOK_MS = 1_000;
/** A look that takes long is not taken again for this many times as long: who looks on never slows sending. */
const REST = 20;
/** Proxies and browsers give up on a silent stream after 30 s and more. */
const SIGN_OF_LIFE_MS = 15_000;
const WELCOME_MS = 5_000;
/** Who is this far behind does not read; what they missed they get when they come again. */
const MAX_BEHIND_BYTES = 1_000_000;
/** How long a browser waits before it comes again. */
export const RETRY_MS = 3_000;

interface Listening extends Listener {
  seen: Sections;
  spokeAt: number;
  askedAt: number;
}

export function openLiveFeed(look: () => Promise<Sections>, log: Logger, lookMs = LOOK_MS): LiveFeed {
  const listeners = new Set<Listening>();
  let shown: Sections = {};
  let timer: NodeJS.Timeout | undefined;
  let restUntil = 0;
  let isBusy = false;
  let closed = false;

  const lookAgain = async () => {
    const began = performance.now();
    shown = await look();
    restUntil = performance.now() + REST * (performance.now() - began);
    for (const listener of listeners) tell(listener, shown);
  };
  const tick = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await sendAway(listeners);
      if (performance.now() >= restUntil) await lookAgain();
      for (const listener of listeners) showLife(listener);
    } catch (error) {
      log.warn({ event: "live_feed.failed", err: error });
    } finally {
      isBusy = false;
    }
  };
  const leave = (listener: Listening) => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    shown = {};
    restUntil = 0;
  };

  return {
    listen: async (one) => {
      if (closed || listeners.size >= MAX_LISTENERS) return false;
      const listener = { ...one, seen: {}, spokeAt: performance.now(), askedAt: performance.now() };
      listeners.add(listener);
      one.to.once("close", () => leave(listener));
      one.to.on("error", () => one.to.destroy());
      one.to.writeHead(200, EVENT_STREAM).write(`retry: ${RETRY_MS}\n\n`);
      timer ??= setInterval(() => void tick(), lookMs).unref();
      // What the others see already; the first to come waits for the first look.
      if (Object.keys(shown).length > 0) tell(listener, shown);
      else await tick();
      return true;
    },
    close: () => {
      closed = true;
      for (const { to } of listeners) to.end();
    },
  };
}

export const EVENT_STREAM = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  connection: "close",
};

function tell(listener: Listening, shown: Sections): void {
  const visible = Object.entries(shown).filter(([section]) => listener.mayLook?.(section) ?? true);
  const isFirst = Object.keys(listener.seen).length === 0;
  const isNews = ([section, text]: [string, string]) =>
    listener.seen[section] !== text && !(isFirst && listener.has?.(section, text) === true);
  const changed = visible.filter(isNews);
  listener.seen = Object.fromEntries(visible);
  if (changed.length > 0) say(listener, listener.write(Object.fromEntries(changed), listener.seen));
}

function showLife(listener: Listening): void {
  if (performance.now() - listener.spokeAt > SIGN_OF_LIFE_MS) say(listener, ":\n\n");
}

function say(listener: Listening, text: string): void {
  listener.spokeAt = performance.now();
  if (listener.to.writableLength > MAX_BEHIND_BYTES) listener.to.destroy();
  else listener.to.write(text);
}

async function sendAway(listeners: ReadonlySet<Listening>): Promise<void> {
  for (const listener of listeners) {
    if (!listener.isWelcome || performance.now() - listener.askedAt < WELCOME_MS) continue;
    listener.askedAt = performance.now();
    if (!(await listener.isWelcome())) listener.to.end();
  }
}
