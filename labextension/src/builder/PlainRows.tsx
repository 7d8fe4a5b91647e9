/** The inputs of a step besides its values: texts, names, numbers, conditions. */
import { useId } from 'react';
import { at } from './form-model';
import type { IPlainRow } from './form-model';
import { useTyped } from './hooks';
import { NameInput } from './NameInput';
import type { IPartProps } from './parts';
import { Problems } from './Problems';

export function PlainRows(props: IPartProps): JSX.Element {
  return (
    <>
      {props.form.rows.map(row => (
        <PlainRow key={row.name} row={row} {...props} />
      ))}
    </>
  );
}

function PlainRow({ row, form, findings, refused, edit }: IPartProps & { row: IPlainRow }): JSX.Element {
  const id = useId();
  const problems = at(findings, row.name);
  const wrong = problems.some(one => one.severity === 'error') || refused[row.name] !== undefined;
  const set = (value: string | number | boolean | string[] | null): Promise<void> => edit(row.name, 'change', { fields: { [row.name]: value } });
  return (
    <div className="ivb-value" data-field={row.name}>
      <div className="ivb-field-head">
        <label className="ivb-field-label" htmlFor={id}>
          {row.label}
        </label>
        <span className="ivo-hint">{row.hint}</span>
      </div>
      {row.input === 'condition' ? (
        <NameInput id={id} choice="condition" text={String(row.value ?? '')} names={form.names} wrong={wrong} label={row.label} onText={set} />
      ) : (
        <PlainInput id={id} row={row} wrong={wrong} set={set} />
      )}
      <Problems refused={refused[row.name]} findings={problems} />
    </div>
  );
}

interface IPlainInput {
  id: string;
  row: IPlainRow;
  wrong: boolean;
  set: (value: string | number | boolean | string[] | null) => Promise<void>;
}

function PlainInput(props: IPlainInput): JSX.Element {
  const { id, row, wrong, set } = props;
  if (row.input === 'bool') {
    return <input id={id} type="checkbox" checked={row.value === true} onChange={event => void set(event.target.checked)} />;
  }
  if (row.input === 'choice') {
    const value = String(row.value ?? '');
    const options = row.options.includes(value) ? row.options : [value, ...row.options];
    return (
      <select id={id} className="ivo-input" value={value} aria-invalid={wrong} onChange={event => void set(event.target.value)}>
        {options.map(one => (
          <option key={one} value={one}>
            {one === '' ? 'choose…' : one}
          </option>
        ))}
      </select>
    );
  }
  return <TextInput {...props} />;
}

function TextInput({ id, row, wrong, set }: IPlainInput): JSX.Element {
  const send = (text: string): Promise<void> => {
    if (row.input === 'number') {
      return set(text.trim() === '' ? null : Number.isFinite(Number(text)) ? Number(text) : text);
    }
    return set(row.input === 'list' ? text.split('\n').filter(line => line !== '') : text);
  };
  const [typed, setTyped] = useTyped(String(row.value ?? ''), send);
  const shared = { id, value: typed, 'aria-invalid': wrong, spellCheck: row.input === 'long' };
  return row.input === 'long' || row.input === 'list' ? (
    <textarea {...shared} className="ivo-input ivb-long" rows={3} onChange={event => setTyped(event.target.value)} />
  ) : (
    <input {...shared} className="ivo-input" autoComplete="off" onChange={event => setTyped(event.target.value)} />
  );
}

/** The conditions of an if: one for each branch, and the button for one more. */
export function Conditions({ form, findings, refused, edit }: IPartProps): JSX.Element {
  const id = useId();
  if (form.conditions.length === 0) {
    return <></>;
  }
  return (
    <>
      {form.conditions.map((text, index) => {
        const field = `branch:${index}`;
        const problems = at(findings, field);
        const wrong = problems.some(one => one.severity === 'error') || refused[field] !== undefined;
        const label = index === 0 ? 'If' : 'Else if';
        return (
          <div key={index} className="ivb-value" data-field={field}>
            <div className="ivb-field-head">
              <label className="ivb-field-label" htmlFor={`${id}-${index}`}>
                {label}
              </label>
              {form.conditions.length > 1 && (
                <button type="button" className="ivo-quiet" onClick={() => void edit(field, 'remove_branch', { index })}>
                  remove branch
                </button>
              )}
            </div>
            <NameInput
              id={`${id}-${index}`}
              choice="condition"
              text={text}
              names={form.names}
              wrong={wrong}
              label={label}
              onText={next => edit(field, 'condition', { index, text: next })}
            />
            <Problems refused={refused[field]} findings={problems} />
          </div>
        );
      })}
      <button type="button" className="ivo-quiet" onClick={() => void edit('branch', 'add_branch', {})}>
        + else if
      </button>
    </>
  );
}
