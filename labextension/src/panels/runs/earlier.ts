/** How is it said that an earlier run had done some of the rows? */

import type { Earlier } from './shapes';

/** `1 of them in run 12, 3 in run 14`; empty when none was done before. */
export function inEarlierRuns(before: readonly Earlier[]): string {
  return before.map((one, at) => `${one.done}${at === 0 ? ' of them' : ''} in run ${one.run}`).join(', ');
}
