/** How is a value shown that an answer may replace or be, and what was changed? */

import type { Json } from '../../protocol';

export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Only what she changed is sent. */
export function changes(before: { [name: string]: Json }, after: { [name: string]: string }): { [name: string]: Json } {
  return Object.fromEntries(Object.entries(after).filter(([name, text]) => text !== asText(before[name] ?? null)));
}
