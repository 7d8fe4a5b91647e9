/** One run, live: how far, which step, its rows, its buttons, and what it asks. */

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { WAITING, useConnection, useWaiting } from '../../protocol';
import { span, timeOfDay } from '../model/clock';
import { useNow } from '../model/hooks';
import { KeepFocus } from '../needs/KeepFocus';
import { Words } from '../needs/Long';
import { QuestionCard } from '../needs/QuestionCard';
import { RecoveryCards } from '../needs/RecoveryCards';
import { useAround, useCases } from '../needs/recovery';
import { Buttons } from './Buttons';
import { Chart } from './Chart';
import { Existed } from './Existed';
import { inEarlierRuns } from './earlier';
import { Progress } from './Progress';
import { Rows } from './Rows';
import type { Happened, Run, Table } from './shapes';
import { RunStore } from './store';

interface Props {
  runKey: string;
  /** Given where the run had been there before it was submitted; it is told the key of another run of the same. */
  onAgain?: (key: string) => void;
  /** Whether it is decided here how the run goes on, if it was interrupted. */
  recovery?: boolean;
}

export function RunPanel({ runKey, onAgain, recovery = true }: Props): JSX.Element {
  const connection = useConnection();
  const store = useMemo(() => new RunStore(connection, runKey), [connection, runKey]);
  useEffect(() => store.start(), [store]);
  const { table, notice } = useSyncExternalStore(store.watch, store.snapshot);
  const waiting = useWaiting();
  if (table === null) {
    return <p className="ivo-pad ivo-hint">{notice || (waiting ? WAITING : 'One moment…')}</p>;
  }
  const { run } = table;
  return (
    <section className="ivo-run" aria-label={`Run ${run.name}`} tabIndex={-1}>
      <Head table={table} />
      <KeepFocus className="ivo-run-body" next=".ivo-rows [tabindex]">
        {onAgain !== undefined && <Existed run={run} onAgain={() => store.again(onAgain)} />}
        <Progress run={run} />
        <NowLine run={run} />
        {run.state === 'running' && run.message !== '' && run.elsewhere === '' && <p className="ivo-warning">{run.message}</p>}
        {run.state !== 'ended' && (run.elsewhere === '' ? <Buttons run={run} store={store} /> : <Elsewhere run={run} />)}
        {notice && (
          <p className="ivo-problem" role="alert">
            {notice}
          </p>
        )}
        {waiting && <p className="ivo-warning">{WAITING}</p>}
        {run.question !== null && (
          <QuestionCard key={run.question.id} run={run} question={run.question} onAnswer={params => store.tell('run.answer', params)} />
        )}
        {recovery && <Recovery run={run} />}
        {run.error && run.state === 'ended' && <Failure title="Why it failed" text={run.error} />}
        {run.cleanup_error && <Failure title="What went wrong in cleanup" text={run.cleanup_error} />}
        <Rows table={table} onLoad={start => void store.load(start)} />
        <Chart table={table} />
        <Happenings lines={table.happened} />
      </KeepFocus>
    </section>
  );
}

/** How the run goes on, if it was interrupted and nobody has decided yet. */
function Recovery({ run }: { run: Run }): JSX.Element {
  const cases = useCases(run.outcome === 'interrupted');
  const around = useAround();
  return <RecoveryCards runs={cases.runs.filter(one => one.id === run.run_id)} onHold={cases.on_hold} around={around} />;
}

/** What stands in place of the buttons of a run that another kernel has. */
function Elsewhere({ run }: { run: Run }): JSX.Element {
  return <p className="ivo-hint">{run.sentence}; it obeys that kernel only.</p>;
}

function Head({ table }: { table: Table }): JSX.Element {
  const { run } = table;
  const number = run.run_id === null ? 'in the queue' : `run ${run.run_id}`;
  const rows = `${table.total} ${table.inputs.length > 0 ? 'rows' : table.total === 1 ? 'time' : 'times'}`;
  return (
    <h3 className="ivo-head">
      <span className="ivo-run-title">
        <span className="ivo-name">{run.name}</span>{' '}
        <span className="ivo-hint">
          {number} · {rows}
          {table.before.length > 0 && `, ${inEarlierRuns(table.before)}`}
        </span>
      </span>
      <span className={`ivo-status ivo-run-${run.outcome ?? run.state}`} role="status">
        ● {run.sentence}
        {run.estimate && ` · ends ${ending(run.estimate)}`}
      </span>
    </h3>
  );
}

/** From here on nobody counts in seconds. */
const FAR_MS = 600_000;

/** `16:40 ± 6 min`; with seconds where it is near and sure. */
export function ending({ ends_ms, spread_ms }: { ends_ms: number; spread_ms: number }, now = Date.now()): string {
  const fine = spread_ms < 60_000 && ends_ms - now < FAR_MS;
  const spread = fine ? span(spread_ms) : `${Math.max(1, Math.round(spread_ms / 60_000))} min`;
  return `${timeOfDay(ends_ms).slice(0, fine ? 8 : 5)} ± ${spread}`;
}

function NowLine({ run }: { run: Run }): JSX.Element {
  const live = run.state !== 'ended' && run.started_us !== null;
  const now = useNow(live, 250);
  const until = live ? now : run.ended_us === null ? null : run.ended_us / 1000;
  const took = run.started_us === null || until === null ? '' : span(until - run.started_us / 1000);
  return (
    <p className="ivo-now">
      <span>{run.step !== null && <StepNow step={run.step} at={run.at_us} now={now} />}</span>
      <span className="ivo-hint">
        {run.phase === 'script' && live && `${run.iteration} of ${run.iterations} · `}
        {took}
      </span>
    </p>
  );
}

function StepNow({ step, at, now }: { step: NonNullable<Run['step']>; at: number; now: number }): JSX.Element {
  const left = step.wait_left_s === null ? null : step.wait_left_s * 1000 - (step.wait_counting ? now - at / 1000 : 0);
  return (
    <>
      <code>{step.label}</code>{' '}
      <span className="ivo-hint">
        {left === null ? span(now - step.started_us / 1000) : `${span(left)} left`}
        {step.attempt > 1 && ` · attempt ${step.attempt}`}
      </span>
    </>
  );
}

function Failure({ title, text }: { title: string; text: string }): JSX.Element {
  return (
    <div className="ivo-failure">
      <b>{title}</b>
      <Words text={text} bad />
    </div>
  );
}

function Happenings({ lines }: { lines: Happened[] }): JSX.Element {
  return (
    <ol className="ivo-happened" aria-label="What happened last">
      {lines
        .slice(-6)
        .reverse()
        .map((one, at) => (
          <li key={at} className={one.bad ? 'ivo-problem' : ''}>
            <span className="ivo-when">{timeOfDay(one.at_ms)}</span> {one.text}
          </li>
        ))}
    </ol>
  );
}
