/** What happened at the devices?  The log of the calls, newest first. */

import type { Entry } from './shapes';

const KEPT = 500;
const ORDER = ['waiting', 'running', 'done', 'failed', 'refused'];

/** An answer may arrive after the event that says more: the later state counts. */
function newer(old: Entry | undefined, one: Entry): Entry {
  return old !== undefined && ORDER.indexOf(old.state) > ORDER.indexOf(one.state) ? old : one;
}

/** The log with more entries; one that is known already is brought up to date at its place. */
export function withEntries(log: Entry[], more: Entry[]): Entry[] {
  const known = new Map([...log].reverse().map(one => [one.id, one]));
  more.forEach(one => known.set(one.id, newer(known.get(one.id), one)));
  return [...known.values()].reverse().slice(0, KEPT);
}
