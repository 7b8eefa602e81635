// What may a template print for this lead? Its own values, else the campaign's defaults; and who writes.
import { printable } from "./template.ts";

/** What every lead may have, whatever its custom fields. */
export const LEAD_FIELDS = ["first_name", "last_name", "company", "title", "phone", "email"] as const;
export const SENDER_FIELDS = ["sender_name", "sender_email"] as const;

export interface MergeLead {
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly title: string | null;
  readonly phone: string | null;
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface MergeSender {
  readonly name: string | null;
  readonly email: string;
}

/**
 * Every value by its name in templates. A custom field never hides a field of the same name that every lead has. Only what can be printed is
 * there, so a lead's blank value gives way to the default.
 */
export function mergeValues(
  lead: MergeLead,
  defaults: Readonly<Record<string, unknown>>,
  sender: MergeSender,
): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...entriesOf(defaults),
    ...entriesOf(lead.custom).filter(([name]) => !isReserved(name)),
    ...entriesOf({
      first_name: lead.firstName,
      last_name: lead.lastName,
      company: lead.company,
      title: lead.title,
      phone: lead.phone,
      email: lead.email,
      sender_name: sender.name,
      sender_email: sender.email,
    }),
  ]);
}

function isReserved(name: string): boolean {
  return [...LEAD_FIELDS, ...SENDER_FIELDS].some((field) => field === name);
}

function entriesOf(values: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) => {
    const text = printable(value);
    return text === null ? [] : [[name, text] as [string, string]];
  });
}
