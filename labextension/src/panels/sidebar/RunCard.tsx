/** The current run: how far, which step, when it ends, and the buttons; else how the last one ended. */

import { span, timeOfDay } from '../model/clock';
import { useNow } from '../model/hooks';
import { Words } from '../needs/Long';
import { Buttons } from '../runs/Buttons';
import { Progress } from '../runs/Progress';
import { ending } from '../runs/RunPanel';
import type { Run } from '../runs/shapes';
import { elapsed, useDoing } from './context';
import type { Estimate } from './shapes';

export function RunCard({ run, estimate }: { run: Run; estimate: Estimate | null }): JSX.Element {
  const { command } = useDoing();
  const live = run.state !== 'ended';
  const store = {
    command: async (method: string, params = {}): Promise<void> => {
      await command(method, { key: run.key, ...params });
    }
  };
  return (
    <>
      <p className="ivo-sb-line">
        <b className="ivo-sb-name" title={`${run.name} · workflow ${run.workflow}`}>
          {run.name}
        </b>
        <span className={`ivo-status ivo-run-${run.outcome ?? run.state}`} role="status">
          ● {live ? stateWord(run) : (run.outcome ?? 'removed')}
        </span>
      </p>
      <Sentence run={run} live={live} />
      {isPausedFor(run) && <p className="ivo-sb-small ivo-run-paused">{run.sentence}</p>}
      {run.state === 'running' && run.message !== '' && <p className="ivo-warning ivo-sb-small">{run.message}</p>}
      {live && <Progress run={run} />}
      {live && <Times run={run} estimate={estimate} />}
      {live && (
        <div className="ivo-sb-buttons">
          <Buttons run={run} store={store} />
        </div>
      )}
    </>
  );
}

/** Whether it is known who or what paused it; then that stands on a line of its own. */
function isPausedFor(run: Run): boolean {
  return run.state === 'paused' && run.paused_by !== '' && run.stopping === null;
}

function stateWord(run: Run): string {
  return run.state === 'asking' ? 'waits for you' : run.stopping !== null ? 'stopping' : run.pausing && run.state !== 'paused' ? 'pausing' : run.state;
}

function Sentence({ run, live }: { run: Run; live: boolean }): JSX.Element {
  const now = useNow(live, 250);
  if (!live) {
    const took = run.started_us !== null && run.ended_us !== null ? ` · ${span((run.ended_us - run.started_us) / 1000)}` : '';
    const when = run.ended_us === null ? '' : `ended ${timeOfDay(run.ended_us / 1000)}`;
    return (
      <>
        <p className="ivo-hint">
          {when}
          {took}
        </p>
        {run.error && <Words text={run.error} bad />}
        {run.cleanup_error && <Words text={`In cleanup: ${run.cleanup_error}`} bad />}
      </>
    );
  }
  const { step } = run;
  const left = step === null || step.wait_left_s === null ? null : step.wait_left_s * 1000 - (step.wait_counting ? now - run.at_us / 1000 : 0);
  const why = isPausedFor(run);
  const intent = run.stopping !== null || (run.pausing && run.state !== 'paused');
  return (
    <p className="ivo-sb-now">
      {intent ? (
        <span className="ivo-run-paused">{run.sentence}</span>
      ) : run.state === 'asking' ? (
        <span className="ivo-hint ivo-sb-words">its question is at the top</span>
      ) : step === null ? (
        <span className="ivo-hint ivo-sb-words">{why ? '' : run.sentence}</span>
      ) : (
        <>
          <code title={step.label}>{step.label}</code>
          <span className="ivo-hint">{left === null ? elapsed(now - step.started_us / 1000) : `${span(Math.max(0, left))} left`}</span>
        </>
      )}
    </p>
  );
}

function Times({ run, estimate }: { run: Run; estimate: Estimate | null }): JSX.Element {
  const now = useNow(true, 1000);
  const place = run.phase === 'script' ? `${run.iteration} of ${run.iterations}` : run.phase || 'not begun';
  const mine = estimate !== null && estimate.key === run.key && run.state === 'running' && run.stopping === null ? estimate : null;
  return (
    <p className="ivo-sb-line ivo-sb-small">
      <span>
        {place}
        {run.started_us !== null && ` · ${elapsed(now - run.started_us / 1000) || '0 s'}`}
      </span>
      <span className="ivo-hint">{mine && `ends ${ending(mine)}`}</span>
    </p>
  );
}
