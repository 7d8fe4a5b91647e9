/** What keeps a run from being queued: all of it, each with the way to its place. A row that nobody has filled in yet is no mistake. */
import { useBuilder } from './hooks';
import type { ICellProblem, ITableCheck } from './run-check';
import { spoken } from './sentence';
import type { IRehearsal } from './rehearsal';
import type { IRunForm } from './run-form';
import type { ICellPlace } from './RunTable';
import { blankRows } from './table-model';
import type { ITable } from './table-model';

/** How many cells are listed; the others are counted. */
const MOST = 200;

interface IVerdict {
  form: IRunForm;
  rehearsed: IRehearsal | null;
}

export function Verdict({ form, rehearsed }: IVerdict): JSX.Element {
  const { check, table } = form;
  const times = form.repeat.number;
  if (times < 1 || form.batch.number < 1) {
    return <span className="ivo-problem">Give a whole number of 1 or more.</span>;
  }
  if (check === null) {
    return <span className="ivo-hint">checking…</span>;
  }
  const { wrong, blank } = sorted(check.cells, table, times);
  const count = wrong.length + check.findings.filter(one => one.severity === 'error').length;
  if (count > 0) {
    return <span className="ivo-problem">{count === 1 ? '1 problem keeps it from running' : `${count} problems keep it from running`}</span>;
  }
  if (blank.length > 0) {
    return <span className="ivo-hint">Fill in the table, then it can run.</span>;
  }
  if (rehearsed?.standing === 'bad') {
    return <span className="ivo-hint">It can run, but the rehearsal found what may go wrong.</span>;
  }
  return (
    <span className="ivo-hint">
      {rehearsed?.standing === 'assumed' ? 'nothing wrong in the check' : <span className="ivo-good">✓ nothing wrong</span>} · {check.estimate === '' ? 'no history yet to tell how long it takes' : check.estimate}
    </span>
  );
}

/** Problems of cells with their row in the table as it is shown, and the rows that are still blank; each problem once. */
export function sorted(cells: readonly ICellProblem[], table: ITable, times: number): { wrong: ICellProblem[]; blank: number[] } {
  const empty = blankRows(table);
  const found = new Map<string, ICellProblem>();
  const blank = new Set<number>();
  for (const one of cells) {
    const row = Math.ceil(one.row / times);
    if (empty.has(row - 1)) {
      blank.add(row);
    } else {
      found.set(`${row}/${one.column}/${one.message}`, { ...one, row });
    }
  }
  return { wrong: [...found.values()], blank: [...blank] };
}

interface IRunProblems {
  check: ITableCheck | null;
  table: ITable;
  times: number;
  toCell: (place: ICellPlace) => void;
  close: () => void;
}

export function RunProblems({ check, table, times, toCell, close }: IRunProblems): JSX.Element {
  const { wrong, blank } = sorted(check?.cells ?? [], table, times);
  const place = (one: ICellProblem): ICellPlace => ({ row: one.row - 1, column: Math.max(0, table.columns.indexOf(one.column)) });
  return (
    <ul className="ivb-run-problems ivb-run-list" aria-label="What keeps it from running">
      {wrong.slice(0, MOST).map(one => (
        <li key={`${one.row}/${one.column}/${one.message}`} className="ivo-problem">
          <button type="button" className="ivb-repair" onClick={() => toCell(place(one))}>
            row {one.row}
            {one.column && `, ${one.column}`}
          </button>
          : {one.message}
        </li>
      ))}
      {wrong.length > MOST && <li className="ivo-problem">and {wrong.length - MOST} more in the table</li>}
      {blank.length > 0 && table.rows.length > 1 && (
        <li className="ivo-hint">{blank.length === 1 ? `Row ${blank[0]} is empty: fill it in, or remove it.` : `${blank.length} rows are empty: fill them in, or remove them.`}</li>
      )}
      <OtherFindings check={check} close={close} />
    </ul>
  );
}

/** What is wrong with the workflow itself; a click goes to the step. */
function OtherFindings({ check, close }: { check: ITableCheck | null; close: () => void }): JSX.Element {
  const store = useBuilder();
  const { document, palette } = store.snapshot();
  const go = (id: string): void => {
    store.set({ selected: [id], cursor: id });
    close();
  };
  return (
    <>
      {(check?.findings ?? []).map((one, at) => {
        const step = one.step === null ? undefined : document?.steps[one.step];
        return (
          <li key={at} className={one.severity === 'error' ? 'ivo-problem' : 'ivb-warn'}>
            {step !== undefined && (
              <button type="button" className="ivb-repair" onClick={() => go(step.id)}>
                {spoken(step, palette)}
              </button>
            )}
            {step !== undefined && ': '}
            {one.message}
          </li>
        );
      })}
    </>
  );
}
