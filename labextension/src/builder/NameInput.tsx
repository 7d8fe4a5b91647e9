/** A name or a formula; only names that exist at this point are offered, each with its type. */
import { useId } from 'react';
import type { Choice, IName } from './form-model';
import { useTyped } from './hooks';

interface INameInput {
  id: string;
  choice: Choice | 'condition';
  text: string;
  names: readonly IName[];
  wrong: boolean;
  label: string;
  onText: (text: string) => Promise<void>;
}

export function NameInput({ id, choice, text, names, wrong, label, onText }: INameInput): JSX.Element {
  const [typed, setTyped] = useTyped(text, onText);
  const list = useId();
  const offered = choice === 'at_run' ? names.filter(one => one.at_run) : choice === 'variable' ? names.filter(one => !one.at_run) : names;
  if (choice === 'variable') {
    return <VariableChoice {...{ id, label, wrong, offered }} value={typed} onPick={setTyped} />;
  }
  const code = choice === 'expression' || choice === 'condition';
  return (
    <>
      <input
        id={id}
        className={`ivo-input ${code ? 'ivb-code-input' : ''}`}
        list={code ? undefined : list}
        value={typed}
        aria-invalid={wrong}
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        placeholder={choice === 'at_run' ? 'name of the column' : choice === 'condition' ? 'left < 15 and n > 0' : 'volume * 2'}
        onChange={event => setTyped(event.target.value)}
      />
      {!code && (
        <datalist id={list}>
          {offered.map(one => (
            <option key={one.name} value={one.name}>
              {one.type}
            </option>
          ))}
        </datalist>
      )}
      {code && <Names names={offered} onPick={name => setTyped(typed === '' || typed.endsWith(' ') ? typed + name : `${typed} ${name}`)} />}
    </>
  );
}

interface IVariableChoice {
  id: string;
  label: string;
  wrong: boolean;
  offered: readonly IName[];
  value: string;
  onPick: (name: string) => void;
}

function VariableChoice({ id, label, wrong, offered, value, onPick }: IVariableChoice): JSX.Element {
  const known = value === '' || offered.some(one => one.name === value);
  return (
    <>
      <select id={id} className="ivo-input" aria-label={label} aria-invalid={wrong} value={value} onChange={event => onPick(event.target.value)}>
        <option value="" disabled>
          {offered.length === 0 ? 'no name exists at this point' : 'choose a name…'}
        </option>
        {!known && <option value={value}>{value}</option>}
        {offered.map(one => (
          <option key={one.name} value={one.name}>
            {`${one.name} · ${one.type} · from ${one.made_by}`}
          </option>
        ))}
      </select>
      {offered.length === 0 && <p className="ivo-hint">Name the result of an earlier step, and it is offered here.</p>}
    </>
  );
}

function Names({ names, onPick }: { names: readonly IName[]; onPick: (name: string) => void }): JSX.Element {
  if (names.length === 0) {
    return <></>;
  }
  return (
    <p className="ivo-hint ivb-names">
      Known here:
      {names.map(one => (
        <button
          key={`${one.at_run}${one.name}`}
          type="button"
          className={`ivb-name-chip ${one.at_run ? 'ivb-at_run' : 'ivb-variable'}`}
          title={`${one.type} · ${one.at_run ? 'at run' : `from ${one.made_by}`}`}
          onClick={() => onPick(one.name)}
        >
          {one.at_run ? `#${one.name}` : one.name}
        </button>
      ))}
    </p>
  );
}
