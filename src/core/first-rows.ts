// Which row of a file was the first with this address? Remembers millions of them in some twenty bytes each; a Map of the addresses took two hundred.
import { hash } from "node:crypto";

export interface FirstRows {
  /** The row that was the first with this key; null when it is this one. Rows are positive. */
  note(key: string, row: number): number | null;
}

/** Two different keys are taken for one when 64 bits of their digests agree: once in 37 million files of a million rows. */
export function firstRows(): FirstRows {
  let table = emptyTable(1_024);
  let filled = 0;
  return {
    note(key, row) {
      const digest = hash("sha1", key, "buffer");
      const [high, low] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
      const slot = slotOf(table, high, low);
      const before = table.rows[slot];
      if (before) return before;
      put(table, slot, high, low, row);
      filled += 1;
      if (filled * 3 > table.rows.length * 2) table = twiceAsLarge(table);
      return null;
    },
  };
}

/** Open addressing with linear probing; row 0 marks an empty slot. The size is a power of two. */
interface Table {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly rows: Uint32Array;
}

function emptyTable(size: number): Table {
  return { high: new Uint32Array(size), low: new Uint32Array(size), rows: new Uint32Array(size) };
}

/** Where the key stands, or the empty slot where it belongs. */
function slotOf({ high, low, rows }: Table, wantedHigh: number, wantedLow: number): number {
  const mask = rows.length - 1;
  let slot = wantedLow & mask;
  while (rows[slot] !== 0 && (high[slot] !== wantedHigh || low[slot] !== wantedLow)) slot = (slot + 1) & mask;
  return slot;
}

function put(table: Table, slot: number, high: number, low: number, row: number): void {
  table.high[slot] = high;
  table.low[slot] = low;
  table.rows[slot] = row;
}

function twiceAsLarge(old: Table): Table {
  const table = emptyTable(old.rows.length * 2);
  for (const [index, row] of old.rows.entries()) {
    const [high = 0, low = 0] = [old.high[index], old.low[index]];
    if (row !== 0) put(table, slotOf(table, high, low), high, low, row);
  }
  return table;
}
