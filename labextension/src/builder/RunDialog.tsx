/** The run dialog: how often, or over which table, and what is wrong with it; beside it what a rehearsal says; and the button that queues it. */
import { useState } from 'react';
import { Dialog } from './Dialog';
import { useBuilder } from './hooks';
import { useRehearsal } from './rehearsal';
import type { IRehearsing } from './rehearsal';
import { RehearsalMark, RehearsalResult, RehearseButton } from './RehearsalResult';
import { useRunForm } from './run-form';
import type { IRunForm } from './run-form';
import { RunOptions } from './RunOptions';
import { RunProblems, Verdict } from './RunProblems';
import type { ICellPlace } from './RunTable';
import { RunTable } from './RunTable';
import { said } from './store';
import { Tabs } from './Tabs';

interface ISubmitted {
  key: string;
  name: string;
  existed: boolean;
}

interface ISubmitting {
  note: string;
  again: boolean;
  submit: (again: boolean) => void;
  keep: () => void;
}

export function RunDialog({ close }: { close: () => void }): JSX.Element {
  const form = useRunForm();
  const rehearsing = useRehearsal(form.params);
  const submitting = useSubmitting(form, close);
  const [tab, setTab] = useState('run');
  const rehearse = (): void => {
    setTab('rehearsal');
    rehearsing.rehearse(false);
  };
  const tabs = [
    { key: 'run', label: form.hasTable ? 'Table' : 'How often' },
    { key: 'rehearsal', label: <RehearsalTab rehearsing={rehearsing} /> }
  ];
  return (
    <Dialog
      title={form.waiting === null ? 'Run' : `Waiting run: ${form.waiting.name}`}
      hint={form.hasTable ? rowsInWords(form.rows) : ''}
      close={close}
      tall={form.hasTable || tab === 'rehearsal'}
      buttons={<Buttons form={form} rehearsing={rehearsing} rehearse={rehearse} submitting={submitting} close={close} />}
    >
      <Tabs tabs={tabs} at={tab} go={setTab}>
        {tab === 'run' ? <RunTab form={form} close={close} /> : <RehearsalResult rehearsing={rehearsing} close={close} />}
      </Tabs>
    </Dialog>
  );
}

function RehearsalTab({ rehearsing }: { rehearsing: IRehearsing }): JSX.Element {
  return <>Rehearsal {rehearsing.found !== null && <RehearsalMark found={rehearsing.found} />}</>;
}

function RunTab({ form, close }: { form: IRunForm; close: () => void }): JSX.Element {
  const { asked, check, hasTable, repeat, sample, table, setTable } = form;
  const [goal, setGoal] = useState<ICellPlace | null>(null);
  const times = Math.max(1, repeat.number);
  return (
    <>
      <RunOptions form={form} />
      {hasTable && asked !== null && (
        <RunTable asked={asked} sample={sample} table={table} setTable={setTable} problems={check?.cells ?? []} times={times} goal={goal} go={setGoal} />
      )}
      {asked !== null && !hasTable && (
        <p className="ivo-hint ivb-teach">
          This workflow asks for nothing at run time, so it is repeated by count. Make a value “# At run” in a step, and it becomes a column here.
        </p>
      )}
      <RunProblems check={check} table={table} times={times} toCell={setGoal} close={close} />
    </>
  );
}

function useSubmitting(form: IRunForm, close: () => void): ISubmitting {
  const store = useBuilder();
  const [state, setState] = useState({ note: '', again: false });
  const refused = (error: unknown): void => setState({ note: said(error), again: false });
  const submit = (again: boolean): void => {
    store.askSettled<ISubmitted>('submit', { ...form.params, again }).then(
      done => (done.existed ? setState({ note: `The same was submitted before, as ${done.name}. Nothing was queued.`, again: true }) : close()),
      refused
    );
  };
  const keep = (): void => {
    store.askSettled<{ name: string }>('keep_waiting', form.params).then(() => {
      store.set({ kept: true });
      close();
    }, refused);
  };
  return { ...state, submit, keep };
}

interface IButtons {
  form: IRunForm;
  rehearsing: IRehearsing;
  rehearse: () => void;
  submitting: ISubmitting;
  close: () => void;
}

function Buttons({ form, rehearsing, rehearse, submitting, close }: IButtons): JSX.Element {
  return (
    <>
      <span className="ivb-grow" role="status">
        {submitting.note ? <span className="ivo-problem">{submitting.note}</span> : <Verdict form={form} rehearsed={rehearsing.found} />}
      </span>
      {submitting.again && (
        <button type="button" className="ivo-button" onClick={() => submitting.submit(true)}>
          Run it again
        </button>
      )}
      <RehearseButton rehearsing={rehearsing} disabled={!form.ready} rehearse={rehearse} />
      <button type="button" className="ivo-button" onClick={close}>
        Cancel
      </button>
      <button type="button" className="ivo-button ivo-primary" disabled={!form.ready} onClick={() => (form.waiting === null ? submitting.submit(false) : submitting.keep())}>
        {form.waiting === null ? '▶ Run' : 'Keep in the queue'}
      </button>
    </>
  );
}

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}
