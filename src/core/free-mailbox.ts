// Which mailbox does a new lead get, for good? The one that is free first: with the fewest days of first mails before it.
import { drawn } from "./chance.ts";

export interface PooledMailbox {
  readonly id: string;
  readonly dailyCap: number;
  /** First mails of the campaign that wait in it. */
  readonly waiting: number;
  readonly paused: boolean;
}

/** Hands out mailboxes to leads, one after the other; paused ones only where there is no other. Null: there is none. */
export class FreeMailboxes<Mailbox extends PooledMailbox> {
  readonly #pool: readonly Mailbox[];
  readonly #waiting: Map<string, number>;

  constructor(pool: readonly Mailbox[]) {
    const active = pool.filter((mailbox) => !mailbox.paused);
    this.#pool = active.length > 0 ? active : pool;
    this.#waiting = new Map(pool.map((mailbox) => [mailbox.id, mailbox.waiting]));
  }

  next(leadId: string): Mailbox["id"] | null {
    let best: { id: Mailbox["id"]; days: number } | null = null;
    for (const mailbox of this.#pool) {
      const days = this.#daysUntilFree(mailbox);
      if (!best || days < best.days || (days === best.days && drawn("mailbox", leadId, mailbox.id) > drawn("mailbox", leadId, best.id)))
        best = { id: mailbox.id, days };
    }
    if (best) this.#waiting.set(best.id, (this.#waiting.get(best.id) ?? 0) + 1);
    return best?.id ?? null;
  }

  #daysUntilFree({ id, dailyCap }: Mailbox): number {
    return dailyCap === 0 ? Infinity : (this.#waiting.get(id) ?? 0) / dailyCap;
  }
}
