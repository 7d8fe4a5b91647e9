/** A watched value that has left its band: what was read then, what it is now, and what was done about it. */

import { moment, roughly } from '../model/clock';
import { useNow } from '../model/hooks';
import { useDoing } from './context';
import type { Tripped } from './shapes';

const DID: { [did: string]: string } = {
  pause: 'The run was paused.',
  'make safe': 'Everything was made safe.',
  notify: 'Nothing was done but tell.'
};

/** `82 °C at 02:14, now 79.5 °C, 3 s ago`. */
export function thenAndNow(trip: Tripped, now_ms: number): string {
  const then = `${trip.value || 'nothing could be read'} at ${moment(trip.at_ms, now_ms)}`;
  const age = trip.now_ms === null ? '' : `, ${roughly(now_ms - trip.now_ms)} ago`;
  if (!trip.watched) {
    return `${then}; it is watched no longer`;
  }
  if (trip.now_problem !== '') {
    return `${then}; now it cannot be read${age}: ${trip.now_problem}`;
  }
  return trip.now === '' ? `${then}, not read since` : `${then}, now ${trip.now}${age}`;
}

function standing({ outside, watched }: Tripped): string {
  if (!watched) {
    return '';
  }
  return outside ? 'It is still outside.' : 'It is back inside.';
}

export function TrippedPart({ trip }: { trip: Tripped }): JSX.Element {
  const { command, insert } = useDoing();
  const now = useNow(trip.watched, 1000);
  const bad = trip.outside ? 'ivo-problem' : '';
  return (
    <article className="ivo-card" role="group" aria-label={`${trip.label} left its band`}>
      <p className="ivo-lead">
        <b>{trip.label}</b> left its band
      </p>
      <span className="ivo-spoken" role="alert">
        {trip.label} left its band: {trip.reason}
      </span>
      <p className={`ivo-words ${bad}`}>{trip.reason}</p>
      <p className="ivo-words ivo-value-now">{thenAndNow(trip, now)}</p>
      <p className="ivo-hint">
        {DID[trip.did] ?? `${trip.did}() was called.`} {standing(trip)}
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
