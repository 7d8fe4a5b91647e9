/** The form of the selected step: what it calls, where each value comes from, what becomes of the result. */
import { useCallback, useEffect, useState } from 'react';
import { BatchAndErrors } from './StepOptions';
import { Conditions, PlainRows } from './PlainRows';
import { Outputs } from './Outputs';
import { Problems } from './Problems';
import { at } from './form-model';
import type { IForm } from './form-model';
import type { Refusals } from './findings';
import { useBuilder, useView } from './hooks';
import type { IMark } from './parts';
import type { Params } from './store';
import type { IFinding, IStep } from './wire';
import { ValueEditor } from './ValueEditor';

export function StepForm(): JSX.Element {
  const selected = useView(state => state.selected);
  const document = useView(state => state.document);
  const [taken, setTaken] = useState(0);
  const id = selected[0];
  const step = id === undefined ? undefined : document?.steps[id];
  if (document === null) {
    return <aside className="ivb-form" aria-label="Step" />;
  }
  if (selected.length > 1) {
    return <Several ids={selected} />;
  }
  if (step === undefined) {
    return <NoStep />;
  }
  return <OneStep key={`${step.id} ${taken}`} step={step} version={document.version} onTakeBack={() => setTaken(taken + 1)} />;
}

function NoStep(): JSX.Element {
  const document = useView(state => state.document);
  const store = useBuilder();
  const empty = Object.keys(document?.steps ?? {}).length === 0;
  return (
    <aside className="ivb-form" aria-label="Step">
      <p className="ivo-hint">
        {empty
          ? 'Drag a method from the left into a phase, or click one to append it. Its form appears here.'
          : 'Select a step to edit it. Space lifts it, arrows move it, Delete removes it.'}
      </p>
      <label className="ivb-field-label" htmlFor="ivb-description">
        What this workflow is for
      </label>
      <textarea
        id="ivb-description"
        className="ivo-input ivb-long"
        rows={4}
        placeholder="a description"
        key={document?.head.name ?? ""}
        defaultValue={document?.head.description}
        disabled={document?.head.finalized}
        onChange={event => void store.tryEdit('describe', { description: event.target.value })}
      />
    </aside>
  );
}

function Several({ ids }: { ids: readonly string[] }): JSX.Element {
  return (
    <aside className="ivb-form" aria-label="Step">
      <p className="ivb-form-title">{ids.length} steps</p>
      <p className="ivo-hint">Drag one to move them all, or copy them with Ctrl+C, also into another notebook.</p>
      <Actions ids={ids} />
    </aside>
  );
}

/** Fetch the form again whenever the workflow changed. */
function useForm(id: string, version: number): IForm | null {
  const store = useBuilder();
  const palette = useView(state => state.palette);
  const [form, setForm] = useState<IForm | null>(null);
  useEffect(() => {
    let wanted = true;
    void store.tryAsk<IForm>('form', { step: id }).then(found => wanted && found !== null && setForm(found));
    return () => {
      wanted = false;
    };
  }, [store, id, version, palette]);
  return form;
}

/** What was typed and not taken, each with its way back. */
function marks(refusals: Refusals[string] = {}, takeBack: (field: string) => void): Record<string, IMark> {
  return Object.fromEntries(Object.entries(refusals).map(([field, one]) => [field, { ...one, takeBack: () => takeBack(field) }]));
}

interface IOneStep {
  step: IStep;
  version: number;
  /** The form is to begin anew with what the kernel has. */
  onTakeBack: () => void;
}

function OneStep({ step, version, onTakeBack }: IOneStep): JSX.Element {
  const store = useBuilder();
  const form = useForm(step.id, version);
  const check = useView(state => state.check);
  const findings = (check?.findings ?? []).filter(one => one.step === step.id);
  const refusals = useView(state => state.refusals[step.id]);
  const refused = marks(refusals, field => {
    store.refuse(step.id, field, null);
    onTakeBack();
  });
  const edit = useCallback(
    (field: string, intent: string, params: Params): Promise<void> => store.editField(step.id, field, intent, params),
    [store, step.id]
  );
  if (form === null) {
    return <aside className="ivb-form" aria-label="Step" />;
  }
  const shared = { form, step, findings, refused, edit };
  return (
    <aside className="ivb-form" aria-label="Step">
      <p className="ivb-form-title" title={form.doc}>
        {form.title}
      </p>
      {form.summary && (
        <p className="ivo-hint" title={form.doc}>
          {form.summary}
        </p>
      )}
      {form.note && <p className="ivo-problem">{form.note}</p>}
      <StepProblems findings={findings} form={form} />
      {form.values.map(row => (
        <ValueEditor key={row.field.name} row={row} {...shared} />
      ))}
      <Conditions {...shared} />
      <PlainRows {...shared} />
      <Outputs {...shared} />
      <BatchAndErrors {...shared} />
      {form.call && (
        <p className="ivb-calls">
          <span className="ivo-hint">calls</span> <code>{form.call}</code>
        </p>
      )}
      <Actions ids={[step.id]} disabled={step.disabled === true} />
    </aside>
  );
}

/** Findings that belong to no field of the form. */
function StepProblems({ findings, form }: { findings: readonly IFinding[]; form: IForm }): JSX.Element {
  const fields = [...form.values.map(row => row.field.name), ...form.rows.map(row => row.name), ...form.conditions.map((_, n) => `branch:${n}`)];
  return <Problems findings={findings.filter(one => !fields.some(field => at([one], field).length > 0))} />;
}

function Actions({ ids, disabled = false }: { ids: readonly string[]; disabled?: boolean }): JSX.Element {
  const store = useBuilder();
  const all = [...ids];
  return (
    <div className="ivb-actions">
      <button type="button" className="ivo-button" onClick={() => void store.tryEdit('duplicate', { ids: all })}>
        Duplicate
      </button>
      <button type="button" className="ivo-button" onClick={() => void store.tryEdit('disable', { ids: all, disabled: !disabled })}>
        {disabled ? 'Enable' : 'Disable'}
      </button>
      <button type="button" className="ivo-button ivo-danger" onClick={() => void store.tryEdit('remove', { ids: all })}>
        Delete
      </button>
    </div>
  );
}
