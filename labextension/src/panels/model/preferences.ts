/** How do favourites, hidden members and their order change?  Each function returns new preferences. */

import type { Preferences } from './shapes';

function withName(names: string[], name: string, present: boolean): string[] {
  const rest = names.filter(one => one !== name);
  return present ? [...rest, name] : rest;
}

/** Keep a member on top, or no longer. */
export function favoured(preferences: Preferences, key: string, present: boolean): Preferences {
  return { ...preferences, favourites: withName(preferences.favourites, key, present) };
}

/** Fold a member away, or show it again. */
export function hidden(preferences: Preferences, key: string, present: boolean): Preferences {
  return { ...preferences, hidden: withName(preferences.hidden, key, present) };
}

/** Move a member one place up (-1) or down (1) among the members of its instrument. */
export function moved(preferences: Preferences, path: string, names: string[], name: string, by: -1 | 1): Preferences {
  const before = preferences.order[path] ?? [];
  const order = [...before.filter(one => names.includes(one)), ...names.filter(one => !before.includes(one))];
  const at = order.indexOf(name);
  const other = order[at + by];
  if (at < 0 || other === undefined) {
    return preferences;
  }
  order[at] = other;
  order[at + by] = name;
  return { ...preferences, order: { ...preferences.order, [path]: order } };
}
