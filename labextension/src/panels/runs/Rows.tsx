/** The rows of a run: state, values, outputs, how long each took. Rows keep their height while they run. */

import { memo } from 'react';
import { span } from '../model/clock';
import { useNow } from '../model/hooks';
import type { Column, Row, Table } from './shapes';

const MARKS: { [state in Row['state']]: string } = {
  done: '✓',
  failed: '✕',
  stopped: '■',
  running: '◌',
  'in doubt': '⚠',
  unknown: '–',
  waiting: ''
};

export function Rows({ table, onLoad }: { table: Table; onLoad: (start: number) => void }): JSX.Element {
  const last = table.first + table.rows.length;
  return (
    <div className="ivo-rows">
      {table.first > 0 && (
        <button type="button" className="ivo-quiet" onClick={() => onLoad(Math.max(0, table.first - table.rows.length))}>
          rows before {table.first + 1}
        </button>
      )}
      <div className="ivo-scroll" tabIndex={0} role="region" aria-label="Rows of the run">
        <table className="ivo-table ivo-full">
          <thead>
            <tr>
              <th scope="col" className="ivo-left">
                row
              </th>
              {table.inputs.map(one => (
                <Heading key={`i${one.name}`} column={one} />
              ))}
              {table.outputs.map(one => (
                <Heading key={`o${one.name}`} column={one} output />
              ))}
              <th scope="col">took</th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map(row => (
              <RowLine key={row.at} row={row} inputs={table.inputs} outputs={table.outputs} />
            ))}
          </tbody>
        </table>
      </div>
      {last < table.total && (
        <button type="button" className="ivo-quiet" onClick={() => onLoad(last)}>
          rows after {last} of {table.total}
        </button>
      )}
    </div>
  );
}

function Heading({ column, output = false }: { column: Column; output?: boolean }): JSX.Element {
  return (
    <th scope="col">
      {output && <span className="ivo-good">→ </span>}
      {column.name}
      {column.unit && <span className="ivo-unit"> {column.unit}</span>}
    </th>
  );
}

const RowLine = memo(function RowLine({ row, inputs, outputs }: { row: Row; inputs: Column[]; outputs: Column[] }): JSX.Element {
  return (
    <tr className={`ivo-row-${row.state.replace(' ', '-')}`} data-row={row.at + 1}>
      <td className="ivo-left">
        <span role="img" aria-label={row.state}>{MARKS[row.state]}</span> {row.at + 1}
        {row.skipped > 0 && <span className="ivo-hint"> · {row.skipped} skipped</span>}
      </td>
      {inputs.map(one => (
        <td key={`i${one.name}`}>{row.inputs[one.name]}</td>
      ))}
      {outputs.map(one => (
        <td key={`o${one.name}`}>{row.outputs[one.name] ?? (row.state === 'running' ? '…' : '')}</td>
      ))}
      <td>
        <Took row={row} />
      </td>
    </tr>
  );
});

function Took({ row }: { row: Row }): JSX.Element {
  const now = useNow(row.state === 'running', 250);
  const until = row.ended_ms ?? (row.state === 'running' ? now : null);
  return <>{row.started_ms !== null && until !== null && span(until - row.started_ms)}</>;
}
