/** An entry of the log becomes a cell, a step of a workflow, or a filled form. */

import { useState } from 'react';
import { useStore } from '../model/hooks';
import { formKey } from '../model/open-form';
import { offerCell } from '../model/cells';
import type { Entry, GivenFields } from '../model/shapes';
import { useTrait } from '../../protocol';

interface Code {
  code: string;
  given: GivenFields;
  workflows: string[];
}

export function EntryActions({ entry }: { entry: Entry }): JSX.Element {
  const store = useStore();
  const token = useTrait('token', String);
  const [said, setSaid] = useState('');
  const [workflows, setWorkflows] = useState<string[] | null>(null);
  const ask = async (): Promise<Code | null> => (await store.request('control.entry', { id: entry.id })) as unknown as Code | null;

  const toCell = async (): Promise<void> => {
    const found = await ask();
    setSaid(found === null ? '' : await offerCell(found.code, token));
  };
  const fillForm = async (): Promise<void> => {
    const found = await ask();
    if (found !== null) {
      const key = formKey(entry.target, entry.member, entry.operation);
      await store.open(entry.target, entry.member, entry.operation);
      store.fill(key, found.given);
    }
  };
  const toStep = async (workflow: string): Promise<void> => {
    const reply = await store.request('control.step', { id: entry.id, workflow });
    setSaid(typeof reply === 'string' ? reply : '');
    setWorkflows(null);
  };
  return (
    <div className="ivo-actions">
      <button type="button" className="ivo-button" onClick={() => void toCell()}>
        To a cell
      </button>
      <button type="button" className="ivo-button" onClick={() => void ask().then(found => setWorkflows(found?.workflows ?? null))}>
        To a workflow…
      </button>
      {entry.operation !== 'get' && (
        <button type="button" className="ivo-button" onClick={() => void fillForm()}>
          Fill the form
        </button>
      )}
      {workflows !== null && <ChooseWorkflow names={workflows} onChoose={name => void toStep(name)} />}
      <span className="ivo-hint" role="status">
        {said}
      </span>
    </div>
  );
}

function ChooseWorkflow({ names, onChoose }: { names: string[]; onChoose: (name: string) => void }): JSX.Element {
  const [name, setName] = useState(names[0] ?? 'recorded');
  return (
    <form
      className="ivo-inline"
      onSubmit={event => {
        event.preventDefault();
        onChoose(name);
      }}
    >
      <input
        className="ivo-input"
        aria-label="Name of the workflow"
        list="ivo-workflows"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <datalist id="ivo-workflows">
        {names.map(one => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="submit" className="ivo-button" disabled={name.trim() === ''}>
        Append to its script
      </button>
    </form>
  );
}
