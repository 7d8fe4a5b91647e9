/** What is said of a run that was there already: when it was made, that nothing new was queued, and how to run it once more. */

import { useState } from 'react';
import { moment } from '../model/clock';
import type { Run } from './shapes';

export function Existed({ run, onAgain }: { run: Run; onAgain: () => Promise<void> }): JSX.Element {
  const [asked, setAsked] = useState(false);
  const again = (): void => {
    setAsked(true);
    void onAgain().finally(() => setAsked(false));
  };
  return (
    <p className="ivo-now">
      <span>This submission was made before ({before(run)}); nothing new was queued.</span>
      <button type="button" className="ivo-button" disabled={asked} onClick={again}>
        Run once more
      </button>
    </p>
  );
}

function before(run: Run): string {
  const at = run.ended_us ?? run.started_us;
  const when = at === null ? '' : run.ended_us === null ? `, begun ${moment(at / 1000)}` : ` ${moment(at / 1000)}`;
  return `${run.run_id === null ? run.name : `run ${run.run_id}`}, ${run.sentence}${when}`;
}
