/** What was called here, newest first; each entry opens, and can become a cell, a step or a filled form again. */

import { memo, useState } from 'react';
import { span, timeOfDay } from '../model/clock';
import { useDevices, useNow } from '../model/hooks';
import type { Entry } from '../model/shapes';
import { EntryActions } from './EntryActions';
import { ResultLine, ResultView } from './Result';
import { StopCall } from './StopCall';

const SHOWN = 4;

export const CallLog = memo(function CallLog({ target, member }: { target: string; member: string }): JSX.Element | null {
  const all = useDevices(state => state.entries);
  const [more, setMore] = useState(false);
  const mine = all.filter(one => one.target === target && one.member === member);
  if (mine.length === 0) {
    return null;
  }
  const shown = more ? mine : mine.slice(0, SHOWN);
  return (
    <div className="ivo-log" role="log" aria-label={`Calls of ${target}.${member}`}>
      {shown.map(entry => (
        <LogEntry key={entry.id} entry={entry} />
      ))}
      {mine.length > SHOWN && (
        <button type="button" className="ivo-quiet ivo-more" onClick={() => setMore(!more)}>
          {more ? 'show fewer' : `${mine.length - SHOWN} earlier`}
        </button>
      )}
    </div>
  );
});

export const LogEntry = memo(function LogEntry({ entry }: { entry: Entry }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <div className={`ivo-entry ivo-${entry.state}`}>
      <div className="ivo-entry-row">
        <button type="button" className="ivo-entry-line" aria-expanded={open} onClick={() => setOpen(!open)}>
          <code className="ivo-entry-call">{withoutTarget(entry)}</code>
          <span className="ivo-entry-result">
            <Outcome entry={entry} open={open} />
          </span>
        </button>
        <StopCall entry={entry} />
      </div>
      {open && <EntryDetail entry={entry} />}
    </div>
  );
});

/** The call without the instrument that the log stands under. */
function withoutTarget(entry: Entry): string {
  return entry.call.startsWith(`${entry.target}.`) ? entry.call.slice(entry.target.length + 1) : entry.call;
}

function Outcome({ entry, open }: { entry: Entry; open: boolean }): JSX.Element {
  if (entry.state === 'waiting' || entry.state === 'running') {
    return <Running entry={entry} />;
  }
  const took = entry.started_ms !== null && entry.ended_ms !== null ? span(entry.ended_ms - entry.started_ms) : '';
  const at = entry.ended_ms !== null ? timeOfDay(entry.ended_ms) : '';
  const origin = entry.origin === 'panel' ? '' : `by ${entry.origin}`;
  return (
    <>
      {entry.error ? (
        <span className="ivo-problem">
          ✕ {firstLine(entry.error.message)} {open ? '▾' : '▸'}
        </span>
      ) : (
        entry.result && <ResultLine shown={entry.result} />
      )}
      <span className="ivo-when">{[took, at, origin].filter(Boolean).map(part => ` · ${part}`)}</span>
    </>
  );
}

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function Running({ entry }: { entry: Entry }): JSX.Element {
  const now = useNow(true);
  const since = entry.started_ms === null ? '' : span(now - entry.started_ms);
  return (
    <span className="ivo-accent">
      {entry.state === 'waiting' ? '… in line' : '◌ running'} {since}
      {entry.message && <span className="ivo-slow"> · {entry.message.replace(`${entry.target}.${entry.member} has been `, '')}</span>}
    </span>
  );
}

function EntryDetail({ entry }: { entry: Entry }): JSX.Element {
  return (
    <div className="ivo-entry-detail">
      {entry.error && <p className="ivo-problem ivo-words">{entry.error.message}</p>}
      {entry.error?.detail && (
        <details>
          <summary>Traceback</summary>
          <pre className="ivo-pre">{entry.error.detail}</pre>
        </details>
      )}
      {entry.result && <ResultView shown={entry.result} />}
      {entry.prints && (
        <details>
          <summary>What the driver printed</summary>
          <pre className="ivo-pre">{entry.prints}</pre>
        </details>
      )}
      <EntryActions entry={entry} />
    </div>
  );
}
