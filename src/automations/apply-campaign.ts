// What happens when somebody applies a campaign file: the campaign becomes what the file says, and leads in the middle of it neither skip nor
// repeat a step. Applying the same file again changes nothing. The state (draft, active …) is never touched.
import { isDeepStrictEqual } from "node:util";
import type { CampaignFile } from "../core/campaign-file.ts";
import { AgentError } from "../core/errors.ts";
import type { HolidayCalendar } from "../core/holidays.ts";
import type { CampaignId, ListId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Clock, Instant } from "../core/instant.ts";
import { localDay } from "../core/local-day.ts";
import type { Actor } from "../store/audit.ts";
import {
  type Campaign,
  type CampaignSettings,
  campaignByName,
  insertCampaign,
  listIdByName,
  lockCampaign,
  lockCampaignByName,
  mailboxIdsByAddress,
  type OnEdit,
  recordCampaignEdit,
  setCampaignMailboxes,
  updateCampaignSettings,
} from "../store/campaign.ts";
import type { Database, Tx } from "../store/database.ts";
import { mailboxesOfCampaign } from "../store/mailbox.ts";
import type { LeadsInside } from "../store/sequence-edit.ts";
import { applySequences } from "./apply-sequences.ts";
import { holidayCalendar } from "./holiday-calendar.ts";
import { type MovedLeads, moveLeads } from "./move-leads.ts";
import { type CampaignFileProblem, invalidCampaignFile } from "./read-campaign-file.ts";

export interface AppliedCampaign {
  readonly campaignId: CampaignId;
  readonly created: boolean;
  /** One phrase per change, for people; empty when everything was so already. */
  readonly changes: readonly string[];
  readonly moved: MovedLeads;
  /** Leads in the sequences that were edited. */
  readonly inside: LeadsInside;
}

export interface ApplyRequest {
  readonly workspaceId: WorkspaceId;
  readonly file: CampaignFile;
  /** Which campaign the file is for: the one of its name, or a new one (the default); one that may get another name; only a new one. */
  readonly target?: "named" | "new" | CampaignId;
  /** The version that was read before; any when left out. */
  readonly ifVersion?: string | null;
  /**
   * What becomes of the leads inside of sequences that are edited; as the file says (`on_edit`) when left out. `move` also takes those along, in every
   * sequence, who stayed in an older version before.
   */
  readonly leadsInside?: OnEdit | null;
  /** Who does it; null when nobody says so. */
  readonly author?: Actor | null;
}

/**
 * Makes it so, in one transaction. Throws `campaign_file_invalid` (with every problem in `detail.problems`) when the file names a mailbox or a
 * list that does not exist, `campaign_state` when the campaign is archived, `precondition_failed` when its version is another one; for a target
 * other than `named` also `not_found` and `already_exists`.
 */
export async function applyCampaign(
  deps: { readonly db: Database; readonly clock: Clock },
  request: ApplyRequest,
): Promise<AppliedCampaign> {
  const { workspaceId, file, author = null, leadsInside = null } = request;
  const at = deps.clock.now();
  const calendars = await calendarsOf(file, at);
  return deps.db.transaction(async (tx) => {
    const named = await findNamed(tx, workspaceId, file, calendars);
    const read = settingsOf(file, named.listId, named.calendars);
    const { campaign, created } = await campaignToChange(tx, request, read, at);
    const wanted = keepingCalendars(campaign, read);
    const settings = await applySettings(tx, campaign, wanted);
    const mailboxes = await applyMailboxes(tx, campaign, named.mailboxes);
    const sequences = await applySequences(tx, campaign, file, { author, at });
    const edit = { settings, sequences, leadsInside: leadsInside ?? file.onEdit, takeAlong: leadsInside === "move" };
    const { moved, takenAlong, inside } = await moveLeads(tx, campaign, edit, at);
    const changes = [...settings.map((key) => changePhrase(key, campaign, wanted)), ...mailboxes, ...sequences.changes];
    if (takenAlong > 0) changes.push(`${takenAlong} of the leads inside leave an older version`);
    if (created) changes.unshift(`created "${file.name}" as a draft`);
    else if (changes.length > 0) await recordCampaignEdit(tx, workspaceId, campaign.id, changes, at);
    return { campaignId: campaign.id, created, changes, moved, inside };
  });
}

interface Named {
  readonly mailboxes: ReadonlyMap<MailboxId, string>;
  readonly listId: ListId | null;
  readonly calendars: readonly HolidayCalendar[];
}

interface NamedCalendar {
  readonly region: string;
  readonly calendar: HolidayCalendar | null;
}

async function calendarsOf({ holidayRegions, timeZone }: CampaignFile, at: Instant): Promise<NamedCalendar[]> {
  const year = Number(localDay(at, timeZone).slice(0, 4));
  return Promise.all(holidayRegions.map(async (region) => ({ region, calendar: await holidayCalendar(region, year) })));
}

/** What is stored of the same countries stays: it grows by itself (keep-house.ts), and a new year is no change of the file. */
function keepingCalendars({ holidayCalendars }: Campaign, read: CampaignSettings): CampaignSettings {
  const regions = (calendars: readonly HolidayCalendar[]) => calendars.map(({ region }) => region);
  return isDeepStrictEqual(regions(holidayCalendars), regions(read.holidayCalendars)) ? { ...read, holidayCalendars } : read;
}

/** The mailboxes and the list that the file names; everything that does not exist is reported at once. */
async function findNamed(tx: Tx, workspaceId: WorkspaceId, file: CampaignFile, calendars: readonly NamedCalendar[]): Promise<Named> {
  const problems: CampaignFileProblem[] = [];
  const problem = (path: string, message: string) => problems.push({ path, line: file.lines.get(path) ?? null, message });
  const keys = file.mailboxes.map((mailbox) => mailbox.identityKey);
  const ids = await mailboxIdsByAddress(tx, workspaceId, keys);
  const mailboxes = new Map<MailboxId, string>();
  for (const [index, { address, identityKey }] of file.mailboxes.entries()) {
    const id = ids.get(identityKey);
    if (id === undefined) problem(`mailboxes[${index}]`, `names ${address}, which is no mailbox of this workspace; add it first`);
    else mailboxes.set(id, address);
  }
  const listId = file.leads.kind === "all" ? null : await listIdByName(tx, workspaceId, file.leads.list);
  if (file.leads.kind !== "all" && listId === null)
    problem("leads", `names the list "${file.leads.list}", which does not exist; import leads into it first`);
  for (const { region, calendar } of calendars) {
    if (!calendar) problem("holidays", `names ${region}, whose public holidays nobody knows; a country is written DE, a part of it US-CA`);
  }
  if (problems.length > 0) throw invalidCampaignFile(problems);
  return { mailboxes, listId, calendars: calendars.flatMap(({ calendar }) => calendar ?? []) };
}

function settingsOf(file: CampaignFile, listId: ListId | null, holidayCalendars: readonly HolidayCalendar[]): CampaignSettings {
  const { leads: _leads, mailboxes: _mailboxes, holidayRegions: _regions, ...rest } = file;
  const { sequence: _sequence, subSequences: _subSequences, lines: _lines, ...settings } = rest;
  return { ...settings, listId, holidayCalendars };
}

/** The campaign that is meant, locked, or a new draft. */
async function campaignToChange(
  tx: Tx,
  { workspaceId, target = "named", ifVersion = null }: ApplyRequest,
  wanted: CampaignSettings,
  at: Instant,
): Promise<{ campaign: Campaign; created: boolean }> {
  const isById = target !== "named" && target !== "new";
  const created = !isById && (await insertCampaign(tx, workspaceId, wanted, at));
  if (!created && target === "new") throw nameTaken(wanted.name);
  const campaign = isById
    ? await campaignOfId(tx, workspaceId, target, wanted.name)
    : await lockCampaignByName(tx, workspaceId, wanted.name);
  if (campaign === null)
    throw new AgentError("internal", `The campaign "${wanted.name}" vanished while it was changed.`, { retryable: true });
  if (ifVersion !== null && (created || String(campaign.version) !== ifVersion)) {
    throw new AgentError("precondition_failed", `The campaign "${campaign.name}" was changed since it was read; read it again.`);
  }
  if (campaign.state === "archived") {
    throw new AgentError("campaign_state", `The campaign "${campaign.name}" is archived; give the file another name.`, {
      detail: { campaignId: campaign.id },
    });
  }
  return { campaign, created };
}

async function campaignOfId(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, name: string): Promise<Campaign> {
  const campaign = await lockCampaign(tx, workspaceId, id);
  if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
  const other = await campaignByName(tx, workspaceId, name);
  if (other && other.id !== id) throw nameTaken(other.name);
  return campaign;
}

function nameTaken(name: string): AgentError {
  return new AgentError("already_exists", `There is a campaign "${name}" already.`);
}

/** Each setting by the key it has in the file. */
const FILE_KEYS = {
  name: "name",
  goal: "goal",
  startsAt: "starts_at",
  endsAt: "ends_at",
  atEnd: "at_end",
  timeZone: "time_zone",
  window: "window",
  holidays: "holidays",
  holidayCalendars: "holidays",
  useLeadTimeZone: "use_lead_time_zone",
  jitterMinutes: "jitter",
  spread: "spread",
  replyWindowDays: "reply_window",
  newLeadsPerDay: "new_leads_per_day",
  company: "company",
  postalAddress: "postal_address",
  optOut: "opt_out",
  listId: "leads",
  mergeDefaults: "defaults",
  holdOtherCampaigns: "hold_other_campaigns",
  holdCompany: "hold_company",
  onEdit: "on_edit",
} as const satisfies Record<keyof CampaignSettings, string>;
type Setting = keyof CampaignSettings;

async function applySettings(tx: Tx, campaign: Campaign, wanted: CampaignSettings): Promise<Setting[]> {
  const changed = (Object.keys(FILE_KEYS) as Setting[]).filter((key) => !isDeepStrictEqual(campaign[key], wanted[key]));
  if (changed.length > 0) await updateCampaignSettings(tx, campaign.workspaceId, campaign.id, wanted);
  return changed;
}

function changePhrase(key: Setting, before: CampaignSettings, after: CampaignSettings): string {
  const [from, to] = [shown(key, before), shown(key, after)];
  return from === null || to === null ? `${FILE_KEYS[key]} changed` : `${FILE_KEYS[key]}: ${from} → ${to}`;
}

const UNITS: Readonly<Partial<Record<Setting, string>>> = { replyWindowDays: " days", jitterMinutes: " minutes" };

/** A setting that fits into a phrase; null for one that does not. */
function shown(key: Setting, settings: CampaignSettings): string | null {
  const value = settings[key];
  if (key === "listId" || key === "goal" || key === "postalAddress") return null;
  if (value === null) return "none";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number") return `${value}${UNITS[key] ?? ""}`;
  return typeof value === "string" || typeof value === "boolean" ? `${value}` : null;
}

async function applyMailboxes(tx: Tx, campaign: Campaign, wanted: ReadonlyMap<MailboxId, string>): Promise<string[]> {
  const before = await mailboxesOfCampaign(tx, campaign.workspaceId, campaign.id);
  const added = [...wanted].filter(([id]) => !before.some((mailbox) => mailbox.id === id)).map(([, address]) => `mailbox ${address} added`);
  const removed = before.filter((mailbox) => !wanted.has(mailbox.id)).map((mailbox) => `mailbox ${mailbox.email} removed`);
  if (added.length + removed.length > 0) await setCampaignMailboxes(tx, campaign.workspaceId, campaign.id, [...wanted.keys()]);
  return [...added, ...removed];
}
