// A campaign was edited: where do the leads in the middle of it go on, and when? They go over to the new versions of its sequences, or stay in theirs;
// what has lost its time is planned anew, never before the planner has a slot for it.
import type { SequenceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Campaign, CampaignSettings, OnEdit } from "../store/campaign.ts";
import type { Tx } from "../store/database.ts";
import {
  decideAnewAfterPending,
  followNewest,
  type LeadsInside,
  leadsInside,
  moveReplyWindows,
  replanEnrollments,
  repointEnrollments,
  stayInVersions,
} from "../store/sequence-edit.ts";
import type { SequenceEdit } from "./apply-sequences.ts";

/** How many leads in the middle of the campaign the edit moved. */
export interface MovedLeads {
  /** Their next step is another one now, or there is one again, or none. */
  readonly nextStep: number;
  /** Their next mail is planned anew. */
  readonly planned: number;
  /** Their reply window ends at another moment. */
  readonly replyWindow: number;
}

export interface EditOfCampaign {
  readonly settings: readonly (keyof CampaignSettings)[];
  readonly sequences: SequenceEdit;
  readonly leadsInside: OnEdit;
  /** Those who stayed in an older version go along too, also in sequences that were not edited. */
  readonly takeAlong: boolean;
}

/** What moves the time of a mail that is planned already. */
const HOURS: ReadonlySet<keyof CampaignSettings> = new Set([
  "window",
  "holidays",
  "holidayCalendars",
  "timeZone",
  "useLeadTimeZone",
  "jitterMinutes",
]);

/** `takenAlong`: who stayed in an older version until now. `inside`: who was in the sequences that were edited. */
export async function moveLeads(
  tx: Tx,
  { workspaceId, id: campaignId }: Campaign,
  edit: EditOfCampaign,
  at: Instant,
): Promise<{ moved: MovedLeads; takenAlong: number; inside: LeadsInside }> {
  const edited = { workspaceId, campaignId };
  const { settings, sequences } = edit;
  const changed = sequences.replaced.map(({ sequenceId }) => sequenceId);
  let takenAlong = 0;
  if (edit.leadsInside === "move") {
    const sequenceIds = edit.takeAlong ? sequences.all : changed;
    if (sequenceIds.length > 0) takenAlong = await followNewest(tx, { ...edited, sequenceIds }, at);
  } else if (sequences.replaced.length > 0) await stayInVersions(tx, { ...edited, replaced: sequences.replaced }, at);
  const moved = {
    nextStep: await repoint(tx, edited, takenAlong > 0 ? sequences.all : sequences.reordered, changed, at),
    planned: await replan(tx, edited, edit, at),
    replyWindow: settings.includes("replyWindowDays") ? await moveReplyWindows(tx, edited, at) : 0,
  };
  const inside = changed.length > 0 ? await leadsInside(tx, { ...edited, sequenceIds: changed }) : { moved: 0, stayed: 0 };
  return { moved, takenAlong, inside };
}

type Edited = Pick<Campaign, "workspaceId"> & { readonly campaignId: Campaign["id"] };

async function repoint(
  tx: Tx,
  edited: Edited,
  sequenceIds: readonly SequenceId[],
  changed: readonly SequenceId[],
  at: Instant,
): Promise<number> {
  if (changed.length > 0) await decideAnewAfterPending(tx, { ...edited, sequenceIds: changed }, at);
  return sequenceIds.length === 0 ? 0 : repointEnrollments(tx, { ...edited, sequenceIds }, at);
}

async function replan(tx: Tx, edited: Edited, { settings, sequences }: EditOfCampaign, at: Instant): Promise<number> {
  const waitingFor = settings.some((key) => HOURS.has(key)) ? "any step" : sequences.delayed;
  return waitingFor === "any step" || waitingFor.length > 0 ? replanEnrollments(tx, { ...edited, waitingFor }, at) : 0;
}
