/** Make safe: what it would call, said beforehand; how far it is; and what came of it. */

import { span, timeOfDay } from '../model/clock';
import { useDoing } from './context';
import type { MadeSafe, SafeRow, Safety } from './shapes';

const NOTE = 'ivo-sb-make-safe';

export function SafetyPart({ safety }: { safety: Safety | null }): JSX.Element {
  const { command } = useDoing();
  const report = safety?.report ?? null;
  return (
    <div className="ivo-sb-safety" role="group" aria-label="Make safe">
      <button type="button" className="ivo-button ivo-danger" aria-describedby={NOTE} onClick={() => void command('run.make_safe')}>
        Make safe
      </button>
      <div id={NOTE} className="ivo-sb-small">
        <p className="ivo-hint">Stops everything now, without cleanup, and holds the queue. It is software, no emergency stop.</p>
        {safety !== null && report === null && <Plan safety={safety} />}
      </div>
      {report !== null && <Report report={report} />}
    </div>
  );
}

function Plan({ safety }: { safety: Safety }): JSX.Element {
  const { handlers, without, problems } = safety;
  return (
    <>
      {handlers.length > 0 && (
        <p className="ivo-hint">
          Then calls{' '}
          {handlers.map((one, at) => (
            <span key={one.label}>
              {at > 0 && ', '}
              <code>{one.label}()</code>
            </span>
          ))}
          .
        </p>
      )}
      {without.length > 0 && (
        <p className="ivo-sb-warn">
          {handlers.length > 0 ? 'Nothing to call for ' : 'No instrument is told anything: there is nothing to call for '}
          {without.join(', ')}.
        </p>
      )}
      {problems.map(one => (
        <p key={one} className="ivo-problem">
          {one}
        </p>
      ))}
    </>
  );
}

const WORDS: { [outcome in SafeRow['outcome']]: string } = {
  waiting: 'to come',
  running: 'under way…',
  done: 'returned',
  failed: 'failed',
  'no answer': 'no answer',
  'not reached': 'not reached'
};

function Report({ report }: { report: MadeSafe }): JSX.Element {
  const { command } = useDoing();
  const ended = report.ended_us !== null;
  return (
    <article className="ivo-sb-card" role={report.unreached.length > 0 ? 'alert' : 'status'} aria-label="What make safe did">
      <p className="ivo-sb-line">
        <b>{ended ? 'Made safe' : 'Making safe…'}</b>
        <span className="ivo-hint">{timeOfDay(report.started_us / 1000)}</span>
      </p>
      {report.unreached.length > 0 && (
        <p className="ivo-problem">Could not be reached: {report.unreached.join(', ')}. Go and look.</p>
      )}
      <ul className="ivo-sb-list" aria-label="Handlers">
        {report.rows.map((row, at) => (
          <HandlerRow key={at} row={row} />
        ))}
      </ul>
      <Rest report={report} />
      {ended && (
        <div className="ivo-actions">
          <button type="button" className="ivo-button" onClick={() => void command('sidebar.safe_read')}>
            I have read it
          </button>
        </div>
      )}
    </article>
  );
}

function HandlerRow({ row }: { row: SafeRow }): JSX.Element {
  const bad = row.outcome === 'failed' || row.outcome === 'no answer' || row.outcome === 'not reached';
  return (
    <li>
      <div className="ivo-sb-line">
        <code className="ivo-sb-name" title={row.instruments.join(', ')}>
          {row.handler}()
        </code>
        <span className={bad ? 'ivo-problem' : row.outcome === 'done' ? 'ivo-run-completed' : 'ivo-hint'}>
          {WORDS[row.outcome]}
          {row.seconds !== null && ` · ${span(row.seconds * 1000)}`}
        </span>
      </div>
      {row.error !== '' && <p className="ivo-hint ivo-words ivo-sb-small">{row.error.split('\n')[0]}</p>}
    </li>
  );
}

function Rest({ report }: { report: MadeSafe }): JSX.Element {
  return (
    <div className="ivo-sb-small">
      {report.without.length > 0 && <p className="ivo-sb-warn">Nothing was called for {report.without.join(', ')}.</p>}
      {report.run !== '' && <p className="ivo-hint">{report.run} was stopped without cleanup.</p>}
      {report.interrupted && <p className="ivo-hint">A cell was interrupted: a handler needs the notebook.</p>}
      {report.problems.map(one => (
        <p key={one} className="ivo-problem">
          {one}
        </p>
      ))}
      <p className="ivo-hint">What was called is known, not what the hardware did.</p>
    </div>
  );
}
