// What an import counts.

/** rows = created + updated + unchanged + duplicates + suppressed + rejected. */
export type ImportCounts = Record<
  | "rows"
  | "created"
  | "updated"
  | "unchanged"
  /** The address stood further up in the file. */
  | "duplicates"
  /** Said not to be written to. */
  | "suppressed"
  | "rejected"
  /** Leads that were not in the list before. */
  | "listed"
  /** Tags that were new to their lead. */
  | "tagged"
  /** Leads that a person had removed: other campaigns may take them in again. */
  | "restored"
  /** Leads that another tool had written to and that were not in the campaign before. */
  | "continued"
  /** Of the leads taken: addresses that are known to be no good, and those that may be. */
  | "invalid_addresses"
  | "doubtful_addresses"
  /** Cells that were left out of a lead that was taken. */
  | "unknown_time_zones"
  | "garbled_cells",
  number
>;

export function noCounts(): ImportCounts {
  return {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    duplicates: 0,
    suppressed: 0,
    rejected: 0,
    listed: 0,
    tagged: 0,
    restored: 0,
    continued: 0,
    invalid_addresses: 0,
    doubtful_addresses: 0,
    unknown_time_zones: 0,
    garbled_cells: 0,
  };
}

export function sum(a: Readonly<ImportCounts>, b: Readonly<Partial<ImportCounts>>): ImportCounts {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + (b[name as keyof ImportCounts] ?? 0)])) as ImportCounts;
}
