/** What is wrong with the table, as the kernel says a moment after the last key? */
import { useEffect, useState } from 'react';
import type { Field } from '../panels/model/shapes';
import type { Json } from '../protocol';
import { useBuilder } from './hooks';
import type { ITable } from './table-model';
import { TYPED_AFTER_MS } from './typing';
import type { IFinding } from './wire';

/** What the table of a workflow is made of. */
export interface IColumns {
  columns: { field: Field; type: string }[];
  outputs: string[];
  frames: string[];
}

export interface ICellProblem {
  /** From 1. */
  row: number;
  column: string;
  message: string;
}

export interface ITableCheck {
  cells: ICellProblem[];
  findings: IFinding[];
  errors: number;
  estimate: string;
}

/** Ask again whenever the table changed; null while the answer is out. */
export function useTableCheck(table: ITable | null, times: number, sample: string, ready: boolean): ITableCheck | null {
  const store = useBuilder();
  const [check, setCheck] = useState<ITableCheck | null>(null);
  const text = JSON.stringify([table, times, sample]);
  useEffect(() => {
    if (!ready || times < 1) {
      return undefined;
    }
    let wanted = true;
    setCheck(null);
    const params: Record<string, Json> = table === null ? { repeat: times } : { columns: table.columns, rows: table.rows, sample };
    const timer = setTimeout(() => {
      void store.tryAsk<ITableCheck>('rows', params).then(found => wanted && setCheck(found));
    }, TYPED_AFTER_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
    // The text says all that the table is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, text, ready]);
  return check;
}
