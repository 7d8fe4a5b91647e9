/** While recording is on, each call made here becomes a step of a workflow; that is always to be seen. */

import { useEffect, useState } from 'react';
import type { KeyboardEvent, SyntheticEvent } from 'react';
import { useConnection, useKernelEvent } from '../../protocol';
import type { Json } from '../../protocol';
import { onEnter } from '../model/enter';
import { saying } from '../model/store';

interface Recording {
  /** Empty while nothing is recorded. */
  workflow: string;
  steps: number;
  problem: string;
  workflows?: string[];
}

const OFF: Recording = { workflow: '', steps: 0, problem: '' };

export function RecordToggle(): JSX.Element {
  const connection = useConnection();
  const [state, setState] = useState(OFF);
  const [name, setName] = useState<string | null>(null);
  const [refused, setRefused] = useState('');
  const take = (told: Json): void => setState(told as unknown as Recording);
  useKernelEvent('control.recording', take);
  useEffect(() => {
    let here = true;
    connection.request('control.recording').then(
      told => here && take(told),
      () => undefined
    );
    return () => {
      here = false;
    };
  }, [connection]);
  const record = (workflow: string): void => {
    connection.request('control.record', { workflow }).then(
      told => {
        take(told);
        setName(null);
        setRefused('');
      },
      (error: unknown) => setRefused(saying(error))
    );
  };
  const begin = (): void => {
    void connection.request('control.recording').then(told => setName((told as unknown as Recording).workflows?.[0] ?? 'recorded'));
  };
  if (state.workflow !== '') {
    return (
      <span className="ivo-recording" role="status">
        <span className="ivo-problem" aria-hidden="true">
          ●
        </span>{' '}
        recording into <b>{state.workflow}</b> · {state.steps === 1 ? '1 step' : `${state.steps} steps`}
        {state.problem !== '' && <span className="ivo-problem"> · {state.problem}</span>}{' '}
        <button type="button" className="ivo-button" onClick={() => record('')}>
          Stop recording
        </button>
      </span>
    );
  }
  if (name === null) {
    return (
      <button type="button" className="ivo-button" title="Each call made here becomes a step" onClick={begin}>
        Record into workflow…
      </button>
    );
  }
  return (
    <NameForm name={name} names={state.workflows ?? []} refused={refused} setName={setName} record={record} />
  );
}

interface NameProps {
  name: string;
  names: readonly string[];
  refused: string;
  setName: (name: string | null) => void;
  record: (name: string) => void;
}

function NameForm({ name, names, refused, setName, record }: NameProps): JSX.Element {
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') {
      record(name);
    }
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setName(null);
    }
    onEnter(submit)(event);
  };
  return (
    <form className="ivo-inline" onSubmit={submit} onKeyDown={keyDown}>
      <input
        className="ivo-input ivo-short"
        aria-label="Workflow to record into"
        list="ivo-recordable"
        autoFocus
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <datalist id="ivo-recordable">
        {names.map(one => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="submit" className="ivo-button ivo-primary" disabled={name.trim() === ''}>
        Record
      </button>
      <button type="button" className="ivo-button" onClick={() => setName(null)}>
        Cancel
      </button>
      {refused !== '' && (
        <span className="ivo-problem" role="alert">
          {refused}
        </span>
      )}
    </form>
  );
}
