// Brings a file of leads, CSV or XLSX, into a workspace: only the address is required, a bad row never stops the rest, and the same file twice changes nothing.
import { type CsvRecord, csvLine } from "../core/csv-records.ts";
import { AgentError, type ErrorCode } from "../core/errors.ts";
import { type FirstRows, firstRows } from "../core/first-rows.ts";
import type { ImportId, LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { type ColumnMapping, REJECTION_HEADERS } from "../core/lead-columns.ts";
import { type LeadRow, rowReader } from "../core/lead-row.ts";
import type { Queryable, Tx } from "../store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../store/enrollment.ts";
import { flushLater } from "../store/flush-later.ts";
import { planAnew } from "../store/fresh-plans.ts";
import { rateAddresses, rateDeadDomains } from "../store/lead-address.ts";
import {
  addLeads,
  addRejections,
  addToList,
  fillLeads,
  finishImport,
  HEADER,
  type ImportedOptOut,
  markInterrupted,
  markOptedOut,
  type OnDuplicate,
  overwriteLeads,
  recordImportCounts,
  rejectionsOf,
  releaseImport,
  restoreRemoved,
  setImportList,
  startImport,
  suppressImported,
} from "../store/lead-import.ts";
import { ensureList } from "../store/lead-list.ts";
import { addTagsByAddress } from "../store/lead-tag.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";
import { askDomains } from "./ask-domains.ts";
import { type Continuation, continueLeads, openContinuation } from "./continue-leads.ts";
import { enrollSoon } from "./enroll-soon.ts";
import { type ImportCounts, noCounts, sum } from "./import-counts.ts";
import { batches, columnsOf } from "./lead-file.ts";
import { readLeadFile } from "./read-lead-file.ts";
import { asAgentError } from "./run.ts";
import { type RowSorting, type Sorted, sortOut } from "./sort-lead-rows.ts";

/** Rows a transaction. */
const BATCH = 2_000;
const PAGE = 1_000;
const MAX_FILE_NAME = 255;
/** More could not be asked about in any reasonable time; a later check goes on. */
const MOST_DOMAINS = 100_000;

export interface ImportRequest {
  readonly workspaceId: WorkspaceId;
  readonly fileName: string;
  /** The file, in pieces of any size; any `Readable`. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Of a spreadsheet, by its name; null for its first. */
  readonly sheet?: string | null;
  /** The list that the leads go into, made when there is none of that name; null for no list. */
  readonly list: string | null;
  /** Given to every lead of the file, as core/lead-tag.ts writes them. */
  readonly tags?: readonly string[];
  /** Of leads that exist: leave them, give them what they lack, or write over what they have. A blank cell never takes a value away. */
  readonly onDuplicate: OnDuplicate;
  readonly mapping?: ColumnMapping;
  /** The file says how far another tool came: its leads go on from there. */
  readonly continues?: Continuation;
}

export interface ImportResult {
  readonly importId: ImportId;
  readonly listId: ListId | null;
  readonly counts: Readonly<ImportCounts>;
}

type Importer = Pick<Agent, "db" | "dns" | "clock" | "log" | "jobs" | "settings" | "keys">;

interface OpenImport {
  readonly request: ImportRequest;
  readonly importId: ImportId;
  readonly at: Instant;
  /** Of every address in the file its first row: what comes later is a duplicate. The only thing that grows with the file. */
  readonly seen: FirstRows;
  /** Of the leads that were taken, as far as DNS can be asked about them. */
  readonly domains: Set<string>;
  counts: ImportCounts;
}

interface OpenFile extends RowSorting {
  readonly listId: ListId | null;
}

/** @throws AgentError csv_unreadable, spreadsheet_unreadable, or invalid_input for a mapping that does not fit; the import then stands as failed, with what it had counted. */
export async function importLeads(agent: Importer, request: ImportRequest): Promise<ImportResult> {
  const { workspaceId, onDuplicate } = request;
  const at = agent.clock.now();
  const fileName = request.fileName.replaceAll("\0", "").slice(0, MAX_FILE_NAME);
  await markInterrupted(agent.db, at);
  return agent.db.hold(async (held) => {
    const importId = await startImport(held, { workspaceId, fileName, onDuplicate }, at);
    const open: OpenImport = { request: { ...request, fileName }, importId, at, seen: firstRows(), domains: new Set(), counts: noCounts() };
    try {
      return await runImport(agent, open);
    } finally {
      // A connection that broke has let go of the lock by itself.
      await releaseImport(held, importId).catch(() => undefined);
    }
  });
}

async function runImport(agent: Importer, open: OpenImport): Promise<ImportResult> {
  const { importId } = open;
  try {
    const listId = await importFile(agent, open);
    await rateDomains(agent, open);
    await endImport(agent, open, null);
    agent.log.info({ event: "import.completed", import: importId, ...open.counts });
    return { importId, listId, counts: open.counts };
  } catch (error) {
    const { code } = asAgentError(error);
    await endImport(agent, open, code);
    agent.log.warn({ event: "import.failed", import: importId, code, err: error, ...open.counts });
    throw withImport(error, importId);
  }
}

/** Before campaigns take the leads in. Nothing is in a transaction while DNS is asked. */
async function rateDomains(agent: Importer, open: OpenImport): Promise<void> {
  const known = await askDomains(agent, [...open.domains]);
  const dead = [...known].flatMap(([domain, takes]) => (takes ? [] : domain));
  if (dead.length === 0) return;
  const invalid = await agent.db.transaction((tx) => rateDeadDomains(tx, open.request.workspaceId, dead, open.at));
  open.counts = sum(open.counts, { invalid_addresses: invalid });
}

/** So that whoever sent the file finds what was counted, and what was rejected. */
function withImport(error: unknown, importId: ImportId): unknown {
  if (!(error instanceof AgentError)) return error;
  const { code, message, retryable, detail } = error;
  return new AgentError(code, message, { cause: error, retryable, detail: { ...detail, importId } });
}

/** What was taken, also by a file that broke off, may belong to campaigns that run: they do not wait for the next sweep. */
async function endImport(
  agent: Importer,
  { request: { workspaceId }, importId, counts }: OpenImport,
  errorCode: ErrorCode | null,
): Promise<void> {
  await agent.db.transaction(async (tx) => {
    await finishImport(tx, workspaceId, importId, { counts, errorCode }, agent.clock.now());
    if (counts.created + counts.listed + counts.restored === 0) return;
    await enrollSoon(agent, tx, workspaceId);
  });
}

async function importFile(agent: Importer, open: OpenImport): Promise<ListId | null> {
  let file: OpenFile | null = null;
  let taking = Promise.resolve();
  const { content, sheet = null } = open.request;
  try {
    for await (const { records } of batches(readLeadFile(content, sheet, agent.settings.imports), BATCH)) {
      const [header] = records;
      if (!file && header) file = await openFile(agent, open, header);
      else if (file) {
        // while the database takes one batch, the next is read and sorted out
        const sorted = sortOut(file, open.seen, records);
        noteDomains(open.domains, sorted);
        await taking;
        taking = takeBatch(agent, open, file, sorted);
        // it is asked for with the next batch; until then its failure is nobody's
        taking.catch(() => undefined);
      }
    }
  } finally {
    await taking;
  }
  if (!file) throw new AgentError("csv_unreadable", "The file is empty.");
  return file.listId;
}

function noteDomains(domains: Set<string>, { leads }: Sorted): void {
  for (const { address } of leads) if (domains.size < MOST_DOMAINS) domains.add(address.domain);
}

async function openFile(agent: Importer, open: OpenImport, header: CsvRecord): Promise<OpenFile> {
  const { workspaceId, list, mapping, continues } = open.request;
  const columns = columnsOf(header, mapping, continues !== undefined);
  const continuation = continues ? await openContinuation(agent.db, workspaceId, continues, columns, open.at) : null;
  const listId = await agent.db.transaction(async (tx) => {
    await addRejections(tx, workspaceId, open.importId, [{ row: header.row, code: HEADER, reason: "", cells: header.cells }]);
    if (list === null) return null;
    const id = await ensureList(tx, workspaceId, list, open.at);
    await setImportList(tx, workspaceId, open.importId, id);
    return id;
  });
  const verified = columns.findIndex((column) => column.kind === "verification");
  return { listId, read: rowReader(columns), continuation, unclear: new Set(), verification: (cells) => cells[verified] ?? "" };
}

/** Takes rows, and what is counted with them, in one transaction. */
async function takeBatch(agent: Importer, open: OpenImport, file: OpenFile, sorted: Sorted): Promise<void> {
  const { workspaceId } = open.request;
  open.counts = await agent.db.transaction(async (tx) => {
    await planAnew(tx);
    // the end of the import waits; one that a crash took back is sent again, as one that broke off
    await flushLater(tx);
    const merged = await mergeLeads(tx, open, file.listId, sorted.leads);
    await rateAddresses(tx, workspaceId, sorted.rated, open.at);
    const continued = file.continuation ? await continueLeads(agent, tx, file.continuation, open.importId, sorted, open.at) : 0;
    await optOut(tx, open, sorted.optOuts);
    if (sorted.rejections.length > 0) await addRejections(tx, workspaceId, open.importId, sorted.rejections);
    const counts = sum(sum(open.counts, sorted.counts), { ...merged, continued });
    await recordImportCounts(tx, workspaceId, open.importId, counts);
    return counts;
  });
}

/** In the order of the addresses: two imports at once then wait for each other instead of standing in each other's way. */
async function mergeLeads(tx: Tx, open: OpenImport, listId: ListId | null, unordered: readonly LeadRow[]): Promise<Partial<ImportCounts>> {
  if (unordered.length === 0) return {};
  const { workspaceId, onDuplicate, fileName, tags = [] } = open.request;
  const leads = unordered.toSorted((a, b) => (a.address.identityKey < b.address.identityKey ? -1 : 1));
  const keys = leads.map((lead) => lead.address.identityKey);
  const fresh = await addLeads(tx, workspaceId, leads, `import: ${fileName}`, open.at);
  const old = leads.filter((lead) => !fresh.has(lead.address.identityKey));
  const updated = old.length > 0 ? await mergeInto(tx, workspaceId, onDuplicate, old, open.at) : 0;
  const listed = listId ? await addToList(tx, workspaceId, listId, keys, open.at) : 0;
  const tagged = tags.length > 0 ? await addTagsByAddress(tx, workspaceId, keys, tags) : 0;
  const oldKeys = old.map((lead) => lead.address.identityKey);
  const restored = old.length > 0 ? await restoreRemoved(tx, workspaceId, oldKeys, open.at) : 0;
  return { created: fresh.size, updated, unchanged: old.length - updated, listed, tagged, restored };
}

async function mergeInto(tx: Tx, workspaceId: WorkspaceId, mode: OnDuplicate, leads: readonly LeadRow[], at: Instant): Promise<number> {
  switch (mode) {
    case "skip":
      return 0;
    case "fill":
      return fillLeads(tx, workspaceId, leads, at);
    case "overwrite":
      return overwriteLeads(tx, workspaceId, leads, at);
    default:
      return mode satisfies never;
  }
}

/** Suppresses the addresses and ends what runs for leads that have them. Makes no lead. */
async function optOut(tx: Tx, open: OpenImport, optOuts: readonly ImportedOptOut[]): Promise<void> {
  if (optOuts.length === 0) return;
  const { workspaceId } = open.request;
  await suppressImported(tx, workspaceId, open.importId, optOuts, open.at);
  const keys = optOuts.map((one) => one.address.identityKey);
  const leads = await markOptedOut(tx, workspaceId, keys, open.at);
  await stopAll(tx, workspaceId, leads, open.importId, open.at);
}

async function stopAll(tx: Tx, workspaceId: WorkspaceId, leads: readonly LeadId[], importId: ImportId, at: Instant): Promise<void> {
  for (const lead of leads) {
    const ids = (await enrollmentsOfLead(tx, workspaceId, lead)).map((enrollment) => enrollment.id);
    if (ids.length === 0) continue;
    await stopEnrollments(
      tx,
      { workspaceId, ids, state: "unsubscribed", reason: "unsubscribed_by_import", detail: { import: importId } },
      at,
    );
    await cancelUnsent(tx, workspaceId, ids, "unsubscribed", at);
  }
}

/**
 * The rows that were not taken, as a CSV in pieces: where they stood and why, then their cells as they were. Corrected, it can be imported as it is.
 */
export async function* rejectionsAsCsv(q: Queryable, workspaceId: WorkspaceId, importId: ImportId): AsyncGenerator<string> {
  let after = 0;
  // the mark by which spreadsheets know UTF-8
  let text = "\uFEFF";
  for (;;) {
    const page = await rejectionsOf(q, workspaceId, importId, { after, limit: PAGE });
    for (const { row, code, reason, cells } of page) {
      text += csvLine(code === HEADER ? [...REJECTION_HEADERS, ...cells] : [String(row), reason, ...cells]);
      after = row;
    }
    yield text;
    if (page.length < PAGE) return;
    text = "";
  }
}
