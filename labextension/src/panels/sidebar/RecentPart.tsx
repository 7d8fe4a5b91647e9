/** Recent runs, each with how it really ended. */

import { moment, roughly } from '../model/clock';
import { inEarlierRuns } from '../runs/earlier';
import { useDoing } from './context';
import type { Recent } from './shapes';

const MARKS: { [status: string]: string } = { completed: '✓', failed: '✕', stopped: '■', interrupted: '◌', running: '▶' };

/** How many rows are done: by this run, and by those it goes on with. */
function amount({ table, total, done, before, cleanup_only }: Recent): string {
  if (cleanup_only) {
    return 'cleanup only';
  }
  const unit = table ? (total === 1 ? 'row' : 'rows') : 'times';
  const all = before.reduce((sum, one) => sum + one.done, done);
  if (total === 1 && !table) {
    return '';
  }
  if (total === null) {
    return `${all} done`;
  }
  return all >= total && before.length === 0 ? `${total} ${unit}` : `${all} of ${total} ${unit}`;
}

/** What became of a run, in a few words. */
export function became(run: Recent): string {
  const took = run.started_ms !== null && run.ended_ms !== null ? roughly(run.ended_ms - run.started_ms) : '';
  const skipped = run.skipped > 0 ? `${run.skipped} ${run.skipped === 1 ? 'step' : 'steps'} skipped` : '';
  return [skipped || amount(run), took].filter(Boolean).join(' · ');
}

/** Which rows other runs did, or are to do. */
export function elsewhere({ before, by }: Recent): string {
  return [inEarlierRuns(before), by && `the rest: ${by}`].filter(Boolean).join(' · ');
}

/** Whether what is missing of it can be run; of a single run that is all of it. */
function offers(run: Recent): boolean {
  return run.missing > 0 && (run.table || run.total !== 1);
}

export function RecentPart({ runs }: { runs: readonly Recent[] }): JSX.Element {
  if (runs.length === 0) {
    return <p className="ivo-hint">Nothing has ended yet. Each run is listed here with how it ended.</p>;
  }
  return (
    <ul className="ivo-sb-list" aria-label="Recent runs">
      {runs.map(run => (
        <RecentRow key={run.id} run={run} />
      ))}
    </ul>
  );
}

function RecentRow({ run }: { run: Recent }): JSX.Element {
  const { command } = useDoing();
  const partly = run.status === 'completed' && run.skipped > 0;
  const mood = partly ? 'stopped' : run.status;
  const how = run.status === 'running' ? 'not ended' : partly ? 'completed, not everything' : run.status;
  const others = elsewhere(run);
  return (
    <li className="ivo-sb-recent" title={run.error || undefined}>
      <div className="ivo-sb-line">
        <span className={`ivo-sb-name ivo-run-${mood}`} title={run.name}>
          <span aria-hidden="true">{partly ? '◐' : (MARKS[run.status] ?? '·')}</span> {run.name}
        </span>
        <span className="ivo-hint">{became(run)}</span>
      </div>
      <div className="ivo-hint ivo-sb-note">
        run {run.id} · {how}
        {run.ended_ms !== null && ` · ${moment(run.ended_ms)}`}
        {others !== '' && <div>{others}</div>}
      </div>
      {run.error && <div className="ivo-problem ivo-sb-note ivo-sb-cut">{run.error}</div>}
      {offers(run) && (
        <div className="ivo-sb-note">
          <button type="button" className="ivo-link" onClick={() => void command('recovery.rerun', { id: run.id })}>
            Run what is missing
          </button>
        </div>
      )}
    </li>
  );
}
