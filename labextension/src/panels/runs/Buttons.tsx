/** Pause, Resume and the ladder of stops: intents, never toggles. */

import { useRef, useState } from 'react';
import type { Run } from './shapes';
import type { RunStore } from './store';

/** Who passes a command on to the run. */
type Commanded = Pick<RunStore, 'command'>;

const STOPS: { label: string; params: { after?: string; now?: boolean } }[] = [
  { label: 'after this step', params: { after: 'step' } },
  { label: 'after this row', params: { after: 'row' } },
  { label: 'now', params: { now: true } }
];

export function Buttons({ run, store }: { run: Run; store: Commanded }): JSX.Element {
  return (
    <div className="ivo-actions">
      {run.state === 'paused' || run.pausing ? (
        <button type="button" className="ivo-button" onClick={() => void store.command('run.resume')}>
          ▶ Resume
        </button>
      ) : (
        <button type="button" className="ivo-button" disabled={run.state === 'queued'} onClick={() => void store.command('run.pause')}>
          ❚❚ Pause
        </button>
      )}
      <StopMenu run={run} store={store} />
    </div>
  );
}

function StopMenu({ run, store }: { run: Run; store: Commanded }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [cleanup, setCleanup] = useState(true);
  const root = useRef<HTMLSpanElement>(null);
  const stop = (params: { after?: string; now?: boolean }): void => {
    setOpen(false);
    void store.command('run.stop', { ...params, cleanup });
  };
  return (
    <span
      className="ivo-menu"
      ref={root}
      onBlur={event => !root.current?.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={event => event.key === 'Escape' && setOpen(false)}
    >
      <button type="button" className="ivo-button" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        ■ Stop ▾
      </button>
      {open && (
        <span className="ivo-popup ivo-popup-left" role="menu">
          {STOPS.map(one => (
            <button key={one.label} type="button" role="menuitem" onClick={() => stop(one.params)}>
              {one.label}
            </button>
          ))}
          <label className="ivo-check">
            <input type="checkbox" checked={cleanup} onChange={event => setCleanup(event.target.checked)} /> then run cleanup
          </label>
        </span>
      )}
      {run.stopping !== null && <span className="ivo-hint"> {run.sentence}</span>}
    </span>
  );
}
