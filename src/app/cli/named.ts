// People name things by what they know: an address, a name. The API knows them by ids.
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { parseEmailAddress } from "../../core/email-address.ts";
import { AgentError } from "../../core/errors.ts";

/** Lists whose names hold a word. */
const MOST = 10_000;

type Schemas = components["schemas"];

/** @throws AgentError not_found, as all of these */
export async function leadNamed(api: ApiClient, address: string): Promise<Schemas["ListedLead"]> {
  return found(await leadOf(api, address), `lead ${address}`);
}

export async function mailboxNamed(api: ApiClient, address: string): Promise<Schemas["Mailbox"]> {
  return found(await mailboxOf(api, address), `mailbox ${address}`);
}

export async function campaignNamed(api: ApiClient, name: string): Promise<Schemas["CampaignSummary"]> {
  return found(await campaignOf(api, name), `campaign "${name}"`);
}

/** Null when nobody has the address, or when it is none. */
export async function leadOf(api: ApiClient, address: string): Promise<Schemas["ListedLead"] | null> {
  if (!parseEmailAddress(address)) return null;
  return (await given(api.GET("/api/v1/leads", { params: { query: { email: address, limit: 1 } } }))).items[0] ?? null;
}

export async function mailboxOf(api: ApiClient, address: string): Promise<Schemas["Mailbox"] | null> {
  if (!parseEmailAddress(address)) return null;
  return (await given(api.GET("/api/v1/mailboxes", { params: { query: { email: address, limit: 1 } } }))).items[0] ?? null;
}

export async function campaignOf(api: ApiClient, name: string): Promise<Schemas["CampaignSummary"] | null> {
  if (name.trim() === "" || name.length > 200) return null;
  return (await given(api.GET("/api/v1/campaigns", { params: { query: { name, limit: 1 } } }))).items[0] ?? null;
}

export async function listNamed(api: ApiClient, name: string): Promise<Schemas["LeadList"]> {
  const wanted = name.trim().toLowerCase();
  const alike =
    wanted === "" ? [] : await upTo(MOST, (page) => given(api.GET("/api/v1/lists", { params: { query: { search: name, ...page } } })));
  const list = alike.find((one) => one.name.toLowerCase() === wanted);
  if (list) return list;
  throw new AgentError("not_found", `There is no list "${name}".`);
}

function found<Thing>(thing: Thing | null, what: string): Thing {
  if (thing === null) throw new AgentError("not_found", `There is no ${what}.`);
  return thing;
}
