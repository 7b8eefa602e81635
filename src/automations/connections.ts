// The SMTP connections of one mailbox while it sends: opened when they are first needed, replaced when they broke, kept from one claim to the next.
import { openSmtp, type SmtpSession } from "../mail/smtp.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { smtpAccess, withLogin } from "./mailbox-access.ts";

/** Connections whose mails go onto the wire together. */
export interface Lane {
  /** How many there may be. */
  readonly size: number;
  /**
   * `wanted` usable connections, or fewer where the server allows no more; none where another lane has them. Throws when the mailbox has none at all.
   */
  open(wanted: number): Promise<readonly SmtpSession[]>;
}

export interface SendingConnections {
  readonly lanes: readonly Lane[];
  close(): Promise<void>;
}

/** From this many connections on there are two lanes, so that database and wire work at the same time. */
const ENOUGH_FOR_TWO_LANES = 4;

export function sendingConnections(agent: Agent, mailbox: Mailbox): SendingConnections {
  const { connections_per_mailbox, connections_per_relay } = agent.settings.sending;
  const isFastRelay = mailbox.imap === null && mailbox.limits.minGapSeconds === 0;
  const allowed = isFastRelay ? connections_per_relay : connections_per_mailbox;
  const sizes = allowed < ENOUGH_FOR_TWO_LANES ? [allowed] : [Math.ceil(allowed / 2), Math.floor(allowed / 2)];
  const open = oneAfterTheOther(() => withLogin((refused) => smtpAccess(agent, mailbox, refused), openSmtp));
  const lanes: OpenLane[] = sizes.map((size) => new OpenLane(size, open, () => lanes.some((lane) => lane.isOpen)));
  return {
    lanes,
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** Two logins at once may both be refused by a server that allows one; then the mailbox would seem to have none. */
function oneAfterTheOther<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

class OpenLane implements Lane {
  size: number;
  readonly #openOne: () => Promise<SmtpSession>;
  readonly #anyLaneIsOpen: () => boolean;
  #sessions: SmtpSession[] = [];

  constructor(size: number, openOne: () => Promise<SmtpSession>, anyLaneIsOpen: () => boolean) {
    this.size = size;
    this.#openOne = openOne;
    this.#anyLaneIsOpen = anyLaneIsOpen;
  }

  get isOpen(): boolean {
    return this.#sessions.some((session) => session.usable);
  }

  async open(wanted: number): Promise<readonly SmtpSession[]> {
    this.#sessions = this.#sessions.filter((session) => session.usable);
    while (this.#sessions.length < wanted) {
      try {
        this.#sessions.push(await this.#openOne());
      } catch (error) {
        if (!this.#anyLaneIsOpen()) throw error;
        // Asked again for each group, the server would refuse us hundreds of times.
        this.size = Math.max(1, this.#sessions.length);
        break;
      }
    }
    return this.#sessions.slice(0, wanted);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
  }
}
