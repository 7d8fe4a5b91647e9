/** The runs of this session: the latest one live, the others to choose from. */

import { useCallback, useEffect, useState } from 'react';
import { useConnection, useKernelEvent, useTrait, useTraitSetter } from '../../protocol';
import { KeepFocus } from '../needs/KeepFocus';
import { RecoveryCards } from '../needs/RecoveryCards';
import { useAround } from '../needs/recovery';
import type { Cases } from '../needs/shapes';
import { MakeSafe } from './MakeSafe';
import { RunPanel } from './RunPanel';
import type { Run } from './shapes';

/** More waiting runs are folded. */
const MANY = 4;

interface RunList {
  runs: Run[];
  queue: { keys: string[]; on_hold: boolean; reason: string };
}

/** The list that was asked for; of a run that changed before the answer came, the newer news. */
export function newest(before: RunList | null, reply: RunList): RunList {
  const known = new Map(before?.runs.map(run => [run.key, run]));
  const newer = (run: Run): Run => {
    const old = known.get(run.key);
    return old !== undefined && old.at_us > run.at_us ? old : run;
  };
  return { ...reply, runs: reply.runs.map(newer) };
}

/** The list of runs, kept up; null until it is known. */
export function useRuns(): RunList | null {
  const connection = useConnection();
  const [list, setList] = useState<RunList | null>(null);
  const load = useCallback(() => {
    connection.request('run.list').then(
      reply => setList(before => newest(before, reply as unknown as RunList)),
      () => setList(before => before)
    );
  }, [connection]);
  useEffect(load, [load]);
  useKernelEvent('run.queue', load);
  useKernelEvent('run.changed', data => {
    const run = data as unknown as Run;
    setList(before => {
      if (before === null || !before.runs.some(one => one.key === run.key)) {
        load();
        return before;
      }
      return { ...before, runs: before.runs.map(one => (one.key === run.key ? run : one)) };
    });
  });
  return list;
}

/** The run that is shown when none was chosen: the one under way, else the latest that has begun, else the one that waits. */
export function firstShown(runs: Run[]): string {
  const live = runs.find(one => one.state === 'asking') ?? runs.find(one => one.state === 'running' || one.state === 'paused');
  return (live ?? runs.find(one => one.state !== 'queued') ?? runs[0])?.key ?? '';
}

/** The runs under way, those that wait in their order, and those that have ended, the latest first. */
export function inGroups({ runs, queue }: RunList): { live: Run[]; waiting: Run[]; ended: Run[] } {
  const place = new Map(queue.keys.map((key, at) => [key, at]));
  const waiting = runs.filter(one => one.state === 'queued').sort((a, b) => (place.get(a.key) ?? Infinity) - (place.get(b.key) ?? Infinity));
  return {
    live: runs.filter(one => one.state !== 'queued' && one.state !== 'ended'),
    waiting,
    ended: runs.filter(one => one.state === 'ended')
  };
}

export function RunsTab({ runs, cases }: { runs: RunList | null; cases: Cases }): JSX.Element {
  return (
    <KeepFocus className="ivo-runs" next="[data-part=runs]">
      {cases.runs.length > 0 && <Undecided cases={cases} />}
      <div data-part="runs" tabIndex={-1}>
        {runs === null || runs.runs.length === 0 ? <NoRuns waiting={runs === null} /> : <Chosen runs={runs} />}
      </div>
    </KeepFocus>
  );
}

function Undecided({ cases }: { cases: Cases }): JSX.Element {
  const around = useAround();
  return (
    <section className="ivo-needs" aria-label="Needs you" tabIndex={-1}>
      <RecoveryCards runs={cases.runs} onHold={cases.on_hold} around={around} />
    </section>
  );
}

function NoRuns({ waiting }: { waiting: boolean }): JSX.Element {
  return (
    <>
      {waiting ? (
        <p className="ivo-pad ivo-hint">One moment…</p>
      ) : (
        <p className="ivo-pad ivo-hint">
          No runs since this kernel began. Submit a workflow, for example <code>run = wf.submit(table)</code>, and watch it here.
        </p>
      )}
      <MakeSafe />
    </>
  );
}

function Chosen({ runs: list }: { runs: RunList }): JSX.Element {
  const { runs, queue } = list;
  const chosen = useTrait('chosen', String);
  const set = useTraitSetter();
  const { live, waiting, ended } = inGroups(list);
  const key = runs.some(one => one.key === chosen) ? chosen : firstShown(runs);
  const row = (run: Run): JSX.Element => (
    <li key={run.key}>
      <button type="button" className={run.key === key ? 'ivo-on' : ''} aria-pressed={run.key === key} onClick={() => set('chosen', () => run.key)}>
        <span className="ivo-name">{run.name}</span>
        <span className={`ivo-hint ivo-run-${run.outcome ?? run.state}`}>{run.sentence}</span>
      </button>
    </li>
  );
  return (
    <div className="ivo-split">
      <div className="ivo-run-side">
        <ul className="ivo-run-list" aria-label="Runs">
          {queue.on_hold && <li className="ivo-warning">The queue is on hold. {queue.reason}</li>}
          {live.map(row)}
          {waiting.length > MANY ? (
            <li>
              <details className="ivo-run-waiting" open={waiting.some(run => run.key === key)}>
                <summary>{waiting.length} waiting</summary>
                <ul className="ivo-run-inner">{waiting.map(row)}</ul>
              </details>
            </li>
          ) : (
            waiting.map(row)
          )}
          {ended.map(row)}
        </ul>
        <MakeSafe />
      </div>
      <RunPanel key={key} runKey={key} recovery={false} />
    </div>
  );
}
