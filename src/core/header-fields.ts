// Which "Name: value" fields stand in a block of text? Used for embedded headers and for the groups of RFC 3464 and RFC 5965 reports.
import type { Fields } from "./inbound-mail.ts";

/** RFC 5322 §2.2, narrowed to the characters that real field names use, so that a line of prose with a colon is none. */
const FIELD = /^([A-Za-z][A-Za-z0-9-]{0,75})[ \t]*:[ \t]*(.*)$/;
/** A report on more recipients than this is cut: one of our mails has one recipient. */
const MAX_GROUPS = 100;
const MAX_VALUE = 16_384;

/** The fields up to the first blank line, unfolded. Leading blank lines, mbox "From " lines and lines that are no field are skipped. */
export function readFields(text: string): Fields {
  return groupsOf(text, 1, null)[0] ?? new Map();
}

/**
 * The groups of a delivery status or feedback report, in order: parted by blank lines, and where a reporter forgot the blank line, by the second
 * `final-recipient` (RFC 3464 §2.3 allows one a group).
 */
export function readFieldGroups(text: string): readonly Fields[] {
  return groupsOf(text, MAX_GROUPS, "final-recipient");
}

function groupsOf(text: string, limit: number, opener: string | null): Map<string, string[]>[] {
  const groups: Map<string, string[]>[] = [];
  let open: Map<string, string[]> | null = null;
  let values: string[] | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === "") {
      if (open && groups.length >= limit) break;
      open = null;
      values = null;
    } else if (/^[ \t]/.test(line) && values) {
      unfold(values, line);
    } else {
      const [, name, value] = FIELD.exec(line) ?? [];
      values = null;
      if (name === undefined || value === undefined) continue;
      const key = name.toLowerCase();
      if (!open || (key === opener && open.has(key))) {
        if (groups.length >= limit) break;
        open = new Map();
        groups.push(open);
      }
      values = open.get(key) ?? [];
      values.push(value.trimEnd());
      open.set(key, values);
    }
  }
  return groups;
}

function unfold(values: string[], line: string): void {
  const last = values.length - 1;
  const joined = `${values[last] ?? ""} ${line.trim()}`;
  if (joined.length <= MAX_VALUE) values[last] = joined;
}
