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
  const entries: [string, string][] = [];
  print(defaults, entries);
  print(lead.custom, entries, RESERVED);
  print(
    {
      first_name: lead.firstName,
      last_name: lead.lastName,
      company: lead.company,
      title: lead.title,
      phone: lead.phone,
      email: lead.email,
      sender_name: sender.name,
      sender_email: sender.email,
    },
    entries,
  );
  return Object.fromEntries(entries);
}

const RESERVED: ReadonlySet<string> = new Set([...LEAD_FIELDS, ...SENDER_FIELDS]);

function print(values: Readonly<Record<string, unknown>>, entries: [string, string][], except?: ReadonlySet<string>): void {
  for (const name of Object.keys(values)) {
    const text = except?.has(name) ? null : printable(values[name]);
    if (text !== null) entries.push([name, text]);
  }
}
