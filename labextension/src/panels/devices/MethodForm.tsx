/** The form of one method or of setting a property: its fields, its button, and what the button will call. */

import { memo, useEffect, useMemo, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { FieldRow } from '../fields/FieldRow';
import { LimitContext } from '../fields/LimitEditor';
import { onEnter } from '../model/enter';
import { buttonName } from '../model/given';
import { useDevices, useStore } from '../model/hooks';
import { formKey, ready } from '../model/open-form';
import type { OpenForm } from '../model/open-form';
import type { Field, Operation } from '../model/shapes';

interface Props {
  target: string;
  member: string;
  operation: Operation;
}

function title(member: string, operation: Operation): string {
  return operation === 'set' ? `Set ${member}` : buttonName(member);
}

export const MethodForm = memo(function MethodForm({ target, member, operation }: Props): JSX.Element {
  const store = useStore();
  const key = formKey(target, member, operation);
  const open = useDevices(state => state.forms[key]);
  const [variant, setVariant] = useState(0);
  useEffect(() => {
    void store.open(target, member, operation);
  }, [store, target, member, operation]);
  const limits = useMemo(() => (operation === 'get' ? null : { target, member, operation }), [target, member, operation]);
  if (!open?.form) {
    return <div className="ivo-form ivo-hint">{open?.notice || 'One moment…'}</div>;
  }
  const { form, check } = open;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    store.submit(key);
  };
  return (
    <form className="ivo-form" onSubmit={submit} onKeyDown={onEnter(submit)} noValidate aria-label={`${target}.${member}`}>
      {form.note && <p className="ivo-hint">{form.note}</p>}
      <Variants form={open} chosen={variant} onChoose={setVariant} />
      <LimitContext.Provider value={limits}>
        {fieldsOf(open, variant).map(field => (
          <FieldRow
            key={field.name}
            field={field}
            given={open.given[field.name]}
            problems={check?.problems ?? []}
            note={check?.notes[field.name]}
            onChange={given => store.change(key, field.name, given)}
          />
        ))}
      </LimitContext.Provider>
      <div className="ivo-field">
        <span className="ivo-label" />
        <button type="submit" className="ivo-button ivo-primary ivo-call" disabled={!ready(open)}>
          {title(member, operation)}
        </button>
        <code className="ivo-says" aria-live="polite">
          {check?.call}
        </code>
      </div>
      <Notice open={open} onCall={how => void store.call(key, how)} />
    </form>
  );
});

function fieldsOf(open: OpenForm, variant: number): Field[] {
  return open.form?.variants[variant] ?? open.form?.fields ?? [];
}

function Variants(props: { form: OpenForm; chosen: number; onChoose: (at: number) => void }): JSX.Element | null {
  const variants = props.form.form?.variants ?? [];
  if (variants.length < 2) {
    return null;
  }
  return (
    <div className="ivo-field">
      <span className="ivo-label">called as</span>
      <select className="ivo-input" aria-label="Variant" value={props.chosen} onChange={event => props.onChoose(Number(event.target.value))}>
        {variants.map((fields, at) => (
          <option key={at} value={at}>
            ({fields.map(field => field.name).join(', ')})
          </option>
        ))}
      </select>
    </div>
  );
}

interface NoticeProps {
  open: OpenForm;
  onCall: (how: { waitInLine?: boolean; takeOver?: boolean }) => void;
}

function Notice({ open, onCall }: NoticeProps): JSX.Element | null {
  const general = (open.check?.problems ?? []).filter(one => one.field === '' || !knows(open, one.field));
  if (!open.notice && general.length === 0) {
    return null;
  }
  return (
    <div className={open.busy ? 'ivo-warning ivo-busy' : 'ivo-problem'} role="alert">
      {open.notice}
      {general.map(one => (
        <div key={one.field + one.message}>{one.field ? `${one.field}: ${one.message}` : one.message}</div>
      ))}
      {open.busy && (
        <button type="button" className="ivo-button" onClick={() => onCall({ waitInLine: true })}>
          Place in line
        </button>
      )}
      {open.takeOver && (
        <button type="button" className="ivo-button" onClick={() => onCall({ takeOver: true })}>
          Use it all the same
        </button>
      )}
    </div>
  );
}

function knows(open: OpenForm, field: string): boolean {
  const name = /^[^.[]*/.exec(field)?.[0] ?? field;
  const all = [...(open.form?.fields ?? []), ...(open.form?.variants.flat() ?? [])];
  return all.some(one => one.name === name);
}
