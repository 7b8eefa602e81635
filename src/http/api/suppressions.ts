// Who must not be written to, and why; what a person adds and takes back.
import { z } from "zod";
import { liftSuppression, suppressByPerson } from "../../automations/suppress-by-person.ts";
import { AgentError } from "../../core/errors.ts";
import { readTarget } from "../../core/suppression-target.ts";
import { SUPPRESSION_REASONS } from "../../core/words.ts";
import { listSuppressions, suppressionOfKey } from "../../store/suppression.ts";
import { idOf, instant, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { searchText } from "./lead-contract.ts";
import { operation } from "./operation.ts";

const kind = z.enum(["address", "domain"]);
const suppression = z
  .object({
    id: idOf<"suppression">(),
    kind,
    key: z.string().describe("An address in lower case, or a domain"),
    campaignId: idOf<"campaign">().nullable().describe("Null: nobody in the workspace may write to it"),
    reason: z.enum(SUPPRESSION_REASONS),
    evidence: z.record(z.string(), z.unknown()),
    createdAt: instant,
  })
  .meta({ id: "Suppression" });
const ofSuppression = z.object({ suppressionId: idOf<"suppression">() });
const inWords = words(2_000);

export const suppressionOperations = [
  operation({
    id: "suppressions.list",
    method: "GET",
    path: "/suppressions",
    summary: "Addresses and domains that must not be written to, newest first",
    permission: "leads:read",
    query: z.strictObject({
      ...paging,
      reason: oneOrMore(z.enum(SUPPRESSION_REASONS)).optional(),
      kind: kind.optional(),
      search: searchText.optional().describe("Stands in the address or domain"),
    }),
    result: pageOfItems(suppression),
    handle: async ({ agent, workspaceId }, { query: { reason, kind: ofKind, search, ...page } }) => {
      const filter = { reason: reason ?? null, kind: ofKind ?? null, search: search ?? null };
      return listSuppressions(agent.db, workspaceId, filter, pageRequest(page));
    },
  }),
  operation({
    id: "suppressions.create",
    method: "POST",
    path: "/suppressions",
    summary: "Says that an address, or @domain, must not be written to: what runs for it ends, what is unsent is cancelled",
    permission: "leads:write",
    body: z.strictObject({
      target: z.string().max(320).describe("ann@bakery.example, or @bakery.example for everybody there"),
      note: inWords.optional(),
    }),
    result: z.object({
      suppression,
      added: z.boolean().describe("False when it stood already; the first reason is kept"),
      stopped: z.number().int().describe("Enrollments that ended"),
      cancelled: z.number().int().describe("Mails that will not go out"),
    }),
    status: 201,
    handle: async ({ agent, workspaceId }, { body }) => {
      const target = readTarget(body.target);
      const { added, stopped, cancelled } = await suppressByPerson(agent, { workspaceId, target, note: body.note ?? null });
      const made = await agent.db.transaction((tx) => suppressionOfKey(tx, workspaceId, target.key));
      if (!made) throw new AgentError("internal", "A suppression that was just made is gone.");
      return { suppression: made, added, stopped, cancelled };
    },
  }),
  operation({
    id: "suppressions.delete",
    method: "DELETE",
    path: "/suppressions/:suppressionId",
    summary: "Takes a suppression back; an opt-out or a complaint is refused (409): see suppressions.lift",
    permission: "leads:write",
    params: ofSuppression,
    handle: async ({ agent, workspaceId }, { params }) => {
      await liftSuppression(agent, { workspaceId, id: params.suppressionId, evidence: null });
    },
  }),
  operation({
    id: "suppressions.lift",
    method: "POST",
    path: "/suppressions/:suppressionId/lift",
    summary: "Takes any suppression back, with the evidence that the person wants to hear from us again",
    permission: "leads:write",
    params: ofSuppression,
    body: z.strictObject({ force: z.literal(true), evidence: inWords.describe("How that is known; kept in the audit log") }),
    handle: async ({ agent, workspaceId }, { params, body }) => {
      await liftSuppression(agent, { workspaceId, id: params.suppressionId, evidence: body.evidence });
    },
  }),
];
