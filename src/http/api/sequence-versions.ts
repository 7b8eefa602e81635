// The sequences of a campaign and their versions: what was sent from which words, and who goes by which of them.
import { z } from "zod";
import type { SequenceId, WorkspaceId } from "../../core/ids.ts";
import { TRIGGERS } from "../../core/words.ts";
import { writeDuration } from "../../core/written-time.ts";
import { campaignById } from "../../store/campaign.ts";
import type { Queryable } from "../../store/database.ts";
import { sequencesOfCampaign } from "../../store/sequence.ts";
import { type SequenceVersion, type StepOfVersion, stepsOfVersion, versionsOf } from "../../store/sequence-version.ts";
import { step } from "./campaign-contract.ts";
import { idOf, instant } from "./contract.ts";
import { found } from "./found.ts";
import { operation } from "./operation.ts";

const count = z.number().int();
const params = z.object({ sequenceId: idOf<"sequence">() });

const version = {
  version: count.describe("Counted from 1"),
  createdAt: instant,
  by: z
    .object({ kind: z.enum(["user", "api_key", "command_line"]), name: z.string() })
    .nullable()
    .describe("Who made it; null when nobody said so"),
  changes: z.array(z.string()).readonly().describe("One phrase per change against the version before"),
  isNewest: z.boolean(),
  steps: count.describe("That it sends"),
  leads: count.describe("That go by it and may still be written to"),
  sent: count.describe("Mails that were sent from it"),
};
const sequenceVersion = z.object(version).meta({ id: "SequenceVersion" });
const versionWithSteps = z.object({ ...version, steps: z.array(step).readonly() }).meta({ id: "SequenceVersionWithSteps" });

const listedSequence = z
  .object({
    id: idOf<"sequence">(),
    kind: z.enum(["main", "sub"]),
    name: z.string(),
    on: z.enum(TRIGGERS).nullable(),
    isActive: z.boolean().describe("False: the file no longer has it, and nobody enters it"),
    newest: sequenceVersion,
  })
  .meta({ id: "ListedSequence" });

export const sequenceVersionOperations = [
  operation({
    id: "campaigns.sequences",
    method: "GET",
    path: "/campaigns/:campaignId/sequences",
    summary: "Its sequences with their newest versions, the main one first; also those that its file no longer has",
    permission: "campaigns:read",
    params: z.object({ campaignId: idOf<"campaign">() }),
    result: z.object({ items: z.array(listedSequence), version: count.describe("Of the campaign; the ETag") }),
    handle: async ({ agent: { db }, workspaceId }, { params: { campaignId } }) => {
      const { version: campaignVersion } = found(await campaignById(db, workspaceId, campaignId));
      const sequences = await sequencesOfCampaign(db, workspaceId, campaignId);
      const items = sequences.map(async ({ id, kind, name, trigger, isActive }) => {
        const [newest = null] = await versionsOf(db, workspaceId, id);
        return { id, kind, name, on: trigger, isActive, newest: asShown(found(newest)) };
      });
      return { items: await Promise.all(items), version: campaignVersion };
    },
  }),
  operation({
    id: "sequences.versions",
    method: "GET",
    path: "/sequences/:sequenceId/versions",
    summary: "The versions of a sequence, the newest first",
    permission: "campaigns:read",
    params,
    result: z.object({ items: z.array(sequenceVersion) }),
    handle: async ({ agent, workspaceId }, { params: { sequenceId } }) => ({
      items: (await existingVersions(agent.db, workspaceId, sequenceId)).map(asShown),
    }),
  }),
  operation({
    id: "sequences.version",
    method: "GET",
    path: "/sequences/:sequenceId/versions/:version",
    summary: "One version with its steps and their words",
    permission: "campaigns:read",
    params: params.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
    result: versionWithSteps,
    handle: async ({ agent, workspaceId }, { params: { sequenceId, version: number } }) => {
      const all = await existingVersions(agent.db, workspaceId, sequenceId);
      const one = found(all.find((candidate) => candidate.number === number) ?? null);
      const steps = found(await stepsOfVersion(agent.db, workspaceId, sequenceId, number));
      return { ...asShown(one), steps: steps.map(asShownStep) };
    },
  }),
];

async function existingVersions(q: Queryable, workspaceId: WorkspaceId, sequenceId: SequenceId): Promise<SequenceVersion[]> {
  const versions = await versionsOf(q, workspaceId, sequenceId);
  return found(versions.length === 0 ? null : versions);
}

function asShown({ number, actor, actorName, ...rest }: SequenceVersion): z.output<typeof sequenceVersion> {
  return { version: number, by: actor && { kind: actor, name: actorName ?? "" }, ...rest };
}

function asShownStep({ id, lineage, delay, text }: StepOfVersion): z.output<typeof step> {
  const words = { subject: text?.subject ?? null, body: text?.bodyText ?? "", html: text?.bodyHtml ?? null };
  return { id, name: lineage, after: writeDuration(delay), ...words };
}
