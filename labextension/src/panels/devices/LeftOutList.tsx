/** What is not offered, and why: nothing is dropped silently. */

import type { LeftOut } from '../model/shapes';

export function LeftOutList({ left, what = 'members' }: { left: LeftOut[]; what?: string }): JSX.Element | null {
  if (left.length === 0) {
    return null;
  }
  return (
    <details className="ivo-left-out">
      <summary>
        {left.length} {left.length === 1 ? what.replace(/s$/, '') : what} left out
      </summary>
      <ul>
        {left.map(one => (
          <li key={one.name}>
            <code>{one.name}</code> <span className="ivo-hint">{one.reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
