/** The limit of one parameter: a small button beside its field, and a form that opens below it. The kernel judges what is typed. */

import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useConnection } from '../../protocol';
import { saying } from '../model/store';
import { factsOf, faultsOf, saving, separated, textsOf } from '../model/limit-form';
import type { Limited, LimitFaults, LimitPlace, LimitTexts } from '../model/limit-form';

/** What the fields around belong to; null where no limit can be set. */
export const LimitContext = createContext<Omit<LimitPlace, 'param'> | null>(null);

interface IEditor {
  field: Limited;
  /** Goes to the field again. */
  onClose: () => void;
}

interface IButton {
  param: string;
  limited: boolean;
  open: boolean;
  onOpen: () => void;
  /** Where there is little room. */
  short?: boolean;
}

/** The button; seen while the pointer or the focus is in the row. */
export function LimitButton({ param, limited, open, onOpen, short = false }: IButton): JSX.Element {
  const around = useContext(LimitContext);
  if (around === null) {
    return <></>;
  }
  return (
    <button
      type="button"
      className="ivo-quiet ivo-limit-button"
      data-testid={`limit-${param}`}
      aria-label={`${limited ? 'Change the' : 'Set a'} limit of ${param}`}
      aria-expanded={open}
      onClick={onOpen}
    >
      {short ? 'limit' : limited ? 'change limit' : 'set limit'}
    </button>
  );
}

/** The form where `LimitContext` says whose it is. */
export function LimitEditor(props: IEditor): JSX.Element {
  const around = useContext(LimitContext);
  return around === null ? <></> : <Editor place={{ ...around, param: props.field.name }} {...props} />;
}

/** While the limits cannot be read nothing is edited; that is said instead. */
function Editor(props: IEditor & { place: LimitPlace }): JSX.Element {
  const { place, field, onClose } = props;
  const connection = useConnection();
  const [refused, setRefused] = useState('');
  const { target, member, operation, param } = place;
  useEffect(() => {
    let wanted = true;
    connection
      .request('limits.of', { target, member, operation, param })
      .catch((error: unknown) => wanted && setRefused(saying(error)));
    return () => {
      wanted = false;
    };
  }, [connection, target, member, operation, param]);
  if (refused === '') {
    return <Form {...props} />;
  }
  return (
    <div className="ivo-limit" role="group" aria-label={`Limit of ${field.name}`}>
      <span className="ivo-problem" role="alert">
        {refused}
      </span>
      <button type="button" className="ivo-button" autoFocus onClick={onClose}>
        Close
      </button>
    </div>
  );
}

function Form({ place, field, onClose }: IEditor & { place: LimitPlace }): JSX.Element {
  const connection = useConnection();
  const [facts] = useState(() => factsOf(field));
  const [texts, setTexts] = useState<LimitTexts>(() => textsOf(facts));
  const [faults, setFaults] = useState<LimitFaults>({ fields: {}, general: '' });
  const [removing, setRemoving] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>('input, button')?.focus(), []);
  const ask = (method: string, params: LimitPlace | ReturnType<typeof saving>): void => {
    connection.request(method, { ...params }).then(onClose, (error: unknown) => setFaults(faultsOf(error)));
  };
  const save = (): void => ask('limits.save', saving(place, texts));
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      // The form around is another one: Enter there would make the call.
      event.preventDefault();
      event.stopPropagation();
      save();
    }
  };
  const set = (change: Partial<LimitTexts>): void => {
    setTexts({ ...texts, ...change });
    setFaults({ fields: {}, general: '' });
  };
  return (
    <div ref={box} className="ivo-limit" role="group" aria-label={`Limit of ${place.param}`} onKeyDown={keyDown}>
      {facts.numeric && <Line name="maximum" label="at most" text={texts.maximum} fault={faults.fields.maximum} onText={maximum => set({ maximum })} />}
      {facts.numeric && <Line name="minimum" label="at least" text={texts.minimum} fault={faults.fields.minimum} onText={minimum => set({ minimum })} />}
      <Allowed options={facts.options} allowed={texts.allowed} fault={faults.fields.allowed} onAllowed={allowed => set({ allowed })} />
      {facts.numeric && <Line name="unit" label="unit" text={texts.unit} fault={faults.fields.unit} onText={unit => set({ unit })} />}
      {(faults.general || (!facts.numeric && faults.fields.maximum)) && (
        <span className="ivo-problem" role="alert">
          {faults.general || 'Say which values are allowed.'}
        </span>
      )}
      <span className="ivo-limit-foot">
        {removing ? (
          <>
            <span>Remove the limit? Any value may then be sent.</span>
            <button type="button" className="ivo-button ivo-danger" autoFocus onClick={() => ask('limits.remove', place)}>
              Remove
            </button>
            <button type="button" className="ivo-button" onClick={() => setRemoving(false)}>
              Keep
            </button>
          </>
        ) : (
          <>
            <button type="button" className="ivo-button ivo-primary" onClick={save}>
              Save limit
            </button>
            {facts.limit !== null && (
              <button type="button" className="ivo-button" onClick={() => setRemoving(true)}>
                Remove…
              </button>
            )}
            <button type="button" className="ivo-button" onClick={onClose}>
              Cancel
            </button>
          </>
        )}
      </span>
    </div>
  );
}

interface ILine {
  name: string;
  label: string;
  text: string;
  fault: string | undefined;
  onText: (text: string) => void;
}

function Line({ name, label, text, fault, onText }: ILine): JSX.Element {
  const id = useId();
  return (
    <span className="ivo-limit-line" data-limit={name}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="ivo-input ivo-short"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={fault !== undefined}
        onChange={event => onText(event.target.value)}
      />
      {fault !== undefined && (
        <span className="ivo-problem" role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}

interface IAllowed {
  options: readonly string[];
  allowed: readonly string[];
  fault: string | undefined;
  onAllowed: (allowed: string[]) => void;
}

function Allowed({ options, allowed, fault, onAllowed }: IAllowed): JSX.Element {
  const [text, setText] = useState(() => allowed.join(', '));
  if (options.length === 0) {
    const change = (next: string): void => {
      setText(next);
      onAllowed(separated(next));
    };
    return <Line name="allowed" label="only these" text={text} fault={fault} onText={change} />;
  }
  return (
    <span className="ivo-limit-line" data-limit="allowed" role="group" aria-label="only these">
      <span>only these</span>
      {options.map(one => (
        <label key={one} className="ivo-limit-option">
          <input
            type="checkbox"
            checked={allowed.includes(one)}
            onChange={event => onAllowed(event.target.checked ? [...allowed, one] : allowed.filter(other => other !== one))}
          />
          {one}
        </label>
      ))}
      {fault !== undefined && (
        <span className="ivo-problem" role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}
