/** Which methods and properties does she look for, and in which order do they stand? */

import type { InstrumentRow, MethodRow, Preferences, PropertyRow } from './shapes';

interface Visible {
  instrument: InstrumentRow;
  methods: MethodRow[];
  properties: PropertyRow[];
  /** How many are not shown: framework machinery, or hidden by her. */
  folded: number;
}

/** Address of a member: `pump.dispense`. */
export function memberKey(path: string, member: string): string {
  return `${path}.${member}`;
}

function matches(words: string[], text: string): boolean {
  const low = text.toLowerCase();
  return words.every(word => low.includes(word));
}

function rank(name: string, path: string, preferences: Preferences): number {
  const favourite = preferences.favourites.includes(memberKey(path, name)) ? 0 : 1000;
  const order = preferences.order[path]?.indexOf(name) ?? -1;
  return favourite + (order < 0 ? 500 : order);
}

function sorted<T extends { name: string }>(rows: T[], path: string, preferences: Preferences): T[] {
  return rows
    .map((row, index) => ({ row, index }))
    .sort((a, b) => rank(a.row.name, path, preferences) - rank(b.row.name, path, preferences) || a.index - b.index)
    .map(({ row }) => row);
}

/** What an instrument shows, for a search and with or without what is folded. */
export function visible(
  instrument: InstrumentRow,
  search: string,
  everything: boolean,
  preferences: Preferences
): Visible {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const keep = (row: { name: string; folded: boolean }): boolean =>
    everything || words.length > 0 || !(row.folded || preferences.hidden.includes(memberKey(instrument.path, row.name)));
  const found = (row: { name: string; summary: string }): boolean =>
    matches(words, `${instrument.path}.${row.name} ${instrument.type} ${row.summary}`);
  const methods = instrument.methods.filter(row => found(row) && keep(row));
  const properties = instrument.properties.filter(row => found(row) && keep(row));
  const all = instrument.methods.filter(found).length + instrument.properties.filter(found).length;
  return {
    instrument,
    methods: sorted(methods, instrument.path, preferences),
    properties: sorted(properties, instrument.path, preferences),
    folded: all - methods.length - properties.length
  };
}

/** How many members are listed. */
export function count(rows: Visible[]): number {
  return rows.reduce((sum, row) => sum + row.methods.length + row.properties.length, 0);
}
