/** Several interrupted runs: the first one open, the others to be unfolded when there are many. */

import { RecoveryCard } from './RecoveryCard';
import type { Around } from './RecoveryCard';
import type { Interrupted } from './shapes';

const OPEN = 2;

export function RecoveryCards({ runs, onHold, around }: { runs: readonly Interrupted[]; onHold: boolean; around: Around }): JSX.Element {
  return (
    <>
      {runs.map((one, at) =>
        runs.length <= OPEN || at === 0 ? (
          <RecoveryCard key={one.id} run={one} onHold={onHold} around={around} />
        ) : (
          <details key={one.id} className="ivo-more-cards">
            <summary>
              <b>{one.name}</b> was interrupted {one.where}
            </summary>
            <RecoveryCard run={one} onHold={onHold} around={around} />
          </details>
        )
      )}
    </>
  );
}
