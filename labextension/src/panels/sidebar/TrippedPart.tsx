/** A watched value that has left its band: what was read, what was done about it, and whether it is back. */

import { timeOfDay } from '../model/clock';
import { useDoing } from './context';
import type { Tripped } from './shapes';

const DID: { [did: string]: string } = {
  pause: 'The run was paused.',
  'make safe': 'Everything was made safe.',
  notify: 'Nothing was done but tell.'
};

export function TrippedPart({ trip }: { trip: Tripped }): JSX.Element {
  const { command, insert } = useDoing();
  return (
    <article className="ivo-card" role={trip.outside ? 'alert' : 'status'} aria-label={`${trip.label} left its band`}>
      <p className="ivo-lead">
        <b>{trip.label}</b> left its band <span className="ivo-hint">{timeOfDay(trip.at_ms)}</span>
      </p>
      <p className={trip.outside ? 'ivo-problem ivo-words' : 'ivo-words'}>{trip.reason}</p>
      <p className="ivo-hint">
        {DID[trip.did] ?? `${trip.did}() was called.`} {trip.outside ? 'It is still outside.' : 'It is back, or watched no longer.'}
      </p>
      <div className="ivo-actions">
        <button type="button" className="ivo-button" onClick={() => void command('sidebar.watch_seen', { label: trip.label })}>
          I have looked
        </button>
        <button type="button" className="ivo-button" onClick={() => insert('ivoryos.watches')}>
          Watches in a cell
        </button>
      </div>
    </article>
  );
}
