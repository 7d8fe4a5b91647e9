/** A run that a dead kernel left behind: what is in doubt, what is known about it, and what each choice will do. */

import { useState } from 'react';
import type { Params } from '../../protocol/messages';
import { Choice } from './Choice';
import { DoubtPart } from './Decide';
import { Words } from './Long';
import type { Interrupted } from './shapes';

/** Say something about the interrupted run; `method` without `recovery.` before it. */
export type Say = (method: string, params?: Params) => void;

/** What a card needs of the view it stands in. */
export interface Around {
  /** Tell the kernel something; tells why it was refused, or nothing. */
  readonly tell: (method: string, params: Params) => Promise<string>;
  /** Put a line of Python into a new cell; tells what became of it, where there is something to tell. */
  readonly insert: (code: string) => void | Promise<string>;
}

export function RecoveryCard({ run, onHold, around }: { run: Interrupted; onHold: boolean; around: Around }): JSX.Element {
  const [refused, setRefused] = useState('');
  const [inserted, setInserted] = useState('');
  const say: Say = (method, params = {}) => {
    void around.tell(`recovery.${method}`, { id: run.id, ...params }).then(setRefused);
  };
  const insert = (code: string): void => void Promise.resolve(around.insert(code)).then(said => setInserted(said ?? ''));
  return (
    <article className="ivo-card" role="group" aria-label={`${run.name} was interrupted`}>
      <p className="ivo-lead">
        <b>{run.name}</b> was interrupted {run.where}
      </p>
      {run.in_doubt.map(one => (
        <DoubtPart key={one.step} doubt={one} open={run.problem === ''} say={say} />
      ))}
      {run.in_doubt.length === 0 && <p className="ivo-hint">Every step that had begun was also finished. Cleanup has not run.</p>}
      {run.problem !== '' && <Words text={run.problem} bad />}
      {run.lost.length > 0 && (
        <p className="ivo-problem">
          Needed and not kept in full: {run.lost.join(', ')}. Give it anew: <code>ivoryos.recover({run.id}).give(…)</code>
        </p>
      )}
      {refused !== '' && (
        <p className="ivo-problem ivo-words" role="alert">
          {refused}
        </p>
      )}
      {run.waiting !== '' ? <Waiting run={run} onHold={onHold} /> : <Whole run={run} say={say} />}
      <button type="button" className="ivo-link" onClick={() => insert(`ivoryos.history.steps(run=${run.id})`)}>
        Its steps, in a cell
      </button>
      {inserted !== '' && <span className="ivo-hint"> {inserted}</span>}
    </article>
  );
}

function Waiting({ run, onHold }: { run: Interrupted; onHold: boolean }): JSX.Element {
  return (
    <p className="ivo-hint" role="status">
      “{run.waiting}” goes on with it and waits in the queue{onHold && ', which is on hold: nothing begins until you release it'}.
    </p>
  );
}

/** What becomes of the whole run. */
function Whole({ run, say }: { run: Interrupted; say: Say }): JSX.Element {
  const first = run.coming === '' ? 'closes it; nothing is left to do' : `goes on with ${run.coming}`;
  const undecided = run.in_doubt.some(one => one.choice === '');
  const open = run.problem === '';
  const again = run.iterations > 1 ? `a new run, with iteration ${run.iteration} of ${run.iterations}; prep runs again` : 'a new run, from the beginning';
  return (
    <>
      {run.warning !== '' && <p className="ivo-warning">{run.warning}</p>}
      <ul className="ivo-choices ivo-decide ivo-whole">
        {open && run.warning !== '' && run.coming_step !== '' && (
          <Choice word="Ends here" does={`nothing was done after what is written down; next is ${run.coming}`} onChoose={() => say('go_on', { step: run.coming_step })} />
        )}
        {open && (
          <Choice word="Resume" primary disabled={!run.ready} does={undecided ? 'goes on, once you have decided' : first} onChoose={() => say('resume')} />
        )}
        <Choice word="Clean up" does="runs its cleanup and nothing else" onChoose={() => say('cleanup')} />
        <Choice word="Start again" does={again} onChoose={() => say('start_again', { iteration: run.iteration })} />
        <Choice word="Leave" does="does nothing more; it stays interrupted" onChoose={() => say('leave')} />
      </ul>
    </>
  );
}
