// A campaign as a file: applied again, it changes nothing.
import { stringify } from "yaml";
import type { Audience, CampaignFile } from "../core/campaign-file.ts";
import { AgentError } from "../core/errors.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { WrittenStep } from "../core/sequence.ts";
import { type WrittenCampaign, writeCampaign } from "../core/written-campaign.ts";
import { type Campaign, campaignById, listNameById } from "../store/campaign.ts";
import type { Queryable } from "../store/database.ts";
import { mailboxesOfCampaign } from "../store/mailbox.ts";
import { type SequenceWithSteps, type StepWithText, sequencesOfCampaign } from "../store/sequence.ts";

export interface ExportedCampaign {
  readonly campaign: Campaign;
  /** The values of its file. */
  readonly written: WrittenCampaign;
  /** Those in use, the main one first. */
  readonly sequences: readonly SequenceWithSteps[];
}

/** Throws `not_found`. */
export async function exportCampaign(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<ExportedCampaign> {
  const campaign = await campaignById(q, workspaceId, id);
  if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
  const mailboxes = await mailboxesOfCampaign(q, workspaceId, id);
  const sequences = (await sequencesOfCampaign(q, workspaceId, id))
    .filter((sequence) => sequence.isActive)
    .map((sequence) => ({ ...sequence, steps: sequence.steps.filter((step) => !step.retired) }));
  const file: Omit<CampaignFile, "lines"> = {
    ...campaign,
    holidayRegions: campaign.holidayCalendars.map(({ region }) => region),
    mailboxes: mailboxes.map(({ email, identityKey }) => ({ address: email, identityKey })),
    leads: await audienceOf(q, campaign),
    sequence: sequences.filter(({ kind }) => kind === "main").flatMap(({ steps }) => steps.map(asWritten)),
    subSequences: sequences.flatMap(({ name, trigger, steps }) => (trigger ? [{ name, trigger, steps: steps.map(asWritten) }] : [])),
  };
  return { campaign, written: writeCampaign(file), sequences };
}

/** YAML as `campaign apply` reads it. Long lines stay whole, so that a text looks as it was written. */
export function campaignYaml(written: WrittenCampaign): string {
  return stringify(written, { version: "1.2", lineWidth: 0, aliasDuplicateObjects: false });
}

async function audienceOf(q: Queryable, { workspaceId, listId }: Campaign): Promise<Audience> {
  const list = listId && (await listNameById(q, workspaceId, listId));
  return list ? { kind: "list", list } : { kind: "all" };
}

function asWritten({ lineage, delay, text }: StepWithText): WrittenStep {
  if (!text) throw new AgentError("campaign_state", `The step "${lineage}" has no text that could be written into a file.`);
  return { lineage, delay, text };
}
