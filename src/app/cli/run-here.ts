// Automations that run in this very process, whether or not the agent runs beside it: what is due is claimed, so both do no harm.
import { mailboxNamed } from "../../automations/pause-mailbox.ts";
import type { Counts } from "../../automations/run.ts";
import { runJob } from "../../automations/run-job.ts";
import { mailboxesWithDueWork } from "../../store/enrollment-claim.ts";
import type { GlobalOptions } from "./options.ts";
import { withSession } from "./session.ts";

export function sendHere(options: GlobalOptions): Promise<Counts[]> {
  return withSession(options, async ({ agent }) => {
    const counts: Counts[] = [];
    for (const mailbox of await mailboxesWithDueWork(agent.db, agent.clock.now()))
      counts.push(await runJob(agent, "send-batch", mailbox, "person"));
    return counts;
  });
}

export function readHere(options: GlobalOptions, address: string): Promise<Counts> {
  return withSession(options, async ({ agent, workspaceId }) => {
    const { id } = await mailboxNamed(agent, workspaceId, address);
    return runJob(agent, "sync-inbox", { workspaceId, mailboxId: id }, "person");
  });
}
