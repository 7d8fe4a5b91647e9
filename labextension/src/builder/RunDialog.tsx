/** The run dialog: how often, or over which table; what is wrong; how long it will take; and the button that queues it. */
import { useEffect, useId, useState } from 'react';
import type { Json } from '../protocol';
import { Dialog } from './Dialog';
import { useBuilder, useView } from './hooks';
import { useRehearsal } from './rehearsal';
import { RehearsalResult, RehearseButton } from './RehearsalResult';
import { RunTable } from './RunTable';
import { useTableCheck } from './run-check';
import type { IColumns } from './run-check';
import { RunProblems, Verdict } from './RunProblems';
import { said } from './store';
import { TableTools } from './TableTools';
import { repeated, withColumns, withRows } from './table-model';
import type { ITable } from './table-model';

interface ISubmitted {
  key: string;
  name: string;
  existed: boolean;
}

export function RunDialog({ close }: { close: () => void }): JSX.Element {
  const store = useBuilder();
  const waiting = useView(state => state.waiting);
  const [asked, setAsked] = useState<IColumns | null>(null);
  const [table, setTable] = useState<ITable>(() => store.table ?? { columns: waiting?.columns ?? [], rows: waiting?.rows ?? [] });
  const [repeat, setRepeat] = useState(() => String(waiting !== null && waiting.rows === null ? waiting.repeat : 1));
  const [sample, setSample] = useState(() => (store.table === null ? (waiting?.sample ?? '') : store.sample));
  useEffect(() => {
    void store.tryAsk<IColumns>('columns').then(found => {
      if (found !== null) {
        setAsked(found);
        const names = found.columns.map(one => one.field.name);
        setTable(old => startTable(withColumns(old, withSample(names, sample))));
      }
    });
    // The columns are fetched when the dialog opens; the sample column is kept beside them.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store]);
  useEffect(() => {
    store.table = table;
    store.sample = sample;
  }, [store, table, sample]);
  const hasTable = asked !== null && (asked.columns.length > 0 || sample !== '');
  const times = /^\d+$/.test(repeat) ? Number(repeat) : 0;
  const whole = hasTable ? repeated(table, times) : null;
  const check = useTableCheck(whole, times, sample, asked !== null);
  const [state, setState] = useState<{ note: string; again: boolean }>({ note: '', again: false });
  const params: Record<string, Json> = whole === null ? { repeat: times } : { columns: whole.columns, rows: whole.rows, sample };
  const rehearsing = useRehearsal(params);
  const keep = (): void => {
    store.ask<{ name: string }>('keep_waiting', params).then(
      () => {
        store.set({ kept: true });
        close();
      },
      (error: unknown) => setState({ note: said(error), again: false })
    );
  };
  const submit = (again: boolean): void => {
    store.ask<ISubmitted>('submit', { ...params, again }).then(
      done => (done.existed ? setState({ note: `The same was submitted before, as ${done.name}. Nothing was queued.`, again: true }) : close()),
      (error: unknown) => setState({ note: said(error), again: false })
    );
  };
  const names = asked?.columns.map(one => one.field.name) ?? [];
  const changeSample = (next: string): void => {
    setSample(next);
    setTable(old => startTable(withColumns(old, withSample(names, next))));
  };
  return (
    <Dialog
      title={waiting === null ? 'Run' : `Waiting run: ${waiting.name}`}
      hint={hasTable ? rowsInWords(whole?.rows.length ?? 0) : ''}
      close={close}
      buttons={
        <>
          <span className="ivb-grow" role="status">
            {state.note ? <span className="ivo-problem">{state.note}</span> : <Verdict check={check} times={times} table={table} />}
          </span>
          {state.again && (
            <button type="button" className="ivo-button" onClick={() => submit(true)}>
              Run it again
            </button>
          )}
          <RehearseButton rehearsing={rehearsing} disabled={check === null || check.errors > 0 || times < 1} />
          <button type="button" className="ivo-button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="ivo-button ivo-primary"
            disabled={check === null || check.errors > 0 || times < 1}
            onClick={() => (waiting === null ? submit(false) : keep())}
          >
            {waiting === null ? '▶ Run' : 'Keep in the queue'}
          </button>
        </>
      }
    >
      <div className="ivb-run-options">
        <Repeat value={repeat} onValue={setRepeat} each={hasTable} />
        <SampleColumn names={names} value={sample} onValue={changeSample} />
        {hasTable && asked !== null && <TableTools table={table} setTable={setTable} frames={asked.frames} names={withSample(names, sample)} />}
      </div>
      {hasTable && asked !== null && (
        <RunTable asked={asked} sample={sample} table={table} setTable={setTable} problems={check?.cells ?? []} times={Math.max(1, times)} />
      )}
      {asked !== null && !hasTable && (
        <p className="ivo-hint ivb-teach">
          This workflow asks for nothing at run time, so it is repeated by count. Make a value “# At run” in a step, and it becomes a column here.
        </p>
      )}
      <RunProblems check={check} table={table} times={Math.max(1, times)} close={close} />
      <RehearsalResult rehearsing={rehearsing} close={close} />
    </Dialog>
  );
}

function withSample(names: readonly string[], sample: string): string[] {
  return sample === '' || names.includes(sample) ? [...names] : [sample, ...names];
}

function startTable(table: ITable): ITable {
  return table.rows.length === 0 ? withRows(table, 1) : table;
}

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function Repeat({ value, onValue, each }: { value: string; onValue: (text: string) => void; each: boolean }): JSX.Element {
  const id = useId();
  return (
    <label className="ivb-check" htmlFor={id}>
      {each ? 'Each row' : 'Repeat'}
      <input id={id} type="number" min={1} className="ivo-input ivb-tiny" value={value} onChange={event => onValue(event.target.value)} />
      {value === '1' ? 'time' : 'times'}
    </label>
  );
}

function SampleColumn({ names, value, onValue }: { names: readonly string[]; value: string; onValue: (name: string) => void }): JSX.Element {
  const id = useId();
  const own = names.includes('sample') ? [] : ['sample'];
  return (
    <label className="ivb-check" htmlFor={id}>
      Sample named by
      <select id={id} className="ivo-input ivo-short" value={value} onChange={event => onValue(event.target.value)}>
        <option value="">no column</option>
        {[...own, ...names].map(name => (
          <option key={name} value={name}>
            {own.includes(name) ? `${name} (new column)` : name}
          </option>
        ))}
      </select>
    </label>
  );
}
