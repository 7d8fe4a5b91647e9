/** Recent runs, each with how it really ended. */

import { moment, roughly } from '../model/clock';
import { useDoing } from './context';
import type { Recent } from './shapes';

const MARKS: { [status: string]: string } = { completed: '✓', failed: '✕', stopped: '■', interrupted: '◌', running: '▶' };

/** What became of a run, in a few words. */
export function became(run: Recent): string {
  const unit = run.table ? 'rows' : 'times';
  const took = run.started_ms !== null && run.ended_ms !== null ? roughly(run.ended_ms - run.started_ms) : '';
  const once = run.total === 1 && !run.table;
  const amount = once ? '' : run.total === null ? `${run.done} done` : run.done >= run.total ? `${run.total} ${unit}` : `${run.done} of ${run.total} ${unit}`;
  const skipped = run.skipped > 0 ? `${run.skipped} ${run.skipped === 1 ? 'step' : 'steps'} skipped` : '';
  return [skipped || amount, took].filter(Boolean).join(' · ');
}

/** Whether some of its rows were not brought to their end, and it has. */
function isPart(run: Recent): boolean {
  return run.table && run.total !== null && run.done < run.total && ['stopped', 'failed', 'interrupted'].includes(run.status);
}

export function RecentPart({ runs }: { runs: readonly Recent[] }): JSX.Element {
  const { command } = useDoing();
  if (runs.length === 0) {
    return <p className="ivo-hint">Nothing has ended yet. Each run is listed here with how it ended.</p>;
  }
  return (
    <ul className="ivo-sb-list" aria-label="Recent runs">
      {runs.map(run => {
        const partly = run.status === 'completed' && run.skipped > 0;
        const mood = partly ? 'stopped' : run.status;
        return (
          <li key={run.id} className="ivo-sb-recent" title={run.error || undefined}>
            <div className="ivo-sb-line">
              <span className={`ivo-sb-name ivo-run-${mood}`}>
                <span aria-hidden="true">{partly ? '◐' : (MARKS[run.status] ?? '·')}</span> {run.name}
              </span>
              <span className="ivo-hint">{became(run)}</span>
            </div>
            <div className="ivo-hint ivo-sb-note">
              {run.status === 'running' ? 'not ended' : partly ? 'completed, not everything' : run.status}
              {run.ended_ms !== null && ` · ${moment(run.ended_ms)}`}
            </div>
            {isPart(run) && (
              <button type="button" className="ivo-link" onClick={() => void command('recovery.rerun', { id: run.id })}>
                Run what is missing
              </button>
            )}
            {run.error && <div className="ivo-problem ivo-sb-note ivo-sb-cut">{run.error}</div>}
          </li>
        );
      })}
    </ul>
  );
}
