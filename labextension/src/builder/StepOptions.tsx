/** What happens around a step: when it fails, how long it may take, once for a batch, and a note. */
import { useId } from 'react';
import { useTyped } from './hooks';
import type { IPartProps } from './parts';
import { Problems } from './Problems';
import type { IOnError } from './wire';

export function BatchAndErrors({ form, step, refused, edit }: IPartProps): JSX.Element {
  const { options } = form;
  const id = useId();
  return (
    <div className="ivb-options">
      {options.on_error && <OnError step={step} edit={edit} />}
      {options.timeout && (
        <Small
          label="Time-out"
          hint={form.usual === '' ? '' : `usually ${form.usual}`}
          unit="s"
          text={step.timeout_s === undefined ? '' : String(step.timeout_s)}
          placeholder="none"
          onText={text => edit('timeout_s', 'change', { fields: { timeout_s: number(text) } })}
        />
      )}
      <Problems refused={refused.timeout_s} findings={[]} />
      {options.batch && (
        <label className="ivb-check" htmlFor={`${id}-batch`}>
          <input
            id={`${id}-batch`}
            type="checkbox"
            checked={step.once_per_batch === true}
            onChange={event => void edit('once_per_batch', 'change', { fields: { once_per_batch: event.target.checked } })}
          />
          Once per batch
        </label>
      )}
      <Small
        label="Note"
        hint=""
        unit=""
        text={step.note ?? ''}
        placeholder="for people"
        onText={text => edit('note', 'change', { fields: { note: text } })}
      />
    </div>
  );
}

function number(text: string): number | string | null {
  return text.trim() === '' ? null : Number.isFinite(Number(text)) ? Number(text) : text;
}

interface ISmall {
  label: string;
  hint: string;
  unit: string;
  text: string;
  placeholder: string;
  onText: (text: string) => Promise<void>;
}

function Small({ label, hint, unit, text, placeholder, onText }: ISmall): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useTyped(text, onText);
  return (
    <div className="ivb-value">
      <div className="ivb-field-head">
        <label className="ivb-field-label" htmlFor={id}>
          {label}
        </label>
        <span className="ivo-hint">{[hint, unit].filter(Boolean).join(' · ')}</span>
      </div>
      <input id={id} className="ivo-input" value={typed} placeholder={placeholder} autoComplete="off" onChange={event => setTyped(event.target.value)} />
    </div>
  );
}

const ACTIONS: readonly [NonNullable<IOnError['action']>, string][] = [
  ['ask', 'Pause and ask me'],
  ['retry', 'Try again, then ask me'],
  ['continue', 'Go on without the result'],
  ['fail', 'End the run']
];

function OnError({ step, edit }: Pick<IPartProps, 'step' | 'edit'>): JSX.Element {
  const id = useId();
  const policy = step.on_error ?? {};
  const put = (change: IOnError): void => void edit('on_error', 'change', { fields: { on_error: { ...policy, ...change } as Record<string, string | number> } });
  return (
    <div className="ivb-value">
      <div className="ivb-field-head">
        <label className="ivb-field-label" htmlFor={id}>
          If it fails
        </label>
      </div>
      <select
        id={id}
        className="ivo-input"
        value={policy.action ?? 'ask'}
        onChange={event => {
          const action = event.target.value as IOnError['action'];
          edit('on_error', 'change', { fields: { on_error: action === 'retry' ? { action, retries: 1, delay_s: 0 } : { action: action ?? 'ask' } } });
        }}
      >
        {ACTIONS.map(([action, words]) => (
          <option key={action} value={action}>
            {words}
          </option>
        ))}
      </select>
      {policy.action === 'retry' && (
        <div className="ivb-retry">
          <NumberIn label="times" value={policy.retries ?? 0} onValue={retries => put({ retries })} />
          <NumberIn label="s apart" value={policy.delay_s ?? 0} onValue={delay_s => put({ delay_s })} />
        </div>
      )}
    </div>
  );
}

function NumberIn({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }): JSX.Element {
  return (
    <label className="ivb-check">
      <input
        type="number"
        min={0}
        className="ivo-input ivb-tiny"
        value={value}
        onChange={event => event.target.value !== '' && onValue(Number(event.target.value))}
      />
      {label}
    </label>
  );
}
