/** Make safe: what it would call, said beforehand; how far it is; and what came of it. */

import { useId } from 'react';
import { span, timeOfDay } from '../model/clock';
import type { MadeSafe, SafeRow, Safety } from './shapes';

/** More handlers are folded. */
const MANY = 6;

interface Props {
  /** Null until it is known; the button works all the same. */
  safety: Safety | null;
  onMakeSafe: () => void;
  onRead: () => void;
}

export function SafetyBox({ safety, onMakeSafe, onRead }: Props): JSX.Element {
  const note = useId();
  const report = safety?.report ?? null;
  return (
    <div className="ivo-safe" role="group" aria-label="Make safe">
      <button type="button" className="ivo-button ivo-danger" aria-describedby={note} onClick={onMakeSafe}>
        Make safe
      </button>
      <div id={note}>
        <p className="ivo-hint">Stops everything now, without cleanup, and holds the queue. It is software, no emergency stop.</p>
        {safety !== null && report === null && <Plan safety={safety} />}
      </div>
      {report !== null && <Report report={report} onRead={onRead} />}
    </div>
  );
}

function Plan({ safety }: { safety: Safety }): JSX.Element {
  const { handlers, without, without_text, problems } = safety;
  return (
    <>
      {handlers.length > MANY ? (
        <details className="ivo-hint">
          <summary>Then calls {handlers.length} handlers, one after the other.</summary>
          <Calls labels={handlers.map(one => one.label)} />
        </details>
      ) : (
        handlers.length > 0 && (
          <p className="ivo-hint">
            Then calls <Calls labels={handlers.map(one => one.label)} />
          </p>
        )
      )}
      <NoHandler names={without} text={without_text} before={handlers.length > 0 ? '' : 'No instrument is told anything; '} />
      <Problems problems={problems} />
    </>
  );
}

function Calls({ labels }: { labels: readonly string[] }): JSX.Element {
  return (
    <>
      {labels.map((label, at) => (
        <span key={label}>
          {at > 0 && ', '}
          <code>{label}()</code>
        </span>
      ))}
      .
    </>
  );
}

/** One line; all the names unfold where it does not say them. */
function NoHandler({ names, text, before = '' }: { names: readonly string[]; text: string; before?: string }): JSX.Element | null {
  if (names.length === 0) {
    return null;
  }
  const line = `${before}${text}.`;
  if (text.endsWith(names.join(', '))) {
    return <p className="ivo-slow">{line}</p>;
  }
  return (
    <details className="ivo-slow">
      <summary>{line}</summary>
      {names.join(', ')}
    </details>
  );
}

function Problems({ problems }: { problems: readonly string[] }): JSX.Element {
  return (
    <>
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

function Report({ report, onRead }: { report: MadeSafe; onRead: () => void }): JSX.Element {
  const ended = report.ended_us !== null;
  return (
    <article className="ivo-safe-report" role={report.unreached.length > 0 ? 'alert' : 'status'} aria-label="What make safe did">
      <p className="ivo-safe-line">
        <b>{ended ? 'Made safe' : 'Making safe…'}</b>
        <span className="ivo-hint">{timeOfDay(report.started_us / 1000)}</span>
      </p>
      {report.unreached.length > 0 && <p className="ivo-problem">Could not be reached: {report.unreached.join(', ')}. Go and look.</p>}
      {report.under_way.length > 0 && (
        <p className="ivo-problem">Asked to stop, and had not returned: {report.under_way.join(', ')}.</p>
      )}
      <ul aria-label="Handlers">
        {report.rows.map((row, at) => (
          <HandlerRow key={at} row={row} />
        ))}
      </ul>
      <Rest report={report} />
      {ended && (
        <button type="button" className="ivo-button" onClick={onRead}>
          I have read it
        </button>
      )}
    </article>
  );
}

function HandlerRow({ row }: { row: SafeRow }): JSX.Element {
  const bad = row.outcome === 'failed' || row.outcome === 'no answer' || row.outcome === 'not reached';
  return (
    <li>
      <div className="ivo-safe-line">
        <code title={row.instruments.join(', ')}>{row.handler}()</code>
        <span className={bad ? 'ivo-problem' : row.outcome === 'done' ? 'ivo-run-completed' : 'ivo-hint'}>
          {WORDS[row.outcome]}
          {row.seconds !== null && ` · ${span(row.seconds * 1000)}`}
        </span>
      </div>
      {row.error !== '' && <p className="ivo-hint">{row.error.split('\n')[0]}</p>}
    </li>
  );
}

function Rest({ report }: { report: MadeSafe }): JSX.Element {
  return (
    <>
      <NoHandler names={report.without} text={report.without_text} />
      {report.run !== '' && <p className="ivo-hint">{report.run} was stopped without cleanup.</p>}
      {report.interrupted && <p className="ivo-hint">A cell was interrupted: a handler needs the notebook.</p>}
      <Problems problems={report.problems} />
      <p className="ivo-hint">What was called is known, not what the hardware did.</p>
    </>
  );
}
