/** What is wrong with the table, as the kernel says a moment after the last key? */
import { useEffect, useMemo, useState } from 'react';
import type { Field } from '../panels/model/shapes';
import type { Json } from '../protocol';
import { withTyped } from './findings';
import type { Refusals } from './findings';
import { useBuilder, useView } from './hooks';
import { said } from './store';
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

/** What keeps it from running when the kernel could not even check it. */
function refused(message: string): ITableCheck {
  return { cells: [], findings: [{ step: null, severity: 'error', code: 'refused', message, field: '', repair: null }], errors: 1, estimate: '' };
}

/** What was typed into a form and not taken keeps it from running, too: it is not what would be run. */
export function withRefusals(check: ITableCheck, refusals: Refusals): ITableCheck {
  const findings = withTyped(check.findings, refusals);
  return { ...check, findings, errors: check.errors + errorsIn(findings) - errorsIn(check.findings) };
}

function errorsIn(findings: readonly IFinding[]): number {
  return findings.filter(one => one.severity === 'error').length;
}

/** Ask again whenever the table changed; null while the answer is out. */
export function useTableCheck(params: Record<string, Json>, ready: boolean): ITableCheck | null {
  const store = useBuilder();
  const refusals = useView(state => state.refusals);
  const [check, setCheck] = useState<ITableCheck | null>(null);
  const text = JSON.stringify(params);
  useEffect(() => {
    if (!ready) {
      return undefined;
    }
    let wanted = true;
    setCheck(null);
    const timer = setTimeout(() => {
      store.askSettled<ITableCheck>('rows', params).then(
        found => wanted && setCheck(found),
        (error: unknown) => wanted && setCheck(refused(said(error)))
      );
    }, TYPED_AFTER_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
    // The text says all that is asked.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, text, ready]);
  return useMemo(() => check && withRefusals(check, refusals), [check, refusals]);
}
