/** How is a direct call stopped?  By a button beside it, for as long as it runs or stands in line. */

import { useState } from 'react';
import { useStore } from '../model/hooks';
import type { Entry } from '../model/shapes';

const RUNNING =
  'Stop the call: ends ivoryos.sleep() and coroutines at once. A driver that blocks cannot be ended: the call is given up after ' +
  'the grace time and the instrument is marked “not trusted: check it”. The hardware may go on.';
const IN_LINE = 'Stop the call: it leaves the line and is never made.';

/** Who makes calls that can be stopped from here; a call of a guarded cell is stopped with its cell. */
const MAKERS = ['panel', 'python'];

/** Whether the call can be stopped from here and has not ended. */
function stoppable(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && MAKERS.includes(entry.origin) && (entry.state === 'running' || entry.state === 'waiting');
}

export function StopCall({ entry }: { entry: Entry | undefined }): JSX.Element | null {
  return stoppable(entry) ? <StopButton key={entry.id} entry={entry} /> : null;
}

function StopButton({ entry }: { entry: Entry }): JSX.Element {
  const store = useStore();
  const [asked, setAsked] = useState(false);
  const stop = async (): Promise<void> => {
    setAsked(true);
    if ((await store.request('control.cancel', { id: entry.id })) === null) {
      setAsked(false);
    }
  };
  return (
    <button
      type="button"
      className="ivo-button ivo-stop"
      disabled={asked}
      aria-label={`Stop the call ${entry.call}`}
      title={entry.state === 'waiting' ? IN_LINE : RUNNING}
      onClick={() => void stop()}
    >
      {asked ? 'Stopping…' : 'Stop'}
    </button>
  );
}
