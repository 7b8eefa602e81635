// Who looks at the live page, and what do they get? One look at the database serves everybody who listens; nobody listening costs nothing.
import type { ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Html } from "./html.ts";

/** The parts of the page by their id. */
export type Sections = Readonly<Record<string, Html>>;

export interface LiveFeed {
  /** Sends all sections, then what changes. False when too many listen. */
  listen(to: ServerResponse): Promise<boolean>;
  /** Ends every stream; nobody is let in any more. */
  close(): void;
}

/** People who look at one agent; more is a mistake or an attack. */
const MAX_LISTENERS = 32;
const LOOK_MS = 1_000;
/** Proxies and browsers give up on a silent stream after 30 s and more. */
const SIGN_OF_LIFE_MS = 15_000;
/** Who is this far behind does not read; what they missed they get when they come again. */
const MAX_BEHIND_BYTES = 1_000_000;
/** How long a browser waits before it comes again. */
const RETRY_MS = 3_000;

export function openLiveFeed(look: () => Promise<Sections>, log: Logger, lookMs = LOOK_MS): LiveFeed {
  const listeners = new Set<ServerResponse>();
  let shown: Sections = {};
  let timer: NodeJS.Timeout | undefined;
  let spokeAt = 0;
  let isLooking = false;
  let closed = false;

  const say = (to: ServerResponse, text: string) => {
    if (to.writableLength > MAX_BEHIND_BYTES) to.destroy();
    else to.write(text);
  };
  const sayAll = (text: string) => {
    spokeAt = performance.now();
    for (const listener of listeners) say(listener, text);
  };
  const tell = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const seen = await look();
      const changed = Object.entries(seen).filter(([id, markup]) => shown[id] !== markup);
      shown = seen;
      if (changed.length > 0) sayAll(eventOf(Object.fromEntries(changed)));
      else if (performance.now() - spokeAt > SIGN_OF_LIFE_MS) sayAll(":\n\n");
    } catch (error) {
      log.warn({ event: "live_page.failed", err: error });
    } finally {
      isLooking = false;
    }
  };
  const leave = (listener: ServerResponse) => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    shown = {};
  };

  return {
    listen: async (to) => {
      if (closed || listeners.size >= MAX_LISTENERS) return false;
      listeners.add(to);
      to.once("close", () => leave(to));
      to.on("error", () => to.destroy());
      to.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        connection: "close",
      });
      to.write(`retry: ${RETRY_MS}\n\n`);
      timer ??= setInterval(() => void tell(), lookMs).unref();
      // What the others see already; the first to come waits for the first look.
      if (Object.keys(shown).length > 0) say(to, eventOf(shown));
      else await tell();
      return true;
    },
    close: () => {
      closed = true;
      for (const listener of listeners) listener.end();
    },
  };
}

/** JSON has no line ends, so one data line holds it. */
function eventOf(sections: Sections): string {
  return `data: ${JSON.stringify(sections)}\n\n`;
}
