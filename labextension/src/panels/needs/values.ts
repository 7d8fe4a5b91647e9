/** How is a value shown that an answer may replace or be, what was changed, and what is sent for it? */

import type { Json } from '../../protocol/messages';

/** What stands in the fields, by name. */
export type Texts = { readonly [name: string]: string };

type Values = { readonly [name: string]: Json };

export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed, as the kind of value it replaces. */
export function typed(before: Json, text: string): Json {
  if (typeof before === 'string') {
    return text;
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Only what she changed is sent. */
export function changes(before: Values, after: Texts): { [name: string]: Json } {
  const changed = Object.entries(after).filter(([name, text]) => text !== asText(before[name] ?? null));
  return Object.fromEntries(changed.map(([name, text]) => [name, typed(before[name] ?? null, text)]));
}
