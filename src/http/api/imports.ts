// Imports of leads: a CSV or a spreadsheet comes in, what was not taken of it goes out again.
import { Readable } from "node:stream";
import { z } from "zod";
import { importLeads, rejectionsAsCsv } from "../../automations/import-leads.ts";
import { AgentError } from "../../core/errors.ts";
import type { ImportId, WorkspaceId } from "../../core/ids.ts";
import type { Queryable } from "../../store/database.ts";
import { IMPORT_STATES, importById, type LeadImport, listImports, ON_DUPLICATE } from "../../store/lead-import.ts";
import { idOf, instant, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { listId, tag } from "./lead-contract.ts";
import { operation } from "./operation.ts";
import { csvFile, uploadedFile } from "./uploaded-file.ts";

const count = z.number().int();
const leadImport = z
  .object({
    id: idOf<"import">(),
    fileName: z.string(),
    listId: listId.nullable(),
    onDuplicate: z.enum(ON_DUPLICATE),
    state: z.enum(IMPORT_STATES).describe("interrupted: its process died; what it had taken stays"),
    startedAt: instant,
    endedAt: instant.nullable(),
    counts: z
      .object({
        rows: count.describe("created + updated + unchanged + duplicates + suppressed + rejected"),
        created: count,
        updated: count,
        unchanged: count,
        duplicates: count.describe("The address stood further up in the file"),
        suppressed: count.describe("Said not to be written to"),
        rejected: count,
        listed: count.describe("Leads that were not in the list before"),
        tagged: count.describe("Tags that were new to their lead"),
        restored: count.describe("Leads that a person had removed"),
        continued: count.describe("Leads that another tool had written to and that were not in the campaign before"),
        invalidAddresses: count.describe("Of the leads taken: campaigns leave them out"),
        doubtfulAddresses: count.describe("Of the leads taken: roles, catch-all domains"),
        unknownTimeZones: count.describe("Cells that were left out of a lead that was taken"),
        garbledCells: count.describe("Cells that were left out of a lead that was taken"),
      })
      .describe("What was counted so far"),
    errorCode: z.string().nullable(),
  })
  .meta({ id: "Import" });
const ofImport = z.object({ importId: idOf<"import">() });

const mapping = z
  .string()
  .max(20_000)
  .transform((text, check) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      check.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().max(1_000), z.string().min(1).max(200).nullable()))
  .optional()
  .describe('What columns are, as JSON: {"Mail": "email", "Notes": null}');

function shown(one: LeadImport): z.output<typeof leadImport> {
  const counted = (name: string) => one.counts[name] ?? 0;
  return {
    ...one,
    counts: {
      rows: counted("rows"),
      created: counted("created"),
      updated: counted("updated"),
      unchanged: counted("unchanged"),
      duplicates: counted("duplicates"),
      suppressed: counted("suppressed"),
      rejected: counted("rejected"),
      listed: counted("listed"),
      tagged: counted("tagged"),
      restored: counted("restored"),
      continued: counted("continued"),
      invalidAddresses: counted("invalid_addresses"),
      doubtfulAddresses: counted("doubtful_addresses"),
      unknownTimeZones: counted("unknown_time_zones"),
      garbledCells: counted("garbled_cells"),
    },
  };
}

async function existing(q: Queryable, workspaceId: WorkspaceId, id: ImportId): Promise<LeadImport> {
  const found = await importById(q, workspaceId, id);
  if (!found) throw new AgentError("not_found", "There is no such import.");
  return found;
}

/** Each import keeps a database connection for as long as its sender takes: some are left for everybody else. */
let underWay = 0;

async function amongFew<Result>(connections: number, work: () => Promise<Result>): Promise<Result> {
  if (underWay >= Math.max(1, Math.floor(connections / 4))) {
    throw new AgentError("too_many_requests", "Other files are being imported at this moment; try again when they are done.", {
      retryable: true,
    });
  }
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

export const importOperations = [
  operation({
    id: "imports.create",
    method: "POST",
    path: "/imports",
    summary:
      "Imports the CSV or spreadsheet (XLSX) that is the body; a bad row never stops the rest, and the same file twice changes nothing",
    permission: "leads:write",
    query: z.strictObject({
      fileName: words(255).default("leads.csv"),
      sheet: words(100).optional().describe("Of a spreadsheet, by its name; its first unless named"),
      list: words(200).optional().describe("The list that the leads go into, by its name; made when there is none"),
      onDuplicate: z.enum(ON_DUPLICATE).default("fill").describe("What happens to leads that exist"),
      tag: oneOrMore(tag).optional().describe("Given to every lead of the file"),
      mapping,
      continueCampaign: idOf<"campaign">()
        .optional()
        .describe("Another tool wrote to them: they go on in this campaign after the last step that the file says was sent"),
      dates: z.enum(["day-first", "month-first"]).optional().describe("What 03/04/2026 means in the file"),
    }),
    body: uploadedFile,
    result: leadImport,
    status: 201,
    file: true,
    ownTransactions: true,
    handle: async (
      { agent, workspaceId },
      { query: { fileName, sheet, list, onDuplicate, tag: tags, mapping: given, continueCampaign, dates }, body },
    ) =>
      amongFew(agent.settings.database_connections, async () => {
        const { importId } = await importLeads(agent, {
          workspaceId,
          fileName,
          content: body,
          sheet: sheet ?? null,
          list: list ?? null,
          onDuplicate,
          ...(tags ? { tags } : {}),
          ...(given ? { mapping: given } : {}),
          ...(continueCampaign ? { continues: { campaignId: continueCampaign, dayOrder: dates ?? null } } : {}),
        });
        return shown(await existing(agent.db, workspaceId, importId));
      }),
  }),
  operation({
    id: "imports.list",
    method: "GET",
    path: "/imports",
    summary: "The imports, newest first",
    permission: "leads:read",
    query: z.strictObject({ ...paging, state: oneOrMore(z.enum(IMPORT_STATES)).optional() }),
    result: pageOfItems(leadImport),
    handle: async ({ agent, workspaceId }, { query: { state, ...page } }) => {
      const { items, nextCursor } = await listImports(agent.db, workspaceId, state ?? null, pageRequest(page));
      return { items: items.map(shown), nextCursor };
    },
  }),
  operation({
    id: "imports.read",
    method: "GET",
    path: "/imports/:importId",
    summary: "An import: how far it came, what it counted",
    permission: "leads:read",
    params: ofImport,
    result: leadImport,
    handle: async ({ agent, workspaceId }, { params }) => shown(await existing(agent.db, workspaceId, params.importId)),
  }),
  operation({
    id: "imports.rejected",
    method: "GET",
    path: "/imports/:importId/rejected.csv",
    summary: "The rows that were not taken, with the reasons; corrected, they can be imported as they are",
    permission: "leads:read",
    params: ofImport,
    result: csvFile,
    file: true,
    handle: async ({ agent, workspaceId }, { params }) => {
      await existing(agent.db, workspaceId, params.importId);
      return Readable.from(rejectionsAsCsv(agent.db, workspaceId, params.importId), { objectMode: false });
    },
  }),
];
