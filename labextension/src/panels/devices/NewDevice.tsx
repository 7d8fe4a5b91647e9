/** A new device: pick its class, fill its form, name it; it lands in the notebook. */

import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { FieldRow } from '../fields/FieldRow';
import { onEnter } from '../model/enter';
import { withField } from '../model/given';
import { useStore } from '../model/hooks';
import { useKernelEvent } from '../../protocol';
import type { Json } from '../../protocol';
import type { Check, DeviceClass, Field, GivenFields } from '../model/shapes';

interface ClassForm {
  reference: string;
  name: string;
  fields: Field[];
  doc: string;
}

export function NewDevice({ onDone }: { onDone: () => void }): JSX.Element {
  const store = useStore();
  const [classes, setClasses] = useState<DeviceClass[]>([]);
  const [reference, setReference] = useState('');
  const [form, setForm] = useState<ClassForm | null>(null);
  useEffect(() => {
    void store.request('control.classes', {}).then(found => setClasses((found ?? []) as unknown as DeviceClass[]));
  }, [store]);
  const choose = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setForm((await store.request('control.class_form', { reference })) as unknown as ClassForm | null);
  };
  return (
    <section className="ivo-new" aria-label="New device">
      <form className="ivo-inline" onSubmit={event => void choose(event)} onKeyDown={onEnter(event => void choose(event))}>
        <label className="ivo-label" htmlFor="ivo-class">
          class
        </label>
        <input
          id="ivo-class"
          className="ivo-input ivo-wide"
          list="ivo-classes"
          placeholder="a class of this notebook, or package.module:Class"
          value={reference}
          onChange={event => setReference(event.target.value)}
        />
        <datalist id="ivo-classes">
          {classes.map(one => (
            <option key={one.reference} value={one.reference}>
              {one.summary}
            </option>
          ))}
        </datalist>
        <button type="submit" className="ivo-button" disabled={reference === ''}>
          Show its form
        </button>
        <button type="button" className="ivo-button" onClick={onDone}>
          Cancel
        </button>
      </form>
      {form && <ConnectForm key={form.reference} form={form} onDone={onDone} />}
    </section>
  );
}

function ConnectForm({ form, onDone }: { form: ClassForm; onDone: () => void }): JSX.Element {
  const store = useStore();
  const [name, setName] = useState(form.name);
  const [given, setGiven] = useState<GivenFields>({});
  const [check, setCheck] = useState<Check | null>(null);
  /** Whether the kernel has yet to say what it thinks of the newest values. */
  const [unchecked, setUnchecked] = useState(true);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState('');
  const params = { reference: form.reference, name, given: given as unknown as Json };
  useEffect(() => {
    let current = true;
    setUnchecked(true);
    const timer = setTimeout(() => {
      void store
        .request('control.check_device', { reference: form.reference, name, given: given as unknown as Json })
        .then(reply => {
          if (current) {
            setCheck(reply as unknown as Check | null);
            setUnchecked(false);
          }
        });
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [store, form.reference, name, given]);
  // An early Enter is not lost: the kernel checks the values again before it makes anything.
  const bad = !unchecked && (check === null || check.problems.length + check.missing.length > 0);
  const make = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (bad || working) {
      return;
    }
    setWorking(true);
    setFailure('');
    const reply = (await store.request('control.new_device', params)) as unknown as Check | null;
    setCheck(reply);
    if (reply === null || reply.problems.length + reply.missing.length > 0) {
      setWorking(false);
    }
  };
  useKernelEvent('control.made', data => {
    const made = data as unknown as { name: string; error: string };
    if (made.name === name && working) {
      setWorking(false);
      setFailure(made.error);
      if (made.error === '') {
        onDone();
      }
    }
  });
  const nameField: Field = {
    name: 'name', kind: { tag: 'text' }, passing: 'either', required: true, default: null, unit: '', help: 'in the notebook', annotation: '', limit: null
  };
  return (
    <form className="ivo-form" onSubmit={event => void make(event)} onKeyDown={onEnter(event => void make(event))}>
      {form.doc && <p className="ivo-summary">{form.doc}</p>}
      <FieldRow
        field={nameField}
        path="(name)"
        given={{ value: name }}
        onChange={one => setName(one !== undefined && 'value' in one ? String(one.value) : '')}
        problems={check?.problems ?? []}
      />
      {form.fields.map(field => (
        <FieldRow
          key={field.name}
          field={field}
          given={given[field.name]}
          problems={check?.problems ?? []}
          onChange={one => setGiven(withField(given, field.name, one))}
        />
      ))}
      <div className="ivo-field">
        <span className="ivo-label" />
        <button type="submit" className="ivo-button ivo-primary ivo-call" disabled={bad || working}>
          {working ? 'Making…' : 'Make'}
        </button>
        <code className="ivo-says">{check?.call}</code>
      </div>
      {failure && (
        <div className="ivo-problem ivo-words" role="alert">
          {failure}
        </div>
      )}
      {(check?.problems ?? []).filter(one => one.field === '').map(one => (
        <div key={one.message} className="ivo-problem" role="alert">
          {one.message}
        </div>
      ))}
    </form>
  );
}
