/** A run that a dead kernel left behind: what is in doubt, what is known about it, and what each choice will do. */

import { Fragment, useState } from 'react';
import type { Params } from '../../protocol/messages';
import { moment, timeOfDay } from '../model/clock';
import { typed } from './NeedsYou';
import { roughly, useDoing } from './context';
import type { Doubt, Interrupted } from './shapes';

type Texts = { [name: string]: string };
type Say = (method: string, params?: Params) => void;

export function InterruptedPart({ run, onHold = false }: { run: Interrupted; onHold?: boolean }): JSX.Element {
  const { tell, insert } = useDoing();
  const [refused, setRefused] = useState('');
  const say: Say = (method, params = {}) => {
    void tell(`recovery.${method}`, { id: run.id, ...params }).then(setRefused);
  };
  return (
    <article className="ivo-sb-card" aria-label={`${run.name} was interrupted`}>
      <p className="ivo-sb-lead">
        <b>{run.name}</b> was interrupted {run.where}
      </p>
      {run.in_doubt.map(one => (
        <DoubtPart key={one.step} doubt={one} open={run.problem === ''} say={say} />
      ))}
      {run.in_doubt.length === 0 && <p className="ivo-hint">Every step that had begun was also finished. Cleanup has not run.</p>}
      {run.problem !== '' && <p className="ivo-problem ivo-words">{run.problem}</p>}
      {run.lost.length > 0 && (
        <p className="ivo-problem">
          Needed and not kept in full: {run.lost.join(', ')}. Give it anew: <code>ivoryos.recover({run.id}).give(…)</code>
        </p>
      )}
      {refused !== '' && (
        <p className="ivo-problem" role="alert">
          {refused}
        </p>
      )}
      {run.waiting !== '' ? <p className="ivo-hint">“{run.waiting}” goes on with it and waits in the queue{onHold && ', which is on hold: nothing begins until you release it below'}.</p> : <Whole run={run} say={say} />}
      <button type="button" className="ivo-sb-link" onClick={() => insert(`ivoryos.history.steps(run=${run.id})`)}>
        Its steps, in a cell
      </button>
    </article>
  );
}

/** A call that may be broken between its arguments, not within them. */
function Call({ text }: { text: string }): JSX.Element {
  return (
    <code className="ivo-sb-call">
      {text.split(/(?<=[(,])/).map((one, at) => (
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {one}
        </Fragment>
      ))}
    </code>
  );
}

function Choice(props: { word: string; does: string; chosen?: boolean; primary?: boolean; disabled?: boolean; onChoose: () => void }): JSX.Element {
  const { word, does, chosen, primary = false, disabled = false, onChoose } = props;
  return (
    <li>
      <button
        type="button"
        className={`ivo-button ${primary ? 'ivo-primary' : ''} ${chosen ? 'ivo-sb-chosen' : ''}`}
        aria-pressed={chosen}
        disabled={disabled}
        onClick={onChoose}
      >
        {word}
      </button>
      <span className="ivo-hint">{does}</span>
    </li>
  );
}

function DoubtPart({ doubt, open, say }: { doubt: Doubt; open: boolean; say: Say }): JSX.Element {
  const said = doubt.said.map(one => `${one.name} ${one.text}, ${moment(one.at_ms)}`);
  return (
    <>
      <span className="ivo-hint">
        In doubt, begun {moment(doubt.at_ms)}:{timeOfDay(doubt.at_ms).slice(-2)}
        {doubt.sample && ` · sample ${doubt.sample}`}
      </span>
      <Call text={doubt.call} />
      {said.length > 0 && <p className="ivo-hint">It last said: {said.join(' · ')}</p>}
      {doubt.checked !== '' && (
        <p className="ivo-words" role="status">
          Asked whether it was done, it says: <b>{doubt.checked}</b>
        </p>
      )}
      {open && <Decide doubt={doubt} say={say} />}
    </>
  );
}

function Decide({ doubt, say }: { doubt: Doubt; say: Say }): JSX.Element {
  const [values, setValues] = useState<Texts>({});
  const [edited, setEdited] = useState<Texts>({});
  const changed = Object.fromEntries(
    Object.entries(edited).map(([name, text]) => [name, typed(doubt.arguments[name] ?? null, text)])
  );
  const wait = doubt.rest_s !== null;
  const ready = doubt.needs.every(name => (values[name] ?? '') !== '');
  return (
    <>
      <p className="ivo-hint">{doubt.choice === '' ? 'Nobody can know from here whether this was done. Look at the instrument. Was it done?' : 'Decided; you can still change it.'}</p>
      {doubt.needs.length > 0 && (
        <Fields title="What it returned" names={doubt.needs} texts={values} before={() => ''} onChange={setValues} />
      )}
      <ul className="ivo-sb-choices ivo-sb-decide">
        <Choice
          word="Done"
          does={wait ? 'it was waited long enough' : ready ? 'it was done; it is not called again' : 'say what it returned, above'}
          chosen={doubt.choice === 'done'}
          disabled={!ready}
          onChoose={() => say('done', { values: doubt.needs.map(name => values[name] ?? '') })}
        />
        <Choice
          word="Not done"
          does={wait ? 'it is waited again in full' : Object.keys(changed).length > 0 ? 'it is called again, with the values below' : 'it is called again'}
          chosen={doubt.choice === 'not_done'}
          onChoose={() => say('not_done', { arguments: changed })}
        />
        {doubt.rest_s !== null && (
          <Choice
            word="The rest"
            does={`${roughly(doubt.rest_s * 1000)} are left, the outage counted`}
            chosen={doubt.choice === 'rest'}
            onChoose={() => say('rest')}
          />
        )}
        {doubt.can_check && <Choice word="Check" does="asks the instrument; that decides nothing" onChoose={() => say('check')} />}
      </ul>
      {!wait && Object.keys(doubt.arguments).length > 0 && (
        <details>
          <summary>A part was done: call it again with other values</summary>
          <Fields
            title="Arguments"
            names={Object.keys(doubt.arguments)}
            texts={edited}
            before={name => asText(doubt.arguments[name])}
            onChange={setEdited}
          />
        </details>
      )}
      {doubt.decided !== '' && (
        <p role="status">
          <b>Decided:</b> {doubt.decided}.
        </p>
      )}
    </>
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Fields(props: { title: string; names: readonly string[]; texts: Texts; before: (name: string) => string; onChange: (texts: Texts) => void }): JSX.Element {
  const { title, names, texts, before, onChange } = props;
  return (
    <div className="ivo-sb-arguments" role="group" aria-label={title}>
      {names.map(name => (
        <label key={name}>
          <span>{name}</span>
          <input
            className="ivo-input"
            placeholder={before(name) === '' ? 'what it returned' : ''}
            value={texts[name] ?? before(name)}
            onChange={event => onChange({ ...texts, [name]: event.target.value })}
          />
        </label>
      ))}
    </div>
  );
}

/** What becomes of the whole run. */
function Whole({ run, say }: { run: Interrupted; say: Say }): JSX.Element {
  const first = run.coming === '' ? 'closes it; nothing is left to do' : `goes on with ${run.coming}`;
  const undecided = run.in_doubt.some(one => one.choice === '');
  const open = run.problem === '';
  return (
    <>
      {run.warning !== '' && <p className="ivo-warning">{run.warning}</p>}
      <ul className="ivo-sb-choices ivo-sb-decide ivo-sb-whole">
        {open && run.warning !== '' && run.coming_step !== '' && (
          <Choice word="Ends here" does={`nothing was done after what is written down; next is ${run.coming}`} onChoose={() => say('go_on', { step: run.coming_step })} />
        )}
        {open && (
          <Choice
            word="Resume"
            primary
            disabled={!run.ready}
            does={undecided ? 'goes on, once you have decided' : first}
            onChoose={() => say('resume')}
          />
        )}
        <Choice word="Clean up" does="runs its cleanup and nothing else" onChoose={() => say('cleanup')} />
        <Choice
          word="Start again"
          does={run.iterations > 1 ? `a new run, with iteration ${run.iteration} of ${run.iterations}; prep runs again` : 'a new run, from the beginning'}
          onChoose={() => say('start_again', { iteration: run.iteration })}
        />
        <Choice word="Leave" does="does nothing more; it stays interrupted" onChoose={() => say('leave')} />
      </ul>
    </>
  );
}
