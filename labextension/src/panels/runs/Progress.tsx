/** How far is a run?  A bar, in the colour of its state. */

import type { Run } from './shapes';

export function Progress({ run }: { run: Run }): JSX.Element {
  const behind = run.iterations > 0 ? Math.max(0, run.iteration - 1) / run.iterations : 0;
  const percent = Math.round((run.progress ?? behind) * 100);
  return (
    <div
      className={`ivo-progress ivo-run-${run.outcome ?? run.state}`}
      role="progressbar"
      aria-label={`Progress of ${run.name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
