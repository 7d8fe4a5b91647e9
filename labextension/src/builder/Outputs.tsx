/** Names for what a step gives back: one for the whole, or one for each item of a tuple. */
import { useId } from 'react';
import { useBuilder, useTyped } from './hooks';
import { at } from './form-model';
import type { IPartProps } from './parts';
import { Problems } from './Problems';

export function Outputs({ form, step, findings, refused, edit }: IPartProps): JSX.Element {
  const store = useBuilder();
  const { outputs } = form;
  if (outputs === null) {
    return <></>;
  }
  // The other names are those of the step when the edit's turn has come: the form may not have heard of the last one yet.
  const put = (index: number, name: string): Promise<void> =>
    edit('outputs', 'outputs', () => {
      const now = store.snapshot().document?.steps[step.id]?.outputs ?? [];
      const other = (at_: number): string => (Array.isArray(now) ? now[at_] : now[outputs.labels[at_] ?? '']) ?? '';
      return { names: outputs.names.map((_, at_) => (at_ === index ? name : other(at_))) };
    });
  return (
    <div className="ivb-value" data-field="outputs">
      <div className="ivb-field-head">
        <span className="ivb-field-label">{outputs.names.length > 1 ? 'Save results as' : 'Save result as'}</span>
      </div>
      {outputs.names.map((name, index) => (
        <Output key={index} name={name} label={outputs.labels[index] ?? ''} hint={outputs.hint} onName={text => put(index, text)} />
      ))}
      <Problems refused={refused.outputs} findings={at(findings, 'outputs')} />
    </div>
  );
}

function Output({ name, label, hint, onName }: { name: string; label: string; hint: string; onName: (name: string) => Promise<void> }): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useTyped(name, onName);
  return (
    <div className="ivb-output-row">
      <input
        id={id}
        className="ivo-input"
        value={typed}
        placeholder={hint}
        aria-label={label === '' ? 'Name of the result' : `Name of the result: ${label}`}
        spellCheck={false}
        autoComplete="off"
        onChange={event => setTyped(event.target.value)}
      />
      {label !== '' && <span className="ivo-hint">{label}</span>}
    </div>
  );
}
