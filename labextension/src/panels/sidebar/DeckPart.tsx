/** The deck: how each instrument stands, and what was last read of it. Nothing is read to be shown here. */

import { moment } from '../model/clock';
import { useNow } from '../model/hooks';
import type { Run } from '../runs/shapes';
import { elapsed, readingText, rootOf, useDoing } from './context';
import type { Instrument } from './shapes';

/** A deck of more instruments is folded. */
const LARGE = 12;

export function DeckPart(props: { instruments: readonly Instrument[]; offline: boolean; run: Run | null }): JSX.Element {
  const { instruments, offline, run } = props;
  const { insert } = useDoing();
  if (instruments.length === 0) {
    return (
      <p className="ivo-hint">
        No instruments yet. Define one in a cell, such as <code>pump = Pump(&quot;COM3&quot;)</code>, and it appears here.{' '}
        <button
          type="button"
          className="ivo-link"
          onClick={() => insert('from ivoryos_jupyter.testing import Pump, Reactor\n\npump, reactor = Pump("COM3"), Reactor("COM4")')}
        >
          Try with simulated ones
        </button>
      </p>
    );
  }
  const [shown, folded] = foldedDeck(instruments);
  return (
    <>
      {offline && <p className="ivo-hint">A description without its hardware: nothing can be called.</p>}
      <ul className="ivo-sb-list" aria-label="Instruments">
        {shown.map(one => (
          <InstrumentRow key={one.name} one={one} run={run} />
        ))}
      </ul>
      {folded.length > 0 && (
        <details className="ivo-sb-more">
          <summary>
            {folded.length} {shown.length > 0 ? 'more, idle' : 'instruments, idle'}
          </summary>
          <ul className="ivo-sb-list" aria-label="Idle instruments">
            {folded.map(one => (
              <InstrumentRow key={one.name} one={one} run={run} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Which instruments are shown at once, and which unfold: of a large deck those of which there is something to say. */
export function foldedDeck(instruments: readonly Instrument[]): [Instrument[], Instrument[]] {
  const quiet = (one: Instrument): boolean => (one.state === 'idle' || one.state === 'offline') && one.readings.length === 0;
  const large = instruments.length > LARGE && instruments.filter(quiet).length > 1;
  return large ? [instruments.filter(one => !quiet(one)), instruments.filter(quiet)] : [[...instruments], []];
}

interface Standing {
  mood: Instrument['state'];
  text: string;
  since: number | null;
}

/** What an instrument does now: an instrument that a run holds may be the one its step is at. */
export function standing(one: Instrument, run: Run | null): Standing {
  const step = run?.state === 'running' ? run.step : null;
  if (one.state === 'held' && step && step.wait_total_s === null && rootOf(step.label) === one.name) {
    return { mood: 'busy', text: step.label.slice(one.name.length + 1), since: step.started_us / 1000 };
  }
  return { mood: one.state, text: one.text, since: one.since_ms };
}

function InstrumentRow({ one, run }: { one: Instrument; run: Run | null }): JSX.Element {
  const { command } = useDoing();
  const { mood, text, since } = standing(one, run);
  const now = useNow(since !== null, 500);
  const gone = since === null ? '' : elapsed(now - since);
  return (
    <li className="ivo-sb-instrument" data-instrument={one.name}>
      <div className="ivo-sb-line">
        <span className={`ivo-sb-dot ivo-sb-${mood}`} aria-hidden="true" />
        <span className="ivo-sb-name" title={`${one.name}: ${one.type}`}>
          {one.name}
        </span>
        <span className={mood === 'untrusted' ? 'ivo-sb-warn' : 'ivo-hint'} title={text}>
          {mood === 'untrusted' ? 'not trusted' : text}
          {gone && ` · ${gone}`}
        </span>
      </div>
      {mood === 'untrusted' && (
        <div className="ivo-sb-note">
          <p className="ivo-hint">It {text.replace('not trusted: ', '')}.</p>
          <button type="button" className="ivo-button" onClick={() => void command('sidebar.trust', { name: one.name })}>
            I have checked it
          </button>
        </div>
      )}
      {one.readings.map(reading => (
        <div key={reading.name} className="ivo-sb-reading">
          <span>
            {reading.name} <span className="ivo-value">{readingText(reading)}</span>
          </span>
          <span className="ivo-hint" title={reading.watched && `watched: ${reading.watched}`}>
            {reading.watched ? 'watched, ' : ''}read {moment(reading.at_ms)}
          </span>
        </div>
      ))}
    </li>
  );
}
