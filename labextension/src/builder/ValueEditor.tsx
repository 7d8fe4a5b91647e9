/** One value: a visible choice of where it comes from, and the input for that. Nothing is guessed from text. */
import { useEffect, useId, useState } from 'react';
import { Control } from '../panels/fields/Control';
import { LimitButton, LimitContext, LimitEditor } from '../panels/fields/LimitEditor';
import { bounds, placeholder } from '../panels/model/given';
import type { Given } from '../panels/model/shapes';
import { at, CHOICE_WORDS } from './form-model';
import type { Choice, IValueRow } from './form-model';
import { useTyped } from './hooks';
import { NameInput } from './NameInput';
import { Problems } from './Problems';
import type { IMark, IPartProps } from './parts';

export function ValueEditor({ row, form, step, findings, refused, edit }: IPartProps & { row: IValueRow }): JSX.Element {
  const { field } = row;
  const id = useId();
  const [choice, setChoice] = useState<Choice>(row.choice);
  useEffect(() => setChoice(row.choice), [row.choice]);
  const pick = (next: Choice): void => {
    setChoice(next);
    if (next === row.choice) {
      return;
    }
    if (next === 'default') {
      void edit(field.name, 'value', { field: field.name, choice: next });
    } else if (next === 'at_run') {
      void edit(field.name, 'value', { field: field.name, choice: next, text: field.name });
    }
  };
  const [limiting, setLimiting] = useState(false);
  const done = (): void => {
    setLimiting(false);
    document.getElementById(id)?.focus();
  };
  const problems = at(findings, field.name);
  const wrong = problems.some(one => one.severity === 'error') || refused[field.name] !== undefined;
  return (
    <div className="ivb-value" data-field={field.name}>
      <div className="ivb-field-head">
        <label className="ivb-field-label" htmlFor={id} title={field.annotation ? `${field.name}: ${field.annotation}` : undefined}>
          {field.name}
        </label>
        <span className="ivo-hint" title={field.help}>
          {[field.unit, bounds(field), field.required ? '' : 'optional'].filter(Boolean).join(' · ')}
        </span>
        <LimitContext.Provider value={form.limits}>
          <LimitButton short param={field.name} limited={field.limit !== null} open={limiting} onOpen={() => setLimiting(!limiting)} />
        </LimitContext.Provider>
      </div>
      {limiting && (
        <LimitContext.Provider value={form.limits}>
          <LimitEditor field={field} onClose={done} />
        </LimitContext.Provider>
      )}
      <Segments choices={row.choices} choice={choice} pick={pick} label={`Where ${field.name} comes from`} />
      {choice === 'value' && <ConstantInput row={row} id={id} wrong={wrong} refused={refused[field.name]} edit={edit} />}
      {choice !== 'value' && choice !== 'default' && (
        <NameInput
          id={id}
          choice={choice}
          text={row.choice === choice ? row.text : ''}
          names={form.names}
          wrong={wrong}
          label={field.name}
          onText={text => edit(field.name, 'value', { field: field.name, choice, text })}
        />
      )}
      {choice === 'default' && field.default !== null && <p className="ivo-hint">{field.default}, left to the driver</p>}
      <Problems refused={refused[field.name]} findings={problems} />
      {field.help !== '' && !wrong && <p className="ivo-hint ivb-help">{field.help}</p>}
      {row.consolidate !== null && step.once_per_batch === true && (
        <label className="ivb-check">
          <input
            type="checkbox"
            checked={row.consolidate}
            onChange={event => void edit(field.name, 'consolidate', { field: field.name, on: event.target.checked })}
          />
          a list of all samples' values
        </label>
      )}
    </div>
  );
}

interface ISegments {
  choices: readonly Choice[];
  choice: Choice;
  pick: (choice: Choice) => void;
  label: string;
}

function Segments({ choices, choice, pick, label }: ISegments): JSX.Element {
  return (
    <span className="ivo-segments ivb-segments" role="radiogroup" aria-label={label}>
      {choices.map(one => (
        <button key={one} type="button" role="radio" aria-checked={one === choice} className={one === choice ? 'ivo-on' : ''} onClick={() => pick(one)}>
          {CHOICE_WORDS[one]}
        </button>
      ))}
    </span>
  );
}

interface IConstant extends Pick<IPartProps, 'edit'> {
  row: IValueRow;
  id: string;
  wrong: boolean;
  refused: IMark | undefined;
}

/** What is typed stays as typed; the kernel converts it and says what is wrong with it. */
function ConstantInput({ row, id, wrong, refused, edit }: IConstant): JSX.Element {
  const { name } = row.field;
  const send = (next: Given | undefined): Promise<void> => edit(name, 'value', { field: name, choice: 'value', given: next ?? null });
  const kernel = row.given ?? undefined;
  const [given, change] = useTyped<Given | undefined>(kernel, send, (refused?.given === undefined ? row.given : refused.given) ?? undefined);
  return (
    <div className="ivb-constant">
      <Control
        kind={row.field.kind}
        given={given}
        onChange={change}
        problems={[]}
        path={name}
        placeholder={placeholder(row.field)}
        label={name}
        wrong={wrong}
        id={id}
      />
    </div>
  );
}
