// Keeps a lease while its work lasts. Real time: it measures whether this process is alive.
import { SECOND } from "../core/instant.ts";
import { type Lease, renewLease } from "../store/lease.ts";
import type { Agent } from "./agent.ts";

export interface LeaseKeeper {
  /** True once another process may have taken the lease. */
  lost(): boolean;
  stop(): void;
}

/** Renews the lease three times in its length. `onLost` is called once, where nobody would ask. */
export function keepLease(agent: Agent, lease: Lease, onLost: () => void = () => undefined): LeaseKeeper {
  const { lease_seconds } = agent.settings.sending;
  let lost = false;
  let renewing = false;
  const renew = async () => {
    // A renewal may have to wait (for a claim, for a slow database): more of them would only take every connection that there is.
    if (lost || renewing) return;
    renewing = true;
    try {
      if (await renewLease(agent.db, lease, lease_seconds)) return;
      lost = true;
      onLost();
    } catch (error) {
      agent.log.warn({ event: "lease.renewal_failed", mailbox: lease.mailboxId, err: error });
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(() => void renew(), (lease_seconds * SECOND) / 3);
  return { lost: () => lost, stop: () => clearInterval(timer) };
}
