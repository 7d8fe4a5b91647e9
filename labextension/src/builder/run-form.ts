/** What has been put into the run dialog: how often, over which table, by which samples; and what the kernel says of it. */
import { useEffect, useMemo, useState } from 'react';
import type { Dispatch, SetStateAction } from 'react';
import type { Json } from '../protocol';
import { useBuilder, useView } from './hooks';
import { useTableCheck } from './run-check';
import type { IColumns, ITableCheck } from './run-check';
import { repeated, withColumn, withColumns, withRows } from './table-model';
import type { ITable } from './table-model';
import type { IWaiting } from './wire';

/** A whole number as it is typed. */
export interface ICount {
  text: string;
  /** 0 while it is none. */
  number: number;
  set: (text: string) => void;
}

export interface IRunForm {
  /** The waiting run that is edited; null for a new one. */
  waiting: IWaiting | null;
  asked: IColumns | null;
  table: ITable;
  setTable: Dispatch<SetStateAction<ITable>>;
  /** Take over a table from elsewhere; columns that are not asked for can still name the samples. */
  load: (found: ITable) => void;
  /** Columns that can name the sample, besides the one that does. */
  offered: readonly string[];
  /** Columns of the table, the one that names the sample among them. */
  names: readonly string[];
  sample: string;
  setSample: (name: string) => void;
  repeat: ICount;
  batch: ICount;
  hasTable: boolean;
  /** Rows that would run; 0 for a run by count. */
  rows: number;
  check: ITableCheck | null;
  /** Whether it can be queued and rehearsed as it is. */
  ready: boolean;
  params: Record<string, Json>;
}

export function useRunForm(): IRunForm {
  const store = useBuilder();
  const waiting = useView(state => state.waiting);
  const kept = store.table === null ? waiting : null;
  const [asked, setAsked] = useState<IColumns | null>(null);
  const [table, setTable] = useState<ITable>(() => store.table ?? { columns: waiting?.columns ?? [], rows: waiting?.rows ?? [] });
  const [loaded, setLoaded] = useState<ITable | null>(null);
  const [sample, setName] = useState(() => (kept === null ? store.sample : kept.sample));
  const repeat = useCount(store.repeat, waiting !== null && waiting.rows === null ? waiting.repeat : 1);
  const batch = useCount(store.batch, waiting?.batch_size ?? 1);
  useEffect(() => {
    void store.settled().then(() => store.tryAsk<IColumns>('columns')).then(found => {
      if (found !== null) {
        setAsked(found);
        setTable(old => started(withColumns(old, withSample(namesOf(found), sample))));
      }
    });
    // The columns are fetched when the dialog opens; the sample column is kept beside them.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store]);
  useEffect(() => {
    store.table = table;
    store.sample = sample;
    store.repeat = repeat.text;
    store.batch = batch.text;
  }, [store, table, sample, repeat.text, batch.text]);
  const inputs = useMemo(() => (asked === null ? [] : namesOf(asked)), [asked]);
  const hasTable = asked !== null && (inputs.length > 0 || sample !== '');
  const whole = useMemo(() => (hasTable ? repeated(table, repeat.number) : null), [hasTable, table, repeat.number]);
  const params = asParams(whole, repeat.number, batch.number, sample);
  const check = useTableCheck(params, asked !== null && repeat.number > 0 && batch.number > 0);
  const setSample = (next: string): void => {
    setName(next);
    setTable(old => started(withColumn(withColumns(old, withSample(inputs, next)), next, loaded)));
  };
  const load = (found: ITable): void => {
    setLoaded(found);
    setTable(withColumns(found, withSample(inputs, sample)));
  };
  const ready = check !== null && check.errors === 0 && repeat.number > 0 && batch.number > 0;
  const offered = [...new Set([...inputs, ...(loaded?.columns ?? []), 'sample'])];
  const rows = whole?.rows.length ?? 0;
  const names = withSample(inputs, sample);
  return { waiting, asked, table, setTable, load, offered, names, sample, setSample, repeat, batch, hasTable, rows, check, ready, params };
}

function useCount(kept: string, first: number): ICount {
  const [text, set] = useState(() => kept || String(first));
  return { text, number: /^\d+$/.test(text) ? Number(text) : 0, set };
}

function asParams(whole: ITable | null, repeat: number, batch: number, sample: string): Record<string, Json> {
  return whole === null ? { repeat, batch_size: batch } : { columns: whole.columns, rows: whole.rows, sample, batch_size: batch };
}

function namesOf(asked: IColumns): string[] {
  return asked.columns.map(one => one.field.name);
}

function withSample(names: readonly string[], sample: string): string[] {
  return sample === '' || names.includes(sample) ? [...names] : [sample, ...names];
}

/** A table to type into has a row. */
function started(table: ITable): ITable {
  return table.rows.length === 0 ? withRows(table, 1) : table;
}
