/** The parameter table: typed columns with units and limits, cells that say what is wrong with them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { bounds } from '../panels/model/given';
import type { ICellProblem, IColumns } from './run-check';
import { blankRows, filledDown, movedRow, parsed, pastedBlock, withCell, withCopy, withoutRow, withRows } from './table-model';
import type { ITable } from './table-model';

interface IRunTable {
  asked: IColumns;
  sample: string;
  table: ITable;
  setTable: (change: (old: ITable) => ITable) => void;
  problems: readonly ICellProblem[];
  /** How often each row is run: problems are counted in the repeated table. */
  times: number;
  /** The cell that is gone to. */
  goal: ICellPlace | null;
  go: (place: ICellPlace) => void;
}

/** A cell of the table, from 0; a new one each time it is asked for. */
export interface ICellPlace {
  row: number;
  column: number;
}

const ROW_PX = 27;

export function RunTable(props: IRunTable): JSX.Element {
  const { table, setTable, problems, times, goal, go } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [named, setNamed] = useState<readonly string[]>([]);
  const wrong = useMemo(() => problemsByCell(problems, times, blankRows(table)), [problems, times, table]);
  const list = useVirtualizer({ count: table.rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12 });
  useEffect(() => {
    if (goal === null) {
      return undefined;
    }
    list.scrollToIndex(goal.row, { align: 'center' });
    return whenDrawn(() => scroller.current?.querySelector<HTMLElement>(`[data-cell="${goal.row}/${goal.column}"]`), cell => cell.focus());
    // Only a new goal moves the table.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [goal]);
  const addRow = (): void => {
    setTable(old => withRows(old, 1));
    go({ row: table.rows.length, column: 0 });
  };
  const items = list.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = list.getTotalSize() - (items[items.length - 1]?.end ?? 0);
  return (
    <>
      <div ref={scroller} className="ivb-table-scroll" tabIndex={-1}>
        <table className="ivb-table" aria-label="Parameter table" aria-rowcount={table.rows.length + 1}>
          <Head {...props} />
          <tbody>
            {before > 0 && <tr style={{ height: before }} aria-hidden />}
            {items.map(item => (
              <Line key={item.index} row={item.index} wrong={wrong} {...props} onNamed={setNamed} />
            ))}
            {after > 0 && <tr style={{ height: after }} aria-hidden />}
          </tbody>
        </table>
      </div>
      <div className="ivb-table-foot">
        <button type="button" className="ivo-quiet" onClick={addRow}>
          + row
        </button>
        <span className="ivo-hint" role="status">
          {named.length > 0
            ? `The first line that was pasted was taken as the names of the columns: ${named.join(', ')}.`
            : 'Paste cells from a spreadsheet into any cell. Ctrl+D fills down, Enter goes to the next row.'}
        </span>
      </div>
    </>
  );
}

/** A row that was out of sight is drawn a few frames after it was scrolled to. */
function whenDrawn(find: () => HTMLElement | null | undefined, then: (found: HTMLElement) => void): () => void {
  let left = 30;
  let frame = 0;
  const look = (): void => {
    const found = find();
    if (found) {
      then(found);
    } else if (left-- > 0) {
      frame = requestAnimationFrame(look);
    }
  };
  look();
  return () => cancelAnimationFrame(frame);
}

/** A row that nobody has filled in yet is marked nowhere. */
function problemsByCell(problems: readonly ICellProblem[], times: number, blank: ReadonlySet<number>): Map<string, string> {
  const rows = problems.map(one => ({ ...one, at: Math.ceil(one.row / times) - 1 })).filter(one => !blank.has(one.at));
  return new Map(rows.map(one => [`${one.at}/${one.column}`, one.message]));
}

function Head({ table, asked, sample }: IRunTable): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">row</th>
        {table.columns.map(name => {
          const column = asked.columns.find(one => one.field.name === name);
          const field = column?.field;
          const limits = field === undefined ? '' : [field.unit, bounds(field)].filter(Boolean).join(' · ');
          return (
            <th key={name} scope="col" title={column?.type}>
              {name}
              <span className="ivo-hint">{limits || (name === sample ? 'sample id' : column?.type ?? '')}</span>
            </th>
          );
        })}
        <td />
      </tr>
    </thead>
  );
}

interface ILine extends IRunTable {
  row: number;
  wrong: Map<string, string>;
  /** A block was pasted whose first line were these names of columns; none when it had no such line. */
  onNamed: (names: readonly string[]) => void;
}

function Line({ row, wrong, table, setTable, asked, onNamed }: ILine): JSX.Element {
  const cells = table.rows[row] ?? [];
  return (
    <tr aria-rowindex={row + 2} className={wrong.has(`${row}/`) ? 'ivb-bad-row' : ''} title={wrong.get(`${row}/`)}>
      <th scope="row">{row + 1}</th>
      {table.columns.map((name, column) => (
        <td key={name}>
          <input
            className="ivb-cell"
            data-cell={`${row}/${column}`}
            value={cells[column] ?? ''}
            aria-label={`${name}, row ${row + 1}`}
            aria-invalid={wrong.has(`${row}/${name}`)}
            title={wrong.get(`${row}/${name}`)}
            placeholder={asked.columns.find(one => one.field.name === name)?.field.required === false ? 'None' : ''}
            spellCheck={false}
            autoComplete="off"
            onChange={event => setTable(old => withCell(old, row, column, event.target.value))}
            onPaste={event => {
              const cells = block(event);
              if (cells !== null) {
                event.preventDefault();
                const next = pastedBlock(table, row, column, cells);
                setTable(() => next.table);
                onNamed(next.named);
              }
            }}
            onKeyDown={event => cellKey(event, row, column, setTable)}
          />
        </td>
      ))}
      <td className="ivb-row-actions">
        <RowButton label={`Move row ${row + 1} up`} text="↑" onClick={() => setTable(old => movedRow(old, row, -1))} />
        <RowButton label={`Move row ${row + 1} down`} text="↓" onClick={() => setTable(old => movedRow(old, row, 1))} />
        <RowButton label={`Copy row ${row + 1}`} text="copy" onClick={() => setTable(old => withCopy(old, row))} />
        <RowButton label={`Remove row ${row + 1}`} text="×" onClick={() => setTable(old => withoutRow(old, row))} />
      </td>
    </tr>
  );
}

function RowButton({ label, text, onClick }: { label: string; text: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" className="ivo-quiet" tabIndex={-1} aria-label={label} title={label} onClick={onClick}>
      {text}
    </button>
  );
}

/** What is pasted, where it is more than the text of one cell. */
function block(event: ClipboardEvent): string[][] | null {
  const text = event.clipboardData.getData('text/plain');
  const cells = parsed(text, text.includes('\t') ? '\t' : undefined);
  return cells.length > 1 || (cells[0]?.length ?? 0) > 1 ? cells : null;
}

function cellKey(event: KeyboardEvent<HTMLInputElement>, row: number, column: number, setTable: IRunTable['setTable']): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') {
    event.preventDefault();
    setTable(old => filledDown(old, row, column));
    return;
  }
  const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : 0;
  if (by !== 0) {
    event.preventDefault();
    if (event.key === 'Enter') {
      setTable(old => (row + 1 === old.rows.length ? withRows(old, 1) : old));
    }
    const table = event.currentTarget.closest('table');
    requestAnimationFrame(() => table?.querySelector<HTMLElement>(`[data-cell="${row + by}/${column}"]`)?.focus());
  }
}
