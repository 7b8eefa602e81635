// What runs when: the default schedule, as data. Operators change the rows of the `schedule` table; a row that is missing is added from here.
import type { Settings } from "../core/settings.ts";
import type { JobName } from "./catalog.ts";

export type Recurrence = { readonly everySeconds: number } | { readonly dailyAt: string; readonly timeZone: string };

export interface ScheduledAutomation {
  readonly automation: JobName;
  readonly recurrence: Recurrence;
  readonly does: string;
}

export function defaultSchedule(settings: Settings): readonly ScheduledAutomation[] {
  const every = (automation: JobName, everySeconds: number, does: string) => ({ automation, recurrence: { everySeconds }, does });
  return [
    every("start-and-finish-campaigns", 60, "starts campaigns whose time has come and that are ready; ends those whose time is over"),
    every("advance-enrollments", 60, "ends holds and reply windows, plans what an edit or a pause has moved"),
    every("send-due-steps", settings.sending.interval_seconds, "gives every mailbox with due mail to a sender"),
    every("sync-inboxes", settings.receiving.interval_seconds, "reads every inbox to its end"),
    every("recover-interrupted-sends", 60, "takes back what a dead process left half done"),
    every("enroll-all-leads", 600, "enrolls leads that were added to a running campaign's list"),
    every("file-all-sent-copies", 60, "puts copies of sent mails into Sent folders whose provider does not"),
    every("check-domains", settings.domains.interval_seconds, "looks whether DNS lets receivers trust what is sent from every domain"),
    {
      automation: "keep-house",
      recurrence: { dailyAt: "03:30", timeZone: "UTC" },
      does: "makes next month's partitions, removes old run history",
    },
  ];
}
